"""Orders as they are entered in Basecamp: title, form, assignees, subtasks, completion, history."""

from __future__ import annotations

from datetime import datetime, timedelta
from html import escape
from random import Random

from sandbox.world import names, words
from sandbox.world.account import Account, Subtask, Todo
from sandbox.world.conversation import Conversation
from sandbox.world.model import Order, Person
from sandbox.world.projects import Shelf


def write(account: Account, orders: list[Order], shelves: dict[str, Shelf], seed: int, now: datetime) -> None:
    """Enter every order that Basecamp knows, in the order in which they were entered; sets their ``order_id``."""
    conversation = Conversation(account, seed, now)
    for number, order in enumerate(sorted((o for o in orders if o.in_basecamp), key=lambda o: o.entered_at)):
        rng = Random(f"{seed}/entry/{number}")
        enter(account, order, shelves[order.client.slug], rng, conversation)


def enter(account: Account, order: Order, shelf: Shelf, rng: Random, conversation: Conversation) -> None:
    author = order.client.am.basecamp_id or 0
    todo = Todo(
        id=account.new_id(),
        project_id=shelf.project.id,
        parent_id=place(order, shelf),
        creator_id=author,
        created_at=order.entered_at,
        updated_at=order.entered_at,
        status=order.life_cycle,
        visible_to_clients=order.visible_to_clients,
        inherits_status=True,
        taken_along=order.life_cycle == "archived",
        content=title(order, rng),
        description="" if order.style == "title" else form(order, rng),
        due_on=order.day.isoformat() if order.due_on_set else None,
        subscriber_ids=[author],
    )
    order.order_id = todo.id
    account.add_todo(todo)
    account.add_event(todo.id, "created", author, order.entered_at)
    assign(account, order, todo, rng)
    conversation.write(order, todo, rng)
    if order.completed_at is not None:
        todo.completed_at = order.completed_at
        todo.completed_by = (order.completed_by or order.client.pic).basecamp_id
        account.add_event(todo.id, "completed", todo.completed_by or author, order.completed_at)
        todo.updated_at = max(todo.updated_at, order.completed_at + timedelta(milliseconds=89))
    if order.life_cycle == "trashed":
        at = min(order.entered_at + timedelta(hours=rng.randint(2, 30)), conversation.now - timedelta(minutes=3))
        account.add_event(todo.id, "trashed", author, at)
        todo.updated_at = max(todo.updated_at, at)


def place(order: Order, shelf: Shelf) -> int:
    """The id of the list, group or to-do set that holds the order."""
    if order.life_cycle == "archived":
        return shelf.months[min(shelf.months)].id
    if order.place == "group" and shelf.groups:
        return shelf.groups[0 if order.services[0][0] == "cleaning" else 1].id
    if order.place == "loose":
        return shelf.main.id
    if order.place == "second" and shelf.second_list is not None:
        return shelf.second_list.id
    return shelf.order_list.id


def assign(account: Account, order: Order, todo: Todo, rng: Random) -> None:
    """Who stands on the to-do: technicians, office people, technicians of subtasks."""
    at = order.entered_at + timedelta(minutes=rng.randint(1, 6), milliseconds=rng.randint(0, 999))
    people = list(order.office)
    crew = [person for person in order.technicians if person.basecamp_id is not None]
    if order.assigned_by == "assignees":
        people += crew
    elif order.assigned_by in {"subtasks", "half_of_the_subtasks"}:
        # Whoever ticks the to-do off leaves its subtasks open; only what came before the visit is ticked.
        steps: list[tuple[str, Person | None, bool]] = [("Survei awal", None, True)] if order.surveyed else []
        told = [crew[0], crew[-1]] if order.assigned_by == "subtasks" else [order.helper, None]
        steps += [(name, person, False) for name, person in zip(("Persiapan alat", "Kunjungan"), told, strict=True)]
        for name, person, done in steps:
            account.add_subtask(
                Subtask(
                    id=account.new_id(),
                    project_id=todo.project_id,
                    parent_id=todo.id,
                    creator_id=todo.creator_id,
                    created_at=at,
                    updated_at=at,
                    title=name,
                    due_on=todo.due_on,
                    assignee_ids=[person.basecamp_id] if person is not None and person.basecamp_id else [],
                    completed_at=at if done else None,
                    completed_by=todo.creator_id if done else None,
                )
            )
        todo.updated_at = max(todo.updated_at, at)
    ids = [person.basecamp_id for person in people if person.basecamp_id is not None]
    if ids:
        todo.assignee_ids = ids
        todo.subscriber_ids += [person_id for person_id in ids if person_id not in todo.subscriber_ids]
        account.add_event(
            todo.id, "assignment_changed", todo.creator_id, at, {"added_person_ids": ids, "removed_person_ids": []}
        )
        todo.updated_at = max(todo.updated_at, at)


def title(order: Order, rng: Random) -> str:
    """``Kopi Senja BSD 2 - Cuci AC 3 unit - 12 Okt 2026``; a field that nobody can read is not in the title either."""
    what = words.services_text(order.services, words.FORM_SERVICES, rng)
    if len(order.services) == 1 and "units" not in order.field_unknown:
        what += f" {order.services[0][1]} unit"
    day = words.short_date(order.form_day or order.day, rng)
    prefix = f"{order.client.prefix} " if order.client.prefix else ""
    if order.style == "title":
        return f"{prefix}{order.mark}{what} {order.outlet.name} tgl {day}"
    parts = [
        None if "outlet" in order.field_unknown else order.outlet.name,
        what,
        None if "date" in order.field_unknown else day,
    ]
    return f"{prefix}{order.mark}{' - '.join(part for part in parts if part)}"


def form(order: Order, rng: Random) -> str:
    """The order form of the house as rich text; ``order.form`` replaces a line, or drops it when None."""
    outlet = order.outlet.name if rng.random() < 0.75 else rng.choice(order.outlet.aliases)
    asked = order.entered_at.date()
    lines: dict[str, str | None] = {
        "Outlet": outlet,
        "Layanan": words.services_text(order.services, words.FORM_SERVICES, rng),
        "Unit": str(order.services[0][1]) if len(order.services) == 1 else None,
        "Tanggal": words.form_date(order.form_day or order.day, rng),
        "Jam": order.time and words.clock_time(order.time, rng),
        "Kontak": f"{rng.choice(names.CONTACTS)} 0812-3456-{rng.randint(1000, 9999)}",
        "Diminta": words.short_date(asked, rng),
    }
    if order.assigned_by == "form":
        lines["Teknisi"] = ", ".join(person.name for person in order.technicians)
    lines.update(order.form)
    told = "<br>".join(f"{label}: {escape(text, quote=False)}" for label, text in lines.items() if text)
    return f"<div>{told}</div>"
