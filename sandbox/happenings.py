"""What people do while the twin runs: assign, cancel, comment, move orders, and edit trackers by hand."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sandbox.basecamp import writes
from sandbox.world.account import Todo
from sandbox.world.model import Order, Person, Trouble

if TYPE_CHECKING:
    from sandbox.server import Twin

SHEET_OPS = (
    *("edit_cell", "insert_row", "delete_row", "sort_tab", "rename_tab", "empty_tab", "delete_tab"),
    *("revoke", "restore", "trash_file", "rename_file", "delete_file"),
)
SWITCHES = "switch"


class Unknown(Exception):
    """The happening, the order or the person does not exist; the message says what does."""


def happen(twin: Twin, op: str, **told: Any) -> dict[str, Any]:
    """Carry out one happening and return what it made.

    On orders (``order_id``; ``by`` is a person's code, the client's PIC when left out): assign (``person``), unassign,
    complete, uncomplete, trash, comment (``text``), reschedule (``date``). On the twin: switch (``name``, ``value``),
    set_now (``now``), revoke_tokens. On trackers: the operations of ``sandbox.google.world_ops``.
    The truth follows: an order's own entry, and a trouble that ends or begins with it.
    Raises Unknown for what does not exist and TypeError for arguments that do not fit.
    """
    if op in SHEET_OPS:
        from sandbox.google import world_ops

        with twin.lock:
            made = getattr(world_ops, op)(twin.google, **told)
        return made if isinstance(made, dict) else {"ok": True}
    if op in _ON_TWIN:
        with twin.lock:
            return _ON_TWIN[op](twin, **told) or {"ok": True}
    if op not in _ON_ORDERS:
        raise Unknown(f"no happening is called {op!r}: use one of {', '.join([*_ON_ORDERS, *_ON_TWIN, *SHEET_OPS])}")
    with twin.lock:
        order = _order(twin, int(told.pop("order_id")))
        by = _person(twin, told.pop("by", order.client.pic.code))
        todo = twin.world.account.todos[order.order_id]
        return _ON_ORDERS[op](twin, order, todo, by, **told) or {"ok": True}


def _order(twin: Twin, order_id: int) -> Order:
    for order in twin.world.orders:
        if order.order_id == order_id and order.in_basecamp:
            return order
    raise Unknown(f"no order has the id {order_id}")


def _person(twin: Twin, code: str) -> Person:
    for person in twin.world.staff.everybody:
        if person.code == code:
            return person
    raise Unknown(f"nobody has the code {code!r}")


def _user_id(person: Person) -> int:
    if person.basecamp_id is None:
        raise Unknown(f"{person.code} has no Basecamp account")
    return person.basecamp_id


def _end(twin: Twin, order: Order, *kinds: str) -> None:
    twin.world.troubles[:] = [t for t in twin.world.troubles if t.order is not order or t.kind not in kinds]


def _put(twin: Twin, todo: Todo, by: Person, **changed: Any) -> None:
    """A full replace with what stands there and what changed."""
    body: dict[str, Any] = {
        "content": todo.content,
        "assignee_ids": todo.assignee_ids,
        "completion_subscriber_ids": todo.completion_subscriber_ids,
        "due_on": todo.due_on,
        "starts_on": todo.starts_on,
    }
    kept = todo.description
    writes.replace_todo(twin.basecamp, todo, _user_id(by), {**body, **changed})
    todo.description = kept


def _assign(twin: Twin, order: Order, todo: Todo, by: Person, person: str) -> None:
    technician = _person(twin, person)
    _put(twin, todo, by, assignee_ids=[*todo.assignee_ids, _user_id(technician)])
    if "technician" in technician.roles:
        order.technicians, order.assigned_by = [*order.technicians, technician], "assignees"
        order.status = "assigned" if order.status == "scheduled" else order.status
        _end(twin, order, "unassigned")


def _unassign(twin: Twin, order: Order, todo: Todo, by: Person) -> None:
    _put(twin, todo, by, assignee_ids=[])
    if order.assigned_by == "assignees":
        order.technicians, order.assigned_by = [], "nobody"
        if order.status == "assigned" and order.day >= twin.world.now.date():
            order.status = "scheduled"
            twin.world.troubles.append(Trouble("unassigned", order, "order", twin.clock.now()))


def _complete(twin: Twin, order: Order, todo: Todo, by: Person) -> None:
    writes.complete(twin.basecamp, todo, _user_id(by))
    order.status = "done"
    _end(twin, order, "unassigned")


def _uncomplete(twin: Twin, order: Order, todo: Todo, by: Person) -> None:
    writes.uncomplete(twin.basecamp, todo, _user_id(by))
    order.status = "assigned" if order.assigned else "scheduled"


def _trash(twin: Twin, order: Order, todo: Todo, by: Person) -> None:
    writes.set_status(twin.basecamp, todo, _user_id(by), "trashed")
    order.status, order.life_cycle = "cancelled", "trashed"
    _end(twin, order, "unassigned", "incomplete", "missing_in_tracker")


def _comment(twin: Twin, order: Order, todo: Todo, by: Person, text: str) -> dict[str, Any]:
    return {"comment_id": writes.comment(twin.basecamp, todo, _user_id(by), text).id}


def _reschedule(twin: Twin, order: Order, todo: Todo, by: Person, **told: Any) -> None:
    order.day = date.fromisoformat(told["date"])
    _put(twin, todo, by, due_on=told["date"])


def _switch(twin: Twin, name: str, value: Any) -> None:
    if not hasattr(twin.basecamp.switches, name):
        raise Unknown(f"no switch is called {name!r}")
    setattr(twin.basecamp.switches, name, tuple(value) if isinstance(value, list) else value)


def _set_now(twin: Twin, now: str) -> None:
    twin.clock.set(datetime.fromisoformat(now))


def _revoke_tokens(twin: Twin) -> None:
    twin.basecamp.grants.revoke_access()


_ON_ORDERS: dict[str, Any] = {
    "assign": _assign,
    "unassign": _unassign,
    "complete": _complete,
    "uncomplete": _uncomplete,
    "trash": _trash,
    "comment": _comment,
    "reschedule": _reschedule,
}
_ON_TWIN: dict[str, Any] = {"switch": _switch, "set_now": _set_now, "revoke_tokens": _revoke_tokens}
