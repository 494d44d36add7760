"""What is true in the seeded world: people, clients, orders as they really were, troubles as they were planted."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from typing import Any

WIB = timezone(timedelta(hours=7))


@dataclass
class Person:
    """Somebody of the company or of a client; ``basecamp_id`` is None for technicians without an account."""

    code: str
    name: str
    email: str
    roles: tuple[str, ...]
    basecamp_id: int | None
    aliases: tuple[str, ...] = ()
    language: str = "id"
    admin: bool = False
    client_user: bool = False


@dataclass
class Outlet:
    code: str
    name: str
    aliases: tuple[str, ...]
    area: str


@dataclass
class Client:
    """One client with its register entry and where its orders and its tracker are kept."""

    slug: str
    name: str
    code: str
    outlets: list[Outlet]
    am: Person
    pic: Person
    delivery: str
    documentation: str
    language: str
    scopes: list[dict[str, Any]] = field(default_factory=list)
    spreadsheet_id: str = ""
    drive_folder_id: str = ""
    project_id: int = 0
    prefix: str = ""
    number: int = 0
    ticks_boxes: bool = False

    @property
    def whole_project(self) -> bool:
        return bool(self.scopes[0]["kind"] == "project")


@dataclass
class Order:
    """One visit as it really went, and how each side is made to tell it.

    ``status`` is the true status in the codes of the tracker contract. ``assigned_by``: assignees, subtasks, form (a
    technician named in the form), half_of_the_subtasks or nobody. ``office`` are people assigned who do not count as
    technicians, ``helper`` is the technician of the one subtask that has one; ``surveyed`` adds a ticked subtask that
    had nobody. ``form`` replaces lines of the form.
    """

    client: Client
    outlet: Outlet
    day: date
    time: str | None
    services: list[tuple[str, int]]
    technicians: list[Person]
    status: str
    entered_at: datetime
    # how Basecamp tells it
    assigned_by: str = "assignees"
    office: list[Person] = field(default_factory=list)
    helper: Person | None = None
    surveyed: bool = False
    completed_at: datetime | None = None
    completed_by: Person | None = None
    life_cycle: str = "active"
    style: str = "form"
    form: dict[str, str | None] = field(default_factory=dict)
    due_on_set: bool = True
    form_day: date | None = None
    visible_to_clients: bool = False
    place: str = "list"
    mark: str = ""
    last_words: str | None = None
    photos: int = 0
    odd_files: tuple[str, ...] = ()
    # how the tracker tells it
    in_tracker: bool = True
    tracker_status: str | None = None
    struck: bool = False
    tracker_day: str | None = None
    with_reference: bool = True
    plain_name: bool = False
    tracker_technicians: str | None = None
    note: str = ""
    # what both sides lead back to
    order_id: int = 0
    photo_sha256: list[str] = field(default_factory=list)
    row: tuple[str, int, int] | None = None
    rows: list[TrackerRow] = field(default_factory=list, repr=False)
    # in a tracker without an order
    in_basecamp: bool = True
    field_unknown: frozenset[str] = frozenset()

    @property
    def assigned(self) -> bool:
        return self.assigned_by in {"assignees", "subtasks", "form"}

    @property
    def cancelled(self) -> bool:
        return self.status == "cancelled"


@dataclass(eq=False)
class TrackerRow:
    """What one row of a tracker tells, whoever moved it meanwhile; ``row`` is 0 when it is gone.

    ``status`` is the code its status cell says, ``cancelled`` when it is struck, None for an empty cell or box.
    """

    order: Order
    client: Client
    spreadsheet_id: str
    sheet_id: int
    row: int
    outlet: Outlet
    services: list[tuple[str, int]]
    day: date
    status: str | None
    technicians: list[Person]

    @property
    def place(self) -> tuple[str, int, int]:
        return self.spreadsheet_id, self.sheet_id, self.row


@dataclass
class Trouble:
    """A trouble written down at the moment it is planted; ``about`` is ``order``, ``visit`` or ``row``.

    ``problem`` is the code a quarantined row must be given.
    """

    kind: str
    order: Order
    about: str
    settles_at: datetime | None = None
    problem: str | None = None

    @property
    def subject(self) -> str:
        if self.about == "row":
            if self.order.row is None:
                raise LookupError(f"the trouble {self.kind} was planted on a row that no tracker holds")
            return "row:{}/{}/{}".format(*self.order.row)
        return f"order:{self.order.order_id}" + ("/1" if self.about == "visit" else "")
