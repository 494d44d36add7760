"""What people do while the twin runs: to orders, to projects, to trackers and files, and to the twin itself."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sandbox import happenings_on_orders, happenings_on_projects
from sandbox.unknown import Unknown

if TYPE_CHECKING:
    from sandbox.server import Twin

__all__ = ["Unknown", "happen"]

SHEET_OPS = (
    *("edit_cell", "insert_row", "delete_row", "sort_tab", "rename_tab", "empty_tab", "delete_tab"),
    *("revoke", "restore", "trash_file", "rename_file", "delete_file"),
)


def happen(twin: Twin, op: str, **told: Any) -> dict[str, Any]:
    """Carry out one happening and return what it made.

    On orders: the operations of ``sandbox.happenings_on_orders``; ``restore`` with an ``order_id`` is one of them,
    with a ``file_id`` it gives back what ``revoke`` took. On projects: those of ``sandbox.happenings_on_projects``.
    On trackers and files: those of ``sandbox.google.world_ops``. On the twin: switch (``name``, ``value``; a switch of
    Basecamp or of Google), set_now (``now``), revoke_tokens.
    The truth follows: an order's own entry, and a trouble that ends or begins with it.
    Raises Unknown for what does not exist and TypeError for arguments that do not fit.
    """
    with twin.lock:
        if op == "enter":
            return happenings_on_orders.enter(twin, **told)
        if op in happenings_on_orders.OPERATIONS and not (op in SHEET_OPS and "order_id" not in told):
            return happenings_on_orders.happen(twin, op, **told)
        if op in happenings_on_projects.OPERATIONS:
            happenings_on_projects.OPERATIONS[op](twin, **told)
            return {"ok": True}
        if op in SHEET_OPS:
            from sandbox.google import world_ops

            made = getattr(world_ops, op)(twin.google, **told)
            return made if isinstance(made, dict) else {"ok": True}
        if op in _ON_TWIN:
            _ON_TWIN[op](twin, **told)
            return {"ok": True}
    known = ["enter", *happenings_on_orders.OPERATIONS, *happenings_on_projects.OPERATIONS, *SHEET_OPS, *_ON_TWIN]
    raise Unknown(f"no happening is called {op!r}: use one of {', '.join(known)}")


def _switch(twin: Twin, name: str, value: Any) -> None:
    for switches in (twin.basecamp.switches, twin.google.switches):
        if name in switches.__dataclass_fields__:
            setattr(switches, name, tuple(value) if isinstance(value, list) else value)
            twin.google.follow_switches()
            return
    raise Unknown(f"no switch is called {name!r}")


def _set_now(twin: Twin, now: str) -> None:
    twin.clock.set(datetime.fromisoformat(now))


def _revoke_tokens(twin: Twin) -> None:
    twin.basecamp.grants.revoke_access()


_ON_TWIN: dict[str, Any] = {"switch": _switch, "set_now": _set_now, "revoke_tokens": _revoke_tokens}
