"""Projects, to-do sets, lists and groups, and which client's orders go where."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from sandbox.world import names
from sandbox.world.account import Account, Project, Todo, Todolist, Todoset, Tool, User
from sandbox.world.model import Client, Person
from sandbox.world.people import Staff
from sandbox.world.words import MONTHS

SHARED_BY_LIST = "Klien Ruko dan Kos"
SHARED_BY_PREFIX = "Klien Lepas"
INTERNAL = "Internal Operasional"
CLOSED = "Proyek Lama 2025"
OFFICE_WORK = (
    "Beli selang vakum baru",
    "Servis mobil operasional",
    "Susun jadwal piket",
    "Cek stok freon R32",
    "Perpanjang STNK motor",
    "Rapikan gudang alat",
    "Briefing K3 bulanan",
    "Hitung ulang stok kapasitor",
)


@dataclass
class Shelf:
    """Where one client's orders are kept: ``lists`` by name, groups by theirs, the to-do sets."""

    project: Project
    main: Todoset
    order_list: Todolist
    groups: list[Todolist] = field(default_factory=list)
    months: dict[int, Todolist] = field(default_factory=dict)
    second: Todoset | None = None
    second_list: Todolist | None = None


class Projects:
    """Builds the account's projects for the clients and gives each client its scopes."""

    def __init__(self, account: Account, staff: Staff, born: datetime) -> None:
        self.account = account
        self.staff = staff
        self.born = born
        self._step = 0

    def _at(self) -> datetime:
        self._step += 1
        return self.born + timedelta(minutes=self._step)

    def users(self) -> None:
        """Everybody of the company who has an account."""
        for person in self.staff.everybody:
            self.user(person, "User")

    def user(self, person: Person, personable_type: str) -> None:
        if person.basecamp_id is None:
            return
        roles = set(person.roles)
        self.account.users[person.basecamp_id] = User(
            id=person.basecamp_id,
            name=person.name,
            email=person.email,
            personable_type=personable_type,
            created_at=self._at(),
            admin=person.admin,
            title="Teknisi" if "technician" in roles else None,
            location="Jakarta" if "am" in roles else None,
            company=personable_type == "User",
        )

    def project(self, name: str, status: str = "active", clients_enabled: bool = False) -> tuple[Project, Todoset]:
        at = self._at()
        project = Project(self.account.new_id(), name, "", at, at, status=status, clients_enabled=clients_enabled)
        todoset = self.todoset(project, "To-dos", status)
        tools = (
            ("message_board", "Message Board", True),
            ("vault", "Docs & Files", True),
            ("chat", "Campfire", True),
            ("schedule", "Schedule", False),
            ("questionnaire", "Automatic Check-ins", False),
            ("inbox", "Email Forwards", False),
        )
        project.dock = [Tool(todoset.id, "todoset", todoset.name, True, 1)]
        for position, (tool, title, enabled) in enumerate(tools, start=2):
            project.dock.append(Tool(self.account.new_id(), tool, title, enabled, position if enabled else None))
        project.people = [person.basecamp_id for person in self.staff.everybody if person.basecamp_id is not None]
        self.account.projects[project.id] = project
        return project, todoset

    def todoset(self, project: Project, name: str, status: str = "active") -> Todoset:
        at = self._at()
        todoset = Todoset(self.account.new_id(), project.id, 0, self._owner(), at, at, name=name, status=status)
        self.account.todosets[todoset.id] = todoset
        return todoset

    def todolist(self, parent: Todoset | Todolist, name: str, status: str = "active") -> Todolist:
        at = self._at()
        made = Todolist(
            self.account.new_id(), parent.project_id, parent.id, self._owner(), at, at, name=name, status=status
        )
        self.account.add_todolist(made)
        return made

    def _owner(self) -> int:
        return self.staff.office[0].basecamp_id or 0

    def shelves(self, clients: list[Client], first_month: int) -> dict[str, Shelf]:
        """A shelf a client: most have a project, two a list of a shared one, the last a prefix in another."""
        shelves: dict[str, Shelf] = {}
        own, listed, prefixed = clients[:-3], clients[-3:-1], clients[-1]
        for client in own:
            project, todoset = self.project(client.name, clients_enabled=client.number in (0, 2))
            shelf = Shelf(project, todoset, self.todolist(todoset, "Order"))
            if client.number == 0:
                shelf.second = self.todoset(project, "Proyek khusus")
                shelf.second_list = self.todolist(shelf.second, "Order proyek")
                project.dock.append(Tool(shelf.second.id, "todoset", "Proyek khusus", True, len(project.dock) + 1))
                shelf.months[first_month] = self.todolist(todoset, f"Order {MONTHS[first_month - 1]}", "archived")
            if client.number == 1:
                shelf.groups = [
                    self.todolist(shelf.order_list, name) for name in ("Cuci rutin", "Perbaikan dan lain-lain")
                ]
            client.scopes = [{"kind": "project", "project_id": project.id}]
            shelves[client.slug] = shelf
        project, todoset = self.project(SHARED_BY_LIST)
        for client in listed:
            order_list = self.todolist(todoset, f"Order {client.name}")
            client.scopes = [{"kind": "list", "project_id": project.id, "list_id": order_list.id}]
            shelves[client.slug] = Shelf(project, todoset, order_list)
        project, todoset = self.project(SHARED_BY_PREFIX)
        prefixed.prefix = f"[{prefixed.code}]"
        prefixed.scopes = [{"kind": "title_prefix", "project_id": project.id, "prefix": prefixed.prefix}]
        shelves[prefixed.slug] = Shelf(project, todoset, self.todolist(todoset, "Order"))
        for client in clients:
            client.project_id = shelves[client.slug].project.id
        self._client_users(clients, shelves)
        return shelves

    def _client_users(self, clients: list[Client], shelves: dict[str, Shelf]) -> None:
        ids = iter(range(32_700_118, 32_800_000, 41))
        for client in clients:
            project = shelves[client.slug].project
            if project.clients_enabled:
                name = f"Toko {client.name}"
                person = Person(
                    f"client-{client.slug}", name, f"toko@{client.slug}.example", (), next(ids), client_user=True
                )
                self.user(person, "Client")
                project.people.append(person.basecamp_id or 0)

    def internal(self, seed: int, now: datetime) -> None:
        """A project that belongs to no client, full of unassigned to-dos, and an archived one that no walk touches."""
        rng = Random(f"{seed}/internal")
        for name, status in ((INTERNAL, "active"), (CLOSED, "archived")):
            project, todoset = self.project(name, status)
            todolist = self.todolist(todoset, "Umum", status)
            for title in OFFICE_WORK:
                at = now - timedelta(
                    days=rng.randint(3, 60), minutes=rng.randint(0, 600), milliseconds=rng.randint(0, 999)
                )
                todo = Todo(
                    self.account.new_id(), project.id, todolist.id, self._owner(), at, at, content=title, status=status
                )
                todo.taken_along = todolist.taken_along = todoset.taken_along = status == "archived"
                self.account.add_todo(todo)
                self.account.add_event(todo.id, "created", todo.creator_id, at)
                if rng.random() < 0.3:
                    todo.assignee_ids = [rng.choice(self.staff.office).basecamp_id or 0]


def company() -> dict[str, object]:
    """The company every member belongs to, in the form of a person's ``company``."""
    return {"id": 1_033_447_817, "name": names.COMPANY}
