"""Basecamp → raw.basecamp_items, every quarter of an hour.

A quiet tick asks for six pages: to-dos in three states, comments in two, projects. People, closed projects and comments
in the third state are asked for once a day.
"""

from typing import TYPE_CHECKING

from rekap import warehouse
from rekap.errors import PermanentError
from rekap.run import Run
from rekap.sources.basecamp import projects, totals
from rekap.sources.basecamp.reader import Reader
from rekap.sources.basecamp.reading import SOURCE, Reading, alone, told
from rekap.sources.basecamp.totals import DAILY, TICK, Proof
from rekap.sources.basecamp.walks import walk

if TYPE_CHECKING:
    from rekap.services.basecamp import Basecamp

MOST_LISTS = 500  # lists and groups asked for one by one in one run


def fetch(connection: warehouse.Connection, basecamp: "Basecamp", run: Run) -> dict[str, int]:
    """Read what is new since the last run, and prove by the source's counts that nothing is missing. Commits as it
    goes; a failure leaves what was read, marks the account incomplete with the reason and is raised.
    Keys: read, loaded, requests, total (to-dos at the source)."""
    reading = Reading(connection, basecamp, run)
    before = basecamp.requests.total()
    proof = Proof()
    with alone(connection), told(reading):
        daily = _is_due(reading)
        if daily:
            _check_robot(reading)
        projects.read_active(reading)
        if daily:
            projects.read_closed(reading)
            projects.read_list(reading, "person", "/people.json")
        for scope in TICK + (DAILY if daily else ()):
            totals.compare(reading, scope, walk(reading, scope), proof)
        again = set(totals.incomplete_projects(reading)) & set(totals.active_projects(reading))
        totals.count_projects(reading, sorted(again - proof.projects.keys()), TICK, proof)
        projects.look_at_register(reading, proof, daily=daily)
        _read_lists(reading)
        totals.write(reading, proof)
        if daily:
            with connection.transaction():
                warehouse.move_watermark(connection, run, SOURCE, "daily", run.today.isoformat())
    return {**reading.counts, "total": proof.orders, "requests": basecamp.requests.total() - before}


def _is_due(reading: Reading) -> bool:
    with reading.connection.transaction():
        return warehouse.watermark(reading.connection, SOURCE, "daily") != reading.run.today.isoformat()


def _check_robot(reading: Reading) -> None:
    """Whose comments are Rekap's own is known by the robot's id: a wrong one would make Rekap answer itself."""
    profile = reading.basecamp.get("/my/profile.json")
    robots = {person.basecamp_id for person in reading.run.config.register.with_role("robot")}
    if profile.get("id") not in robots:
        raise PermanentError(
            f"the connection 'basecamp_default' signs in as {profile.get('name')} ({profile.get('id')}), who is not the"
            " person with the role robot in clients.yaml: correct basecamp_id there, or let the right user consent with"
            " `make connect-basecamp`."
        )


def _read_lists(reading: Reading) -> None:
    """Groups do not say in the to-do to which list they belong: each is asked for once, where lists decide."""
    deciding = Reader(reading.run.config.register).list_projects
    if not deciding:
        return
    with reading.connection.transaction():
        unknown = warehouse.execute(reading.connection, "10_raw/basecamp_lists_unknown", {"projects": deciding})
    found = [reading.basecamp.get(f"/todolists/{row['id']}.json") for row in unknown[:MOST_LISTS]]
    entry = warehouse.Entry("fetch todolist", SOURCE, "raw.basecamp_items")
    with reading.connection.transaction():
        reading.keep("todolist", found, entry)
        warehouse.record(reading.connection, reading.run, entry)
