"""A to-do → an order: every field read, or null with its problem; nothing is refused."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from rekap.sources.basecamp import form_values, prose
from rekap.sources.basecamp.form import read_form
from rekap.sources.basecamp.prose import SEVERAL, Said
from rekap.sources.basecamp.reader import Reader
from rekap.sources.basecamp.rich_text import LONGEST, plain_text, tidy
from rekap.vocabulary.dates import read_date
from rekap.vocabulary.reading import Reading
from rekap.vocabulary.services import Services
from rekap.vocabulary.technicians import read_technicians

Json = dict[str, Any]
Told = dict[str, dict[str, Said]]  # source (form, title, text: in the order in which they count) → field → what it says
CONFLICT = "conflict"
LONGEST_TITLE = 400  # characters
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
    form = read_form(plain_text(order.description))
    places = reader.places(client)
    title = tidy(order.title[:LONGEST_TITLE])
    told = {
        "form": form_values.read(form, places, entered_on, row_text=f"{title}\n{form.rest}"),
        "title": prose.read(title, places, entered_on, is_title=True, row_text=form.rest),
        "text": prose.read(form.rest, places, entered_on) if len(order.description) <= LONGEST else prose.unread(),
    }
    _read_outlet(order, told)
    _read_date(order, todo.get("due_on"), told)
    _read_services(order, told)
    time = _taken(order, "time", told)
    order.time_from, order.time_to = time.reading.value if time and time.reading.value else (None, None)
    contact = _taken(order, "contact", told)
    order.contact = contact.reading.value if contact else None
    requested = read_date(form.told.get("requested", ""), reference=entered_on)
    order.requested_on = requested.value[0] if requested.value and "requested" not in form.several else None
    _read_technicians(order, todo.get("steps") or [], form.told, reader)
    return order


def _taken(order: Order, name: str, told: Told) -> Said | None:
    """What the first source says that says anything: form, then title, then text. Where the next one contradicts it, or
    tells of several, the value stands and its problem is named: `conflict`, `several`."""
    found = [(source, said[name]) for source, said in told.items() if name in said]
    if name == "date" and found and found[0][0] == "title" and found[0][1].reading.problem in ("bad_date", "no_date"):
        # "tgl 7" in the title: the text may hold its month.
        found = [each for each in found[1:] if each[1].reading.value] or found
    if not found:
        return None
    source, first = found[0]
    order.field_sources[name] = source
    if first.reading.problem:
        order.problems[name] = first.reading.problem
    elif len(found) > 1 and (doubt := _doubt(first.reading.value, found[1][1].reading)):
        order.problems[name] = doubt
    return first


def _doubt(value: Any, other: Reading[Any]) -> str | None:
    if other.value is None:
        return SEVERAL if other.problem == SEVERAL else None
    return CONFLICT if other.value != value else None


def _read_outlet(order: Order, told: Told) -> None:
    taken = _taken(order, "outlet", told)
    if taken is None:
        order.problems["outlet"] = "empty"
        return
    order.outlet, order.outlet_text = taken.reading.value, taken.text


def _read_date(order: Order, due_on: object, told: Told) -> None:
    """The due date counts whatever else is written; a form that says "menyusul" is not overruled by the title."""
    due = _day(due_on)
    taken = _taken(order, "date", told)
    if due is None:
        if taken is None:
            order.problems["date"] = "bad_date" if due_on else "no_date"
        elif taken.reading.value:
            order.service_date, order.service_date_end = taken.reading.value
        return
    order.service_date, order.field_sources["date"] = due, "due_on"
    doubt = order.problems.pop("date", None)
    if taken is None:
        return
    if taken.reading.value is None:
        if doubt == SEVERAL:
            order.problems["date"] = SEVERAL
        return
    first, last = taken.reading.value
    if first == due:
        order.service_date_end = last
        if doubt:
            order.problems["date"] = doubt
    elif last is not None and first < due <= last:
        order.problems["date"] = SEVERAL
    else:
        order.problems["date"] = CONFLICT


def _read_services(order: Order, told: Told) -> None:
    """Services and units. A number of units from another source counts only where that names the same services."""
    comparable: Told = {
        source: said | ({"service": Said(_codes(said["service"].reading))} if "service" in said else {})
        for source, said in told.items()
    }
    _taken(order, "service", comparable)
    source = order.field_sources.get("service")
    if source is None:
        order.problems["service"] = "empty"
        counted: Told = {name: said for name, said in told.items() if name == "form"}
    else:
        taken = told[source]["service"]
        order.services, order.service_text = list(taken.reading.value or ()), taken.text
        codes = comparable[source]["service"].reading.value
        counted = {
            name: said for name, said in told.items()
            if name in ("form", source) or ("service" in said and comparable[name]["service"].reading.value == codes)
        }  # fmt: skip
    units = _taken(order, "units", counted)
    order.units = units.reading.value if units else None
    numbers = [number for _, number in order.services]
    if order.units is None:
        order.problems.setdefault("units", "empty")
    elif len(numbers) == 1 and numbers[0] is None:
        order.services = [(order.services[0][0], order.units)]
    elif numbers and all(numbers) and sum(number or 0 for number in numbers) != order.units:
        order.problems.setdefault("units", CONFLICT)


def _codes(reading: Reading[Services]) -> Reading[Any]:
    """A reading of services without their numbers, so that two may be compared."""
    return (
        Reading(frozenset(code for code, _ in reading.value), None) if reading.value else Reading(None, reading.problem)
    )


def _day(text: object) -> date | None:
    try:
        return date.fromisoformat(text[:10]) if isinstance(text, str) and text else None
    except ValueError:
        return None


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
    if order.technicians:
        order.field_sources["technician"] = next(iter(order.technicians.values()))
    elif "technician" in order.problems:
        order.field_sources["technician"] = "form"
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
