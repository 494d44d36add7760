"""What people do to orders in Basecamp; each operation takes the order and leaves the truth as a person would tell it.

Every operation takes ``order_id`` and ``by`` (a person's code, the client's PIC when left out), ``enter`` ``by`` only.
"""

from __future__ import annotations

import datetime
from random import Random
from typing import TYPE_CHECKING, Any

from sandbox.basecamp import writes
from sandbox.following import end, follow_assignment, follow_life_cycle, follow_status
from sandbox.unknown import Unknown
from sandbox.world import entries
from sandbox.world.account import Todo, Todolist, Todoset
from sandbox.world.model import Client, Order, Outlet, Person, Trouble

if TYPE_CHECKING:
    from sandbox.server import Twin

#: lines of the form that tell something the truth tells too: ``amend`` changes them, ``describe`` does not
TELLING = ("Outlet", "Layanan", "Unit", "Tanggal", "Jam", "Teknisi")


def happen(twin: Twin, op: str, order_id: int, by: str | None = None, **told: Any) -> dict[str, Any]:
    """Carry out one of OPERATIONS. Raises Unknown for an order, a person or a place that is not there."""
    order = _order(twin, int(order_id))
    todo = twin.world.account.todos.get(order.order_id)
    if todo is None:
        raise Unknown(f"the order {order_id} was purged")
    found: dict[str, Any] | None = OPERATIONS[op](twin, order, todo, _author(twin, by, order.client), **told)
    return found or {"ok": True}


def _order(twin: Twin, order_id: int) -> Order:
    found = twin.world.order(order_id)
    if found is None:
        raise Unknown(f"no order has the id {order_id}")
    return found


def _person(twin: Twin, code: str) -> Person:
    for person in twin.world.staff.everybody:
        if person.code == code:
            return person
    raise Unknown(f"nobody has the code {code!r}")


def _user_id(person: Person) -> int:
    if person.basecamp_id is None:
        raise Unknown(f"{person.code} has no Basecamp account")
    return person.basecamp_id


def _author(twin: Twin, by: str | None, client: Client) -> int:
    return _user_id(_person(twin, by) if by is not None else client.pic)


def _put(twin: Twin, todo: Todo, by: int, **changed: Any) -> None:
    """A full replace with what stands there and what changed."""
    body: dict[str, Any] = {
        "content": todo.content,
        "assignee_ids": todo.assignee_ids,
        "completion_subscriber_ids": todo.completion_subscriber_ids,
        "due_on": todo.due_on,
        "starts_on": todo.starts_on,
    }
    kept = changed.pop("description", todo.description)
    writes.replace_todo(twin.basecamp, todo, by, {**body, **changed})
    todo.description = kept


def assign(twin: Twin, order: Order, todo: Todo, by: int, person: str) -> None:
    """``person`` is put on the to-do; an account manager or PIC does not count as a technician."""
    user = _user_id(_person(twin, person))
    _put(twin, todo, by, assignee_ids=list(dict.fromkeys([*todo.assignee_ids, user])))
    follow_assignment(twin, order)


def unassign(twin: Twin, order: Order, todo: Todo, by: int) -> None:
    """Everybody is taken off the to-do; technicians of subtasks and of the form stay."""
    _put(twin, todo, by, assignee_ids=[])
    follow_assignment(twin, order)


def complete(twin: Twin, order: Order, todo: Todo, by: int) -> None:
    writes.complete(twin.basecamp, todo, by)
    follow_status(twin, order)


def uncomplete(twin: Twin, order: Order, todo: Todo, by: int) -> None:
    writes.uncomplete(twin.basecamp, todo, by)
    follow_status(twin, order)


def _set_status(status: str) -> Any:
    def change(twin: Twin, order: Order, todo: Todo, by: int) -> None:
        writes.set_status(twin.basecamp, todo, by, status)
        follow_life_cycle(twin, order)

    return change


def purge(twin: Twin, order: Order, todo: Todo, by: int) -> None:
    """Deleted for ever with its comments; the truth keeps its entry with the life cycle ``gone``."""
    writes.purge(twin.basecamp, todo)
    follow_life_cycle(twin, order)


def comment(twin: Twin, order: Order, todo: Todo, by: int, text: str) -> dict[str, Any]:
    return {"comment_id": writes.comment(twin.basecamp, todo, by, text).id}


def reschedule(twin: Twin, order: Order, todo: Todo, by: int, **told: Any) -> None:
    """The due date becomes ``date``; the form keeps the old one, as people leave it."""
    order.day = datetime.date.fromisoformat(told["date"])
    _put(twin, todo, by, due_on=told["date"])
    order.due_on_set = True
    follow_status(twin, order)
    order.field_unknown -= {"date"}
    if not order.field_unknown:
        end(twin, order, "incomplete")


def move(
    twin: Twin, order: Order, todo: Todo, by: int, list_id: int | None = None, project_id: int | None = None
) -> None:
    """Into a list, group or to-do set (``list_id``), or into the first list of another project (``project_id``)."""
    writes.move(twin.basecamp, todo, by, _place(twin, list_id, project_id))
    follow_life_cycle(twin, order)


def _place(twin: Twin, list_id: int | None, project_id: int | None) -> Todolist | Todoset:
    account = twin.world.account
    if list_id is not None:
        found = account.todolists.get(list_id) or account.todosets.get(list_id)
        if found is None:
            raise Unknown(f"no list, group or to-do set has the id {list_id}")
        return found
    for todoset in account.todosets.values():
        if todoset.project_id == project_id:
            return next((made for made in account.lists_in(todoset.id) if made.status == "active"), todoset)
    raise Unknown(f"no project has the id {project_id}")


def retitle(twin: Twin, order: Order, todo: Todo, by: int, text: str) -> None:
    """Another title; what a title tells, a form tells better, so the truth stays as it is but for a title's prefix."""
    _put(twin, todo, by, content=text)
    follow_life_cycle(twin, order)


def describe(twin: Twin, order: Order, todo: Todo, by: int, lines: dict[str, str | None]) -> None:
    """Lines of the form such as ``Kontak`` or ``Catatan`` are replaced, added or, when None, taken out."""
    told = [label for label in lines if label in TELLING]
    if told:
        raise Unknown(f"{', '.join(told)} is told by the truth too: use amend or reschedule")
    text = todo.description.removeprefix("<div>").removesuffix("</div>")
    parts = dict(part.split(": ", 1) for part in text.split("<br>") if ": " in part)
    parts = {label: line for label, line in {**parts, **lines}.items() if line is not None}
    made = "<br>".join(f"{label}: {line}" for label, line in parts.items())
    _put(twin, todo, by, description=f"<div>{made}</div>")


def amend(
    twin: Twin,
    order: Order,
    todo: Todo,
    by: int,
    outlet: str | None = None,
    services: list[list[Any]] | None = None,
    time: str | None = None,
) -> None:
    """Title and form are written anew with another ``outlet`` (code), ``services`` ([code, units]) or ``time``."""
    if outlet is not None:
        order.outlet, order.form = _outlet(order.client, outlet), {**order.form}
        order.form.pop("Outlet", None)
        order.field_unknown -= {"outlet"}
    if services is not None:
        order.services = [(str(code), int(units)) for code, units in services]
        for label in ("Layanan", "Unit"):
            order.form.pop(label, None)
        order.field_unknown -= {"services", "units"}
    if time is not None:
        order.time = time
    rng = Random(f"{twin.world.seed}/amend/{order.order_id}/{twin.clock.now().isoformat()}")
    if order.style == "title":
        order.style = "form"  # a title alone names no hour
    _put(twin, todo, by, content=entries.title(order, rng), description=entries.form(order, rng))
    if not order.field_unknown:
        end(twin, order, "incomplete")


def _outlet(client: Client, code: str) -> Outlet:
    for outlet in client.outlets:
        if outlet.code == code:
            return outlet
    raise Unknown(f"{client.slug} has no outlet {code!r}")


def enter(
    twin: Twin,
    client: str,
    outlet: str,
    date: str,
    services: list[list[Any]] | None = None,
    time: str | None = None,
    person: str | None = None,
    list_id: int | None = None,
    by: str | None = None,
) -> dict[str, Any]:
    """A new order as the account manager enters it, with form and due date, in ``list_id`` or the client's own list.

    ``services`` is a list of [code, units], one cleaning when left out; ``person`` the code of its technician, who
    stands in the form when he has no account. Returns ``{"order_id": …}``.
    """
    world = twin.world
    served = next((found for found in world.clients if found.slug == client), None)
    if served is None:
        raise Unknown(f"no client is called {client!r}")
    technician = _person(twin, person) if person is not None else None
    told = [(str(code), int(units)) for code, units in services or [["cleaning", 1]]]
    order = Order(
        served,
        _outlet(served, outlet),
        datetime.date.fromisoformat(date),
        time,
        told,
        [technician] if technician is not None else [],
        "scheduled" if technician is None else "assigned",
        twin.clock.now(),
        in_tracker=False,
    )
    order.assigned_by = "nobody" if technician is None else "assignees" if technician.basecamp_id else "form"
    rng = Random(f"{world.seed}/enter/{len(world.orders)}")
    place = _place(twin, list_id or _own_list(served), served.project_id)
    body: dict[str, Any] = {"content": entries.title(order, rng), "due_on": order.day.isoformat()}
    if technician is not None and technician.basecamp_id is not None:
        body["assignee_ids"] = [technician.basecamp_id]
    author = _author(twin, by or served.am.code, served)
    todo = writes.create_todo(twin.basecamp, place, author, body)
    todo.description = entries.form(order, rng)
    order.order_id, order.entered_at = todo.id, todo.created_at
    world.orders.append(order)
    follow_life_cycle(twin, order)
    world.troubles.append(Trouble("missing_in_tracker", order, "visit"))
    return {"order_id": todo.id}


def _own_list(client: Client) -> int | None:
    found: int | None = client.scopes[0].get("list_id")
    return found


OPERATIONS: dict[str, Any] = {
    "assign": assign,
    "unassign": unassign,
    "complete": complete,
    "uncomplete": uncomplete,
    "trash": _set_status("trashed"),
    "archive": _set_status("archived"),
    "restore": _set_status("active"),
    "purge": purge,
    "comment": comment,
    "reschedule": reschedule,
    "move": move,
    "retitle": retitle,
    "describe": describe,
    "amend": amend,
}
