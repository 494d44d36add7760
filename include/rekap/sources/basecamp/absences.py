"""What the source shows no more: purged, moved out of sight, or access was lost; a 404 does not say which.

A record that a walk from end to end did not meet is asked for by itself. What answers has moved, and is kept as it is
now; what answers 404 is missing: it keeps its last state and no longer counts. It becomes `gone` only when the weekly
sweep of everything did not meet it either and it answers 404 once more on a later night.
"""

import logging
from collections.abc import Iterable
from datetime import timedelta

from rekap import warehouse
from rekap.sources.basecamp.reading import SOURCE, Reading
from rekap.sources.basecamp.walks import Scope, end_sweep
from rekap.sources.basecamp.walks import sweep as walk_whole

MOST_ASKED = 1000  # records asked for one by one in one run; the rest waits for the next
ASKED_AT_ONCE = 50  # records between two commits
CONFIRMED_AFTER = timedelta(hours=12)  # between the weekly sweep and the last question
log = logging.getLogger(__name__)


def sweep(reading: Reading, scope: Scope, *, weekly: bool = False) -> None:
    """Read a scope from end to end and settle what stands in the warehouse and was not met."""
    name, until = walk_whole(reading, scope)
    with reading.connection.transaction():
        unmet = warehouse.execute(
            reading.connection, "10_raw/basecamp_unmet",
            {
                "sweep": name, "kind": scope.kind, "status": scope.status, "project": scope.project,
                "until": until, "weekly": weekly,
            },
        )  # fmt: skip
    settle(reading, scope.kind, [row["id"] for row in unmet], weekly=weekly)
    end_sweep(reading, name)


def settle(reading: Reading, kind: str, numbers: list[int], *, weekly: bool) -> None:
    """Ask for each record by itself: keep what answers, note what is missing."""
    if len(numbers) > MOST_ASKED:
        log.info("%d %ss were not met; %d of them are asked for in this run.", len(numbers), kind, MOST_ASKED)
    for part in _parts(numbers[:MOST_ASKED]):
        answers = {number: reading.ask(kind, number) for number in part}
        entry = warehouse.Entry(f"settle {kind} {part[0]}", SOURCE, "raw.basecamp_items")
        missing = [number for number, answer in answers.items() if answer is None]
        with reading.connection.transaction():
            reading.keep(kind, [answer for answer in answers.values() if answer is not None], entry)
            warehouse.execute(
                reading.connection, "10_raw/basecamp_missing",
                {"kind": kind, "ids": missing, "now": reading.run.now, "weekly": weekly},
            )  # fmt: skip
            warehouse.record(reading.connection, reading.run, entry)
        if missing:
            log.warning("%s %s: Basecamp answers 404 where it stood before.", kind, ", ".join(map(str, missing)))


def confirm(reading: Reading) -> int:
    """Ask once more for what the weekly sweep did not meet; what answers 404 again is gone from now on. Returns how
    many records became gone."""
    with reading.connection.transaction():
        rows = warehouse.execute(
            reading.connection, "10_raw/basecamp_confirmable", {"before": reading.run.now - CONFIRMED_AFTER}
        )
    gone = 0
    for row in rows[:MOST_ASKED]:
        kind, number = row["kind"], row["id"]
        answer = reading.ask(kind, number)
        entry = warehouse.Entry(f"confirm {kind} {number}", SOURCE, "raw.basecamp_items")
        with reading.connection.transaction():
            reading.keep(kind, [answer or {**row["payload"], "status": "gone"}], entry)
            if answer is None:
                warehouse.execute(reading.connection, "10_raw/basecamp_gone", {"kind": kind, "ids": [number]})
                gone += 1
            warehouse.record(reading.connection, reading.run, entry)
        log.info("%s %s: %s.", kind, number, "is gone" if answer is None else "is there again")
    return gone


def _parts(numbers: list[int]) -> Iterable[list[int]]:
    return (numbers[at : at + ASKED_AT_ONCE] for at in range(0, len(numbers), ASKED_AT_ONCE))
