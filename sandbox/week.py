"""Some days in the company, drawn from a seed and carried out step by step, so that a run fits between any two steps.

Everything goes through ``happen``, so the log can be carried out again and the truth follows each step.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from sandbox.week_choices import CHOICES, View
from sandbox.world.model import WIB

if TYPE_CHECKING:
    from sandbox.server import Twin

#: how often each happens on a day of a company of the sandbox's normal size; a week has each at least once
PER_DAY = {
    "enter": 8.0,
    "assign": 8.0,
    "unassign": 1.0,
    "complete": 10.0,
    "uncomplete": 0.6,
    "reschedule": 2.0,
    "comment": 8.0,
    "trash": 1.2,
    "restore": 0.5,
    "purge": 0.4,
    "archive": 0.4,
    "move": 1.5,
    "archive_list": 0.2,
    "restore_list": 0.2,
    "archive_project": 0.15,
    "restore_project": 0.15,
    "type_row": 8.0,
    "row_status": 10.0,
    "row_date": 1.5,
    "row_technicians": 1.5,
    "insert_row": 0.6,
    "delete_row": 0.8,
    "copy_row": 0.5,
    "sort_tab": 0.8,
    "rename_tab": 0.4,
    "add_month": 0.3,
}
OPENS, CLOSES = time(8), time(17, 30)


def steps(
    twin: Twin, seed: int = 1, days: int = 7, a_day: int = 6, busy: float = 1.0
) -> Iterator[list[dict[str, Any]]]:
    """Carry out the next step with every ``next`` and tell what happened in it, in order.

    The days begin with what is left of the twin's today; ``busy`` multiplies how much happens. An entry of a step is
    what ``happen`` was told, with its result under ``made``. What nobody can do when its turn comes, such as bringing
    back a list before one was archived, waits for the next step.
    Raises ValueError for fewer than one day or one step a day.
    """
    if days < 1 or a_day < 1:
        raise ValueError(f"{days} days with {a_day} steps a day hold no step")
    return _steps(twin, Random(f"{twin.world.seed}/week/{seed}"), days, a_day, busy)


def _steps(twin: Twin, rng: Random, days: int, a_day: int, busy: float) -> Iterator[list[dict[str, Any]]]:
    moments = _moments(twin.clock.now().astimezone(WIB), days, a_day)
    deck = [what for what, often in PER_DAY.items() for _ in range(math.ceil(often * days * busy))]
    rng.shuffle(deck)
    waiting: list[str] = []
    for number, moment in enumerate(moments):
        share = deck[number * len(deck) // len(moments) : (number + 1) * len(deck) // len(moments)]
        with twin.lock:
            log = [_do(twin, "set_now", {"now": max(moment, twin.clock.now()).isoformat()})]
            waiting = _carry_out(twin, rng, waiting + share, log)
            while number == len(moments) - 1 and waiting:
                left = _carry_out(twin, rng, waiting, log)
                if len(left) == len(waiting):
                    break
                waiting = left
        yield log


def _moments(now: datetime, days: int, a_day: int) -> list[datetime]:
    """The moments of the steps: evenly over the working day, those of today that lie ahead; at least one."""
    found = []
    length = datetime.combine(date.min, CLOSES) - datetime.combine(date.min, OPENS)
    for day in range(days):
        opens = datetime.combine(now.date() + timedelta(days=day), OPENS, WIB)
        found += [opens + length * step / max(1, a_day - 1) for step in range(a_day)]
    return [moment for moment in found if moment > now] or [now + timedelta(minutes=1)]


def _carry_out(twin: Twin, rng: Random, wanted: list[str], log: list[dict[str, Any]]) -> list[str]:
    """What could not be done."""
    left = []
    for what in wanted:
        told = CHOICES[what](View(twin), rng)
        if told is None:
            left.append(what)
        else:
            log.append(_do(twin, told.pop("op", what), told))
    return left


def _do(twin: Twin, op: str, told: dict[str, Any]) -> dict[str, Any]:
    from sandbox.happenings import happen

    return {"op": op, **told, "made": happen(twin, op, **told)}
