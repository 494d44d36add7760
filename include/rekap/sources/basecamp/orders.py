"""A to-do → an order: every field read, or null with its problem; nothing is refused."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from rekap.sources.basecamp import form
from rekap.sources.basecamp.reader import Reader
from rekap.vocabulary.dates import read_date
from rekap.vocabulary.outlets import normalise
from rekap.vocabulary.services import Services, read_services
from rekap.vocabulary.technicians import read_technicians
from rekap.vocabulary.times import read_time
from rekap.vocabulary.units import read_units

Json = dict[str, Any]
LIFE_CYCLES = frozenset(("active", "archived", "trashed", "gone"))


@dataclass
class Order:
    """One row of staging.orders with its services and technicians; fields are named like the columns."""

    order_id: int
    client: str
    project_id: int
    list_id: int | None
    list_name: str | None
    title: str
    description: str
    url: str
    life_cycle: str
    completed: bool
    completed_at: datetime | None
    completed_by: int | None
    visible_to_clients: bool
    creator_id: int | None
    assignee_ids: list[int]
    comments_count: int
    created_at: datetime
    updated_at: datetime
    assigned: bool = False
    outlet_text: str | None = None
    outlet: str | None = None
    service_text: str | None = None
    service_date: date | None = None
    service_date_end: date | None = None
    time_from: time | None = None
    time_to: time | None = None
    units: int | None = None
    contact: str | None = None
    requested_on: date | None = None
    problems: dict[str, str] = field(default_factory=dict)
    field_sources: dict[str, str] = field(default_factory=dict)
    services: Services = field(default_factory=list)
    technicians: dict[str, str] = field(default_factory=dict)


COLUMNS = tuple(name for name in Order.__dataclass_fields__ if name not in {"services", "technicians"})


def read_order(todo: Json, client: str, reader: Reader, zone: ZoneInfo) -> Order:
    """The order that a to-do of a client tells. Raises ValueError, KeyError or TypeError when the record is no to-do of
    the API: without id, project or times."""
    completion = todo.get("completion") or {}
    parent = todo.get("parent") or {}
    life_cycle = str(todo.get("status") or "active")
    if life_cycle == "active":  # what lies in a closed project is closed with it
        life_cycle = reader.closed.get(int(todo["bucket"]["id"]), "active")
    order = Order(
        order_id=int(todo["id"]),
        client=client,
        project_id=int(todo["bucket"]["id"]),
        list_id=parent.get("id"),
        list_name=parent.get("title"),
        title=str(todo.get("title") or todo.get("content") or ""),
        description=str(todo.get("description") or ""),
        url=str(todo.get("app_url") or todo.get("url") or ""),
        life_cycle=life_cycle if life_cycle in LIFE_CYCLES else "active",
        completed=bool(todo.get("completed")),
        completed_at=moment(completion.get("created_at")),
        completed_by=(completion.get("creator") or {}).get("id"),
        visible_to_clients=bool(todo.get("visible_to_clients")),
        creator_id=(todo.get("creator") or {}).get("id"),
        assignee_ids=[int(person["id"]) for person in todo.get("assignees") or [] if _is_id(person.get("id"))],
        comments_count=int(todo.get("comments_count") or 0),
        created_at=_required(todo, "created_at"),
        updated_at=_required(todo, "updated_at"),
    )
    entered_on = order.created_at.astimezone(zone).date()
    told = form.fields(order.description)
    title = form.read_title(order.title, reader.outlets.get(client, {}), entered_on)
    _read_outlet(order, told, title, reader)
    _read_date(order, todo.get("due_on"), told, title, entered_on)
    _read_services(order, told, title)
    _read_time(order, told)
    order.contact = told.get("contact") or None
    requested = read_date(told["requested"], reference=entered_on) if "requested" in told else None
    order.requested_on = requested.value[0] if requested and requested.value else None
    _read_technicians(order, todo.get("steps") or [], told, reader)
    return order


def _read_outlet(order: Order, told: dict[str, str], title: form.Title, reader: Reader) -> None:
    if "outlet" in told:
        order.field_sources["outlet"] = "form"
        if form.says_nothing(told["outlet"]):
            order.problems["outlet"] = "empty"
            return
        order.outlet_text = told["outlet"]
        order.outlet = reader.outlets.get(order.client, {}).get(normalise(told["outlet"]))
        if order.outlet is None:
            order.problems["outlet"] = "unknown"
        return
    order.field_sources["outlet"] = "title"
    order.outlet, order.outlet_text = title.outlet, title.outlet_text
    if order.outlet is None:
        order.problems["outlet"] = title.problem or "empty"


def _read_date(order: Order, due_on: object, told: dict[str, str], title: form.Title, entered_on: date) -> None:
    """The due date wins over the form, the form over the title; a form that says "menyusul" is not overruled."""
    if isinstance(due_on, str) and due_on:
        order.service_date, order.field_sources["date"] = date.fromisoformat(due_on[:10]), "due_on"
    elif "date" in told:
        order.field_sources["date"] = "form"
        reading = read_date(told["date"], reference=entered_on)
        if reading.value:
            order.service_date, order.service_date_end = reading.value
        else:
            order.problems["date"] = reading.problem or "bad_date"
    elif title.day:
        order.service_date, order.field_sources["date"] = title.day, "title"
    else:
        order.problems["date"] = "no_date"


def _read_services(order: Order, told: dict[str, str], title: form.Title) -> None:
    text = told.get("service") if "service" in told else title.rest
    order.service_text = told.get("service") or order.title
    order.field_sources["service"] = "form" if "service" in told else "title"
    reading = read_services(text or "")
    if reading.value:
        order.services = reading.value
    else:
        order.problems["service"] = reading.problem or "unknown"
    numbers = [units for _, units in order.services]
    if "units" in told:
        units = read_units(told["units"])
        order.units = None if form.says_nothing(told["units"]) else units.value
        if order.units is None:
            order.problems["units"] = "empty" if form.says_nothing(told["units"]) else units.problem or "unknown"
    elif numbers and all(units is not None for units in numbers):
        order.units = sum(units for units in numbers if units is not None)
    elif "service" in told and (from_title := read_services(title.rest).value) and len(order.services) == 1:
        # The form names one service without a number; the title may hold it.
        order.units = from_title[0][1] if len(from_title) == 1 else None
    if order.units is None:
        order.problems.setdefault("units", "empty")
    elif len(order.services) == 1 and order.services[0][1] is None:
        order.services = [(order.services[0][0], order.units)]


def _read_time(order: Order, told: dict[str, str]) -> None:
    """No time is no problem: many visits have none."""
    reading = read_time(told.get("time", ""))
    if reading.value:
        order.time_from, order.time_to = reading.value
    elif reading.problem == "unknown":
        order.problems["time"] = "unknown"


def _read_technicians(order: Order, steps: list[Json], told: dict[str, str], reader: Reader) -> None:
    """Assigned: an assignee with the role technician, or every open subtask has one, or the form names one
    (docs/rules.md). A finished to-do has no open subtask: then all of them are asked."""
    by_id = reader.technician_by_id
    assignees = [by_id[person] for person in order.assignee_ids if person in by_id]
    open_steps = [step for step in steps if not step.get("completed")] or steps
    crews = [
        [by_id[person["id"]] for person in step.get("assignees") or [] if person.get("id") in by_id]
        for step in open_steps
    ]
    names = read_technicians(told.get("technicians", ""))
    named, problem = reader.technicians_named(names.value or [])
    if problem or names.problem == "unknown":
        order.problems["technician"] = problem or "unknown"
    for via, codes in (
        ("assignee", assignees),
        ("subtask", [code for crew in crews for code in crew]),
        ("form", named),
    ):
        for code in codes:
            order.technicians.setdefault(code, via)
    order.assigned = bool(assignees) or (bool(crews) and all(crews)) or bool(named)


def moment(text: object) -> datetime | None:
    """An API time, aware; None when it is none."""
    if not isinstance(text, str):
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else None


def _required(record: Json, name: str) -> datetime:
    at = moment(record.get(name))
    if at is None:
        raise ValueError(f"{name} is '{record.get(name)}', which is no time")
    return at


def _is_id(value: object) -> bool:
    return isinstance(value, int)
