"""What only the night has time for: projects counted one by one, the weekly sweep, the last word on what is missing."""

from datetime import date
from typing import TYPE_CHECKING

from rekap import warehouse
from rekap.run import Run
from rekap.sources.basecamp import absences, projects, totals
from rekap.sources.basecamp.reading import SOURCE, Reading, alone, told
from rekap.sources.basecamp.totals import DAILY, TICK, Proof
from rekap.sources.basecamp.walks import walk

if TYPE_CHECKING:
    from rekap.services.basecamp import Basecamp

SWEPT = "swept"
SUNDAY = 6


def count_projects(connection: warehouse.Connection, basecamp: "Basecamp", run: Run) -> dict[str, int]:
    """Every night: count each active project for itself, and ask once more for what the last weekly sweep did not
    meet. Keys: projects, incomplete, gone, requests."""
    reading = Reading(connection, basecamp, run)
    before = basecamp.requests.total()
    proof = Proof()
    with alone(connection), told(reading):
        projects.read_active(reading, whole=True)
        for scope in TICK:
            totals.compare(reading, scope, walk(reading, scope), proof)
        totals.count_projects(reading, totals.active_projects(reading), TICK + DAILY, proof)
        gone = absences.confirm(reading)
        projects.look_at_register(reading, proof, daily=True)
        totals.write(reading, proof)
    asked = basecamp.requests.total() - before
    return {"projects": len(proof.counted), "incomplete": len(proof.projects), "gone": gone, "requests": asked}


def sweep(connection: warehouse.Connection, basecamp: "Basecamp", run: Run) -> dict[str, int]:
    """On Sundays, or when `reading.sweep_days` have passed: read everything from end to end, whatever its updated_at,
    and settle what was not met. One that was killed goes on where it stopped. Keys: swept (0 or 1), read, loaded,
    requests."""
    reading = Reading(connection, basecamp, run)
    before = basecamp.requests.total()
    if not _is_due(reading):
        return {**reading.counts, "swept": 0, "requests": 0}
    with alone(connection), told(reading):
        projects.read_active(reading, whole=True, weekly=True)
        for scope in TICK + DAILY:
            absences.sweep(reading, scope, weekly=True)
        with connection.transaction():
            warehouse.move_watermark(connection, run, SOURCE, SWEPT, run.today.isoformat())
    return {**reading.counts, "swept": 1, "requests": basecamp.requests.total() - before}


def _is_due(reading: Reading) -> bool:
    today = reading.run.today
    with reading.connection.transaction():
        last = warehouse.watermark(reading.connection, SOURCE, SWEPT)
    if last is None:
        return today.weekday() == SUNDAY
    passed = (today - date.fromisoformat(last)).days
    return passed >= reading.run.config.settings.reading.sweep_days or (today.weekday() == SUNDAY and passed > 0)
