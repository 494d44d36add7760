"""What the register knows, in the form in which to-dos are read: whose they are, who is a technician, which outlet."""

from dataclasses import dataclass, field
from typing import Any

from rekap.settings import Register
from rekap.sources.register import spellings, technicians_by_name
from rekap.vocabulary.folding import fold
from rekap.vocabulary.technicians import name_key

Json = dict[str, Any]


@dataclass
class Reader:
    """`list_of`: group → its list, as Basecamp told. `learned`: (client, spelling) → outlet from people's decisions.
    `closed`: project → its status where that is not active."""

    register: Register
    list_of: dict[int, int] = field(default_factory=dict)
    learned: dict[tuple[str, str], str] = field(default_factory=dict)
    closed: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        technicians = self.register.with_role("technician")
        self.technician_by_id = {person.basecamp_id: person.code for person in technicians if person.basecamp_id}
        self._names = technicians_by_name(self.register)
        self.robots = {person.basecamp_id for person in self.register.with_role("robot") if person.basecamp_id}
        self.outlets: dict[str, dict[str, str]] = {client.slug: {} for client in self.register.clients}
        table = spellings(self.register)
        rows = sorted(zip(table["places"], table["clients"], table["aliases"], table["outlets"], strict=True), key=str)
        shared: set[tuple[object, object]] = set()
        placed: dict[tuple[object, object], tuple[object, object]] = {}
        for place, client, alias, outlet in rows:
            first = placed.setdefault((client, alias), (place, outlet))
            if first[0] == place and first[1] != outlet:
                shared.add((client, alias))
        for (client, alias), (_, outlet) in placed.items():
            if (client, alias) not in shared:
                self.outlets[str(client)][str(alias)] = str(outlet)
        for (client_slug, alias_text), outlet_code in self.learned.items():
            self.outlets.setdefault(client_slug, {}).setdefault(alias_text, outlet_code)
        self.words = {client.slug: client.words for client in self.register.clients if client.words}
        self._scopes: dict[tuple[str, int, str], str] = {}
        self._prefixes: dict[int, list[tuple[str, str]]] = {}
        self.projects: set[int] = set()
        for owner in self.register.clients:
            for scope in owner.scopes:
                self.projects.add(scope.project_id)
                if scope.kind == "title_prefix":
                    self._prefixes.setdefault(scope.project_id, []).append((fold(scope.value), owner.slug))
                else:
                    self._scopes[scope.kind, scope.project_id, scope.value] = owner.slug

    def knowledge(self) -> str:
        """Everything that the reading of a to-do depends on beside the to-do: two equal texts read it alike."""
        known = (sorted(self.list_of.items()), sorted(self.learned.items()), sorted(self.closed.items()))
        return f"{self.register.model_dump_json()} {known}"

    @property
    def list_projects(self) -> list[int]:
        """Projects in which a group's list decides whose a to-do is."""
        return sorted({project for kind, project, _ in self._scopes if kind == "list"})

    def client_of(self, todo: Json) -> tuple[str | None, str]:
        """(client, "") or (None, the rule that said no). The longest title prefix wins, then group, list, project."""
        project = _number(todo.get("bucket"))
        if project not in self.projects:
            return None, "other_project"
        title = fold(str(todo.get("title") or todo.get("content") or ""))
        prefixes = sorted(self._prefixes.get(project, []), key=lambda found: -len(found[0]))
        for prefix, client in prefixes:
            if title.startswith(prefix):
                return client, ""
        parent = _number(todo.get("parent"))
        for kind, value in (
            ("group", str(parent)), ("list", str(parent)), ("list", str(self.list_of.get(parent, 0))), ("project", ""),
        ):  # fmt: skip
            if found := self._scopes.get((kind, project, value)):
                return found, ""
        return None, "no_client_in_project"

    def technicians_named(self, names: list[str]) -> tuple[list[str], str | None]:
        """Codes of the technicians that a text names; the problem of a name that is nobody's or two people's."""
        codes: list[str] = []
        problem: str | None = None
        for name in names:
            found = self._names.get(name_key(name), set())
            if len(found) == 1:
                codes.extend(found)
            else:
                problem = problem or ("ambiguous" if found else "unknown")
        return list(dict.fromkeys(codes)), problem


def _number(record: object) -> int:
    return int(record["id"]) if isinstance(record, dict) and str(record.get("id", "")).isdigit() else 0
