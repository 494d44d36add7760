"""How the truth follows what happened to an order: its life cycle, its client, who is assigned, its status."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.world.account import Todo
from sandbox.world.graces import grace_ends
from sandbox.world.model import Order, Person, Trouble
from sandbox.world.scopes import client_of

if TYPE_CHECKING:
    from sandbox.server import Twin

#: what a tracker says about work, which counts while Basecamp's to-do is open
TOLD_BY_TRACKER = ("done", "partial", "on_hold")
WAITING = ("scheduled", "requested")


def end(twin: Twin, order: Order, *kinds: str) -> None:
    """Troubles of these kinds about the order are over; without kinds all but those about a tracker's row."""
    twin.world.troubles[:] = [
        t for t in twin.world.troubles if t.order is not order or (t.kind not in kinds if kinds else t.about == "row")
    ]


def follow_life_cycle(twin: Twin, order: Order) -> None:
    """Read off the account where the order is now.

    ``gone`` is a to-do that was purged, and one that was moved to where no client's scope reaches: the order is no
    longer one of that client's. An order that moved into another client's scope is that client's from then on; its
    outlet, which is none of the new client's, cannot be read any more.
    """
    world = twin.world
    todo = world.account.todos.get(order.order_id)
    client = client_of(world.account, world.clients, todo) if todo is not None else None
    if todo is None or client is None:
        order.life_cycle = "gone"
    else:
        order.life_cycle = todo.status
        if client is not order.client:
            order.field_unknown |= {"outlet"}
            order.client = client
    if order.life_cycle in {"trashed", "gone"}:
        end(twin, order)
    follow_status(twin, order)


def follow_assignment(twin: Twin, order: Order) -> None:
    """Who is assigned, read off the account as a person would: the to-do, else every open subtask, else the form.

    A technician who stands only in the tracker is the visit's, but nobody is assigned.
    """
    account = twin.world.account
    todo = account.todos[order.order_id]
    technicians = {p.basecamp_id: p for p in twin.world.staff.with_account}
    found = [technicians[number] for number in todo.assignee_ids if number in technicians]
    order.assigned_by = "assignees" if found else "nobody"
    if not found:
        steps = [account.subtasks[number] for number in account.subtasks_of.get(todo.id, ())]
        steps = [step for step in steps if step.completed_at is None and step.status != "trashed"]
        if steps and all(technicians.keys() & set(step.assignee_ids) for step in steps):
            numbers = dict.fromkeys(number for step in steps for number in step.assignee_ids if number in technicians)
            found, order.assigned_by = [technicians[number] for number in numbers], "subtasks"
    if not found:
        found = _named_in_form(todo, twin.world.staff.technicians)
        order.assigned_by = "form" if found else "nobody"
    order.technicians = found or (list(order.rows[0].technicians) if order.rows else [])
    follow_status(twin, order)


def _named_in_form(todo: Todo, technicians: list[Person]) -> list[Person]:
    line = next((part for part in todo.description.split("<br>") if "Teknisi: " in part), "")
    return [person for person in technicians if person.name in line]


def follow_status(twin: Twin, order: Order) -> None:
    """What became of the visit, told by both sources, and whether it is a trouble that nobody is assigned."""
    order.status = status_of(order, twin.world.account.todos.get(order.order_id))
    if order.order_id and order.life_cycle == "active" and not order.assigned and order.status in WAITING:
        begin_unassigned(twin, order)
    else:
        end(twin, order, "unassigned")


def status_of(order: Order, todo: Todo | None) -> str:
    """The status a person would tell: cancelled only by Basecamp, done by the tracker, else by completion there."""
    told = order.rows[0].status if order.rows else None
    if not order.in_basecamp:
        return told if told in (*TOLD_BY_TRACKER, "cancelled") else order.status
    if todo is None or todo.status == "trashed" or (todo.completed_at is not None and order.mark.startswith("BATAL")):
        return "cancelled"
    if todo.completed_at is not None:
        return "partial" if told == "partial" else "done"
    if order.mark.startswith("HOLD"):
        return "on_hold"
    return told if told in TOLD_BY_TRACKER else "assigned" if order.assigned else "scheduled"


def begin_unassigned(twin: Twin, order: Order) -> None:
    """An open order of today or later that nobody is assigned to is a trouble once the grace from its entry is over."""
    known = any(t.order is order and t.kind == "unassigned" for t in twin.world.troubles)
    if not known and order.day >= twin.clock.now().date():
        settles_at = max(twin.clock.now(), grace_ends(order.entered_at, order.day))
        twin.world.troubles.append(Trouble("unassigned", order, "order", settles_at))
