"""What people do while the twin runs: to orders, to projects, to trackers and files, and to the twin itself."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from sandbox import happenings_on_orders, happenings_on_projects, happenings_on_rows, week
from sandbox.unknown import Unknown
from sandbox.world.model import WIB

if TYPE_CHECKING:
    from sandbox.server import Twin

__all__ = ["Unknown", "happen"]

MISSED_FROM = time(10)

SHEET_OPS = (
    *("edit_cell", "insert_row", "delete_row", "sort_tab", "rename_tab", "empty_tab", "delete_tab"),
    *("revoke", "restore", "trash_file", "rename_file", "delete_file", "share_sheet"),
)


def happen(twin: Twin, op: str, **told: Any) -> dict[str, Any]:
    """Carry out one happening and return what it made.

    On orders: the operations of ``sandbox.happenings_on_orders``; ``restore`` with an ``order_id`` is one of them,
    with a ``file_id`` it gives back what ``revoke`` took. On projects and lists: those of
    ``sandbox.happenings_on_projects``. On rows of trackers: those of ``sandbox.happenings_on_rows``. On trackers and
    files as a whole: those of ``sandbox.google.world_ops``.
    On the twin: set_now (``now``), revoke_tokens, switch (``name``, ``value``: a field of Basecamp's or Google's
    Switches, or ``sheets_quota``, requests a minute or None), days (``seed``, ``days``, ``a_day``, ``busy``: begin the
    days of ``sandbox.week``) and step (carry out the next step of them).
    The truth follows: an order's own entry, and a trouble that ends or begins with it.
    Raises Unknown for what does not exist and TypeError for arguments that do not fit.
    """
    with twin.lock:
        if op == "enter":
            return happenings_on_orders.enter(twin, **told)
        if op in happenings_on_orders.OPERATIONS and not (op in SHEET_OPS and "order_id" not in told):
            return happenings_on_orders.happen(twin, op, **told)
        if op in happenings_on_projects.OPERATIONS:
            return happenings_on_projects.OPERATIONS[op](twin, **told) or {"ok": True}
        if op in SHEET_OPS:
            from sandbox.google import world_ops

            made = getattr(world_ops, op)(twin.google, **told)
            if "spreadsheet_id" in told:
                happenings_on_rows.follow_rows(twin, told["spreadsheet_id"])
            return made if isinstance(made, dict) else {"ok": True}
        if op in happenings_on_rows.OPERATIONS:
            return happenings_on_rows.OPERATIONS[op](twin, **told) or {"ok": True}
        if op in _ON_TWIN:
            return _ON_TWIN[op](twin, **told) or {"ok": True}
    known = ["enter", *happenings_on_orders.OPERATIONS, *happenings_on_projects.OPERATIONS]
    known += [*happenings_on_rows.OPERATIONS, *SHEET_OPS, *_ON_TWIN]
    raise Unknown(f"no happening is called {op!r}: use one of {', '.join(known)}")


def _switch(twin: Twin, name: str, value: Any) -> None:
    if name == "sheets_quota":
        twin.google_app.state.quota.per_minute = value
        return
    for switches in (twin.basecamp.switches, twin.google.switches):
        if name in switches.__dataclass_fields__:
            setattr(switches, name, tuple(value) if isinstance(value, list) else value)
            twin.google.follow_switches()
            return
    raise Unknown(f"no switch is called {name!r}")


def _set_now(twin: Twin, now: str) -> None:
    twin.clock.set(datetime.fromisoformat(now))
    # The morning after its day an order that nobody did is missed, no longer unassigned.
    local = twin.clock.now().astimezone(WIB)
    over = local.date() - timedelta(days=1 if local.time() >= MISSED_FROM else 2)
    troubles = twin.world.troubles
    troubles[:] = [t for t in troubles if t.kind != "unassigned" or t.order.day > over]


def _days(twin: Twin, **told: Any) -> dict[str, Any]:
    twin.days = week.steps(twin, **told)
    return {"ok": True}


def _step(twin: Twin) -> dict[str, Any]:
    """The next step of the days that were begun; without happenings when they are over."""
    if twin.days is None:
        raise Unknown("no days were begun: use days first")
    step = next(twin.days, None)
    return {"happenings": step or [], "over": step is None}


def _revoke_tokens(twin: Twin) -> None:
    twin.basecamp.grants.revoke_access()


_ON_TWIN: dict[str, Any] = {
    "switch": _switch,
    "set_now": _set_now,
    "revoke_tokens": _revoke_tokens,
    "days": _days,
    "step": _step,
}
