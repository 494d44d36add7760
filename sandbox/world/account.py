"""What a Basecamp account holds: records as the API keeps them, without their JSON form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass
class User:
    """A person as Basecamp knows it."""

    id: int
    name: str
    email: str
    personable_type: str
    created_at: datetime
    admin: bool = False
    title: str | None = None
    location: str | None = None
    company: bool = True


@dataclass
class Tool:
    """An entry of a project's dock; ``position`` is None for a tool that is switched off."""

    id: int
    name: str
    title: str
    enabled: bool
    position: int | None


@dataclass
class Project:
    id: int
    name: str
    description: str
    created_at: datetime
    updated_at: datetime
    status: str = "active"
    clients_enabled: bool = False
    dock: list[Tool] = field(default_factory=list)
    people: list[int] = field(default_factory=list)
    #: people who lost sight of it: for them it is in no list and everything in it is not found
    hidden_from: set[int] = field(default_factory=set, repr=False)


@dataclass
class Recording:
    """What every recording has in common; ``parent_id`` is 0 for a todoset."""

    id: int
    project_id: int
    parent_id: int
    creator_id: int
    created_at: datetime
    updated_at: datetime
    status: str = field(default="active", kw_only=True)
    visible_to_clients: bool = field(default=False, kw_only=True)
    inherits_status: bool = field(default=True, kw_only=True)
    #: archived or trashed with what holds it, so that it comes back with it; what was put away by itself stays away
    taken_along: bool = field(default=False, kw_only=True, repr=False)

    @property
    def is_shown(self) -> bool:
        """Whether what holds it shows it: it is active, or it went away together with its holder."""
        return self.status == "active" or self.taken_along


@dataclass
class Todoset(Recording):
    name: str = field(kw_only=True)


@dataclass
class Todolist(Recording):
    """A list, or a group when its parent is a list."""

    name: str = field(kw_only=True)
    description: str = field(default="", kw_only=True)


@dataclass
class Todo(Recording):
    content: str = field(kw_only=True)
    description: str = field(default="", kw_only=True)
    due_on: str | None = field(default=None, kw_only=True)
    starts_on: str | None = field(default=None, kw_only=True)
    assignee_ids: list[int] = field(default_factory=list, kw_only=True)
    completion_subscriber_ids: list[int] = field(default_factory=list, kw_only=True)
    subscriber_ids: list[int] = field(default_factory=list, kw_only=True)
    completed_at: datetime | None = field(default=None, kw_only=True)
    completed_by: int | None = field(default=None, kw_only=True)


@dataclass
class Subtask(Recording):
    title: str = field(kw_only=True)
    due_on: str | None = field(default=None, kw_only=True)
    assignee_ids: list[int] = field(default_factory=list, kw_only=True)
    completed_at: datetime | None = field(default=None, kw_only=True)
    completed_by: int | None = field(default=None, kw_only=True)


@dataclass
class Blob:
    """A posted file; its bytes are made from ``source`` when somebody asks."""

    id: int
    key: str
    filename: str
    content_type: str
    source: FileSource
    width: int | None = None
    height: int | None = None


@dataclass
class Comment(Recording):
    content: str = field(kw_only=True)
    blob_ids: list[int] = field(default_factory=list, kw_only=True)


#: what an event tells beside its action: people added and removed, or one id each
Details = Mapping[str, list[int] | int]


@dataclass
class Event:
    id: int
    recording_id: int
    action: str
    creator_id: int
    created_at: datetime
    details: Details = field(default_factory=dict)


@dataclass(frozen=True)
class FileSource:
    """What a file's bytes are drawn from: the same source gives the same bytes."""

    kind: str
    seed: int
    number: int
    lines: tuple[str, ...] = ()
    orientation: int = 1
    gps: bool = False


@dataclass
class Account:
    """One Basecamp account, every record by its id."""

    id: int
    users: dict[int, User] = field(default_factory=dict)
    projects: dict[int, Project] = field(default_factory=dict)
    todosets: dict[int, Todoset] = field(default_factory=dict)
    todolists: dict[int, Todolist] = field(default_factory=dict)
    todos: dict[int, Todo] = field(default_factory=dict)
    subtasks: dict[int, Subtask] = field(default_factory=dict)
    comments: dict[int, Comment] = field(default_factory=dict)
    blobs: dict[int, Blob] = field(default_factory=dict)
    events: dict[int, list[Event]] = field(default_factory=dict)
    comments_of: dict[int, list[int]] = field(default_factory=dict)
    subtasks_of: dict[int, list[int]] = field(default_factory=dict)
    last_id: int = 9_100_000_000
    last_event_id: int = 41_000_000_000
    _todos_in: dict[int, dict[int, None]] = field(default_factory=dict, repr=False)
    _lists_in: dict[int, dict[int, None]] = field(default_factory=dict, repr=False)

    def new_id(self) -> int:
        """The next id: ids grow, with the gaps that a shared service has."""
        self.last_id += 7 + self.last_id % 5
        return self.last_id

    def add_event(
        self, recording_id: int, action: str, creator_id: int, at: datetime, details: Details | None = None
    ) -> Event:
        self.last_event_id += 3
        event = Event(self.last_event_id, recording_id, action, creator_id, at, details or {})
        self.events.setdefault(recording_id, []).append(event)
        return event

    def add_todo(self, todo: Todo) -> None:
        self.todos[todo.id] = todo
        self._todos_in.setdefault(todo.parent_id, {})[todo.id] = None

    def add_todolist(self, made: Todolist) -> None:
        self.todolists[made.id] = made
        self._lists_in.setdefault(made.parent_id, {})[made.id] = None

    def todos_in(self, parent_id: int) -> list[Todo]:
        """The to-dos of a list, a group or directly under a to-do set, whatever their status."""
        return [self.todos[number] for number in self._todos_in.get(parent_id, ()) if number in self.todos]

    def lists_in(self, parent_id: int) -> list[Todolist]:
        """The lists of a to-do set, or the groups of a list, whatever their status."""
        return [self.todolists[number] for number in self._lists_in.get(parent_id, ())]

    def below(self, recording: Recording) -> list[Recording]:
        """What lies directly in a recording: lists, groups, to-dos, subtasks, comments."""
        found: list[Recording] = [*self.lists_in(recording.id), *self.todos_in(recording.id)]
        found += [self.subtasks[number] for number in self.subtasks_of.get(recording.id, ())]
        return found + [self.comments[number] for number in self.comments_of.get(recording.id, ())]

    def move_todo(self, todo: Todo, parent: Todolist | Todoset) -> None:
        """Put a to-do into another list, group or to-do set; what hangs on it goes to its project too."""
        self._todos_in.get(todo.parent_id, {}).pop(todo.id, None)
        todo.parent_id = parent.id
        self.add_todo(todo)
        for moved in (todo, *self.below(todo)):
            moved.project_id = parent.project_id

    def purge_todo(self, todo: Todo) -> None:
        """Remove a to-do for ever, with its comments, subtasks and history."""
        for number in self.comments_of.pop(todo.id, ()):
            del self.comments[number]
        for number in self.subtasks_of.pop(todo.id, ()):
            del self.subtasks[number]
        self.events.pop(todo.id, None)
        self._todos_in.get(todo.parent_id, {}).pop(todo.id, None)
        del self.todos[todo.id]

    def add_comment(self, comment: Comment) -> None:
        self.comments[comment.id] = comment
        self.comments_of.setdefault(comment.parent_id, []).append(comment.id)

    def add_subtask(self, subtask: Subtask) -> None:
        self.subtasks[subtask.id] = subtask
        self.subtasks_of.setdefault(subtask.parent_id, []).append(subtask.id)

    def recording(self, recording_id: int) -> Recording | None:
        for kind in (self.todos, self.comments, self.subtasks, self.todolists, self.todosets):
            found = kind.get(recording_id)
            if found is not None:
                return found
        return None
