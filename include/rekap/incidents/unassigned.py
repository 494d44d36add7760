"""Orders without technician: findings and the clock → incidents, step by step, and whom each step tells."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from psycopg.types.json import Jsonb

from rekap import warehouse
from rekap.channels import hours
from rekap.incidents import case, ladder
from rekap.incidents.case import Case
from rekap.run import Run
from rekap.settings import Person

KIND = "unassigned"
LAST_CALL = "3.last_call"


@dataclass(frozen=True)
class Telling:
    """One thing that one person is to be told, once: a step of an incident. `person` gets it (the deputy on a day off).
    `summary`: gathered with everything else that is old."""

    case: Case
    step: str
    person: Person
    at: datetime
    summary: bool


def tick(
    conn: warehouse.Connection, run: Run, away_since: datetime | None
) -> tuple[list[Case], list[Telling], Counter[str]]:
    """Bring every incident to where facts and clock put it, in the caller's transaction. `away_since`: the last tick
    before an outage of more than a day. Returns the cases whose incident is open now, what people are to be told, and
    counts (opened, stepped, lowered, resolved, reopened)."""
    cases, items, counts = case.read(conn, run), [], Counter[str]()
    for one in cases:
        items += _advance(conn, run, one, away_since, counts)
    standing = [one for one in cases if one.state in {"open", "acknowledged"}]
    return standing, items, counts


def _advance(
    conn: warehouse.Connection, run: Run, one: Case, away_since: datetime | None, counts: Counter[str]
) -> list[Telling]:
    if not one.is_found:
        if one.is_complete and (resolution := _resolution(run, one)):
            _change(conn, run, one, "resolved", one.step, resolution)
            counts["resolved"] += 1
            return []
        if one.is_complete:
            # The day has passed and nobody was assigned: it stays open and silent until *missed* takes over.
            return _climb(conn, run, one, away_since, counts) if one.step < ladder.SILENT else []
    if one.is_held:
        return []
    if one.state == "dismissed":
        if one.details.get("value") == one.value:
            return []
        one.told_at = None
        one.details = one.details | {"reopened": one.details.get("reopened", 0) + 1}
        _change(conn, run, one, "open", 0, None)
        _event(conn, run, one, "reopened", {"value": one.value})
        counts["reopened"] += 1
    return _climb(conn, run, one, away_since, counts)


def _resolution(run: Run, one: Case) -> str | None:
    """What ended it: a code, and for an assignment to whom. None when only the day has passed."""
    if one.life_cycle in {"trashed", "gone"}:
        return one.life_cycle
    if one.completed:
        return "completed"
    if one.assigned:
        return f"assigned: {', '.join(one.technicians)}" if one.technicians else "assigned"
    if one.life_cycle == "archived":
        return "archived"
    return None if one.service_date and one.service_date < run.today else "on_hold"


def _climb(
    conn: warehouse.Connection, run: Run, one: Case, away_since: datetime | None, counts: Counter[str]
) -> list[Telling]:
    settings = run.config.settings
    pic = hours.present(run, _person(run, one.pic), run.today)
    order = one.order(run.now, hours.calendar(run, pic))
    seen_at = order.date_seen_at
    moved = ladder.move(run.now, order, one.step, one.told_at, settings.ladder)
    items: list[Telling] = []
    before = one.step
    if moved and moved.step > before:
        summary = _is_old(run, one, moved.due_at, away_since)
        step = str(moved.step)
        items = [
            _telling(run, one, step, code, summary) for code in _told(run, one, moved.step) if one.delivery != "off"
        ]
        one.told_at = hours.leaves(run, _person(run, one.pic), run.now, at_once=one.is_near(run.today))[1]
    opening = one.incident_id is None
    if opening and moved is None:
        return []
    state = one.state or "open"
    if state == "snoozed" and ((moved and moved.step > before) or (one.snoozed_until or run.now) <= run.now):
        state = "open"
    changed = moved is not None or state != one.state or one.told_date != one.service_date
    one.details = one.details | {"value": one.value, "date_seen_at": seen_at.isoformat()}
    if opening:
        assert moved is not None
        _open(conn, run, one, moved)
        counts["opened"] += 1
    elif changed:
        _change(conn, run, one, state, moved.step if moved else one.step, None)
    if moved and not opening:
        rose = moved.step > before
        _event(conn, run, one, "step" if rose else "lowered", {"due_at": moved.due_at.isoformat()})
        counts["stepped" if rose else "lowered"] += 1
    if one.state == "snoozed":
        return []
    return items + _last_call(run, one, order)


def _last_call(run: Run, one: Case, order: ladder.Order) -> list[Telling]:
    """The head's list of 16:30: what is still on step 3 for tomorrow. Planned when it is time, not before."""
    call = ladder.last_call(order, run.config.settings.ladder)
    if one.delivery == "off" or one.step != 3 or call is None or call.date() != run.today or run.now < call:
        return []
    return [
        _telling(run, one, LAST_CALL, head.code, False) for head in run.config.register.with_role("head_of_operations")
    ]


def _told(run: Run, one: Case, step: int) -> list[str]:
    """Whom a step tells, the PIC first."""
    heads = [head.code for head in run.config.register.with_role("head_of_operations")]
    told = {1: [one.pic], 2: [one.pic, one.am], 3: [one.pic, one.am], 4: [one.pic, one.am, *heads]}
    return list(dict.fromkeys(told.get(step, [])))


def _telling(run: Run, one: Case, step: str, target: str, summary: bool) -> Telling:
    person, at = hours.leaves(run, _person(run, target), run.now, at_once=one.is_near(run.today))
    again = one.details.get("reopened", 0)
    return Telling(one, f"{step}.again{again}" if again else step, person, at, summary)


def _is_old(run: Run, one: Case, due_at: datetime, away_since: datetime | None) -> bool:
    """Due before the client went live, or while Rekap was away for more than a day."""
    if away_since is not None and due_at < run.now:
        return True
    return one.live_from is not None and due_at < datetime.combine(one.live_from, time(), run.zone)


def _person(run: Run, code: str) -> Person:
    return run.config.register.person_by_code[code]


def _open(conn: warehouse.Connection, run: Run, one: Case, moved: ladder.Move) -> None:
    values = {
        "kind": KIND, "subject": one.subject, "client": one.client, "step": moved.step, "told_at": one.told_at,
        "service_date": one.service_date, "details": Jsonb(one.details), "now": run.now,
    }  # fmt: skip
    one.incident_id = warehouse.execute(conn, "40_outputs/incidents", values)[0]["incident_id"]
    one.state, one.step, one.told_date = "open", moved.step, one.service_date
    _event(conn, run, one, "opened", {"due_at": moved.due_at.isoformat()})


def _change(conn: warehouse.Connection, run: Run, one: Case, state: str, step: int, resolution: str | None) -> None:
    one.state, one.step, one.told_date = state, step, one.service_date
    warehouse.execute(
        conn,
        "40_outputs/incidents_changed",
        {
            "incident": one.incident_id, "state": state, "step": step, "told_at": one.told_at,
            "service_date": one.service_date, "details": Jsonb(one.details), "resolution": resolution, "now": run.now,
        },
    )  # fmt: skip
    if state == "resolved":
        _event(conn, run, one, "resolved", {"resolution": resolution})


def _event(conn: warehouse.Connection, run: Run, one: Case, event: str, details: dict[str, Any]) -> None:
    values = {
        "incident": one.incident_id, "event": event, "step": one.step, "service_date": one.service_date,
        "details": Jsonb(details), "now": run.now,
    }  # fmt: skip
    warehouse.execute(conn, "40_outputs/incident_events", values)
