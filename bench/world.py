"""A large world from a small one: the twin's twenty clients with their projects, to-dos and trackers, again and again.

Every copy has ids of its own and lies a little earlier, so that no two records share their times.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sandbox.world import World, build, drive, trackers
from sandbox.world.account import Account, Recording
from sandbox.world.building import DEFAULT_NOW
from sandbox.world.model import Client, Order

CLIENTS = 20  # as many as the twin has names for
FEWEST_A_MONTH = 12  # below this the twin plants more troubles than orders
MONTHS = 3.46  # to-dos of a built world for each order per month: three months, the coming days, the troubles
APART = timedelta(minutes=13, milliseconds=7)


def make(seed: int, wanted_trackers: int, wanted_todos: int) -> World:
    """A world of `wanted_trackers` clients, each with its tracker, and about `wanted_todos` to-dos.

    Raises ValueError when the trackers are no multiple of the clients of one world."""
    clients = min(CLIENTS, wanted_trackers)
    if wanted_trackers % clients:
        raise ValueError(f"{wanted_trackers} trackers: give at most {CLIENTS}, or a multiple of {CLIENTS}")
    copies = wanted_trackers // clients
    a_month = max(FEWEST_A_MONTH, round(wanted_todos / copies / MONTHS))
    world = build(seed, DEFAULT_NOW, clients, a_month)
    first = _Copy(world)
    for number in range(1, copies):
        first.again(number)
    world.shared_drives, world.drive_files = drive.files(world)
    return world


class _Copy:
    """The first world as it was built, and what is made from it."""

    def __init__(self, world: World) -> None:
        self.world, self.account = world, world.account
        self.clients, self.orders = list(world.clients), list(world.orders)
        own = {client.project_id for client in self.clients}
        self.projects = [project for project in self.account.projects.values() if project.id in own]
        self.kept = {kind: self._of(kind, own) for kind in ("todosets", "todolists", "todos", "subtasks", "comments")}
        self.keepers: dict[str, Callable[[Any], None]] = {
            "todosets": lambda row: self.account.todosets.__setitem__(row.id, row),
            "todolists": self.account.add_todolist,
            "todos": self.account.add_todo,
        }
        self.blobs = {number for comment in self.kept["comments"] for number in comment.blob_ids}

    def _of(self, kind: str, projects: set[int]) -> list[Any]:
        return [row for row in getattr(self.account, kind).values() if row.project_id in projects]

    def again(self, number: int) -> None:
        """Adds copy `number` of every client, with all that belongs to it, to the world."""
        ids = _Ids(self.account)
        earlier = APART * number
        for project in self.projects:
            dock = [replace(tool, id=ids.new(tool.id)) for tool in project.dock]
            self.account.projects[ids.new(project.id)] = replace(
                project, id=ids.new(project.id), name=f"{project.name} {number}", dock=dock
            )
        for blob_id in self.blobs:
            blob = self.account.blobs[blob_id]
            made = replace(blob, id=ids.new(blob_id), key=f"{blob.key}{number}")
            self.account.blobs[made.id] = made
        for kind, rows in self.kept.items():
            for row in rows:
                self._keep(kind, self._moved(row, ids, earlier), ids)
        for client in self.clients:
            self._client(client, number, ids)

    def _moved(self, row: Recording, ids: _Ids, earlier: timedelta) -> Any:
        return replace(
            row, id=ids.new(row.id), project_id=ids.new(row.project_id), parent_id=ids.new(row.parent_id),
            created_at=row.created_at - earlier, updated_at=row.updated_at - earlier,
        )  # fmt: skip

    def _keep(self, kind: str, row: Any, ids: _Ids) -> None:
        if kind == "comments":
            for old in row.blob_ids:
                row.content = row.content.replace(f'blob="{old}"', f'blob="{ids.new(old)}"')
            row.blob_ids = [ids.new(old) for old in row.blob_ids]
            self.account.add_comment(row)
        elif kind == "subtasks":
            self.account.add_subtask(row)
        else:
            for name in ("assignee_ids", "completion_subscriber_ids", "subscriber_ids"):
                if hasattr(row, name):
                    setattr(row, name, list(getattr(row, name)))
            self.keepers[kind](row)

    def _client(self, client: Client, number: int, ids: _Ids) -> None:
        slug = f"{client.slug}-{number}"
        outlets = {outlet.code: replace(outlet, code=f"{outlet.code}-{number}") for outlet in client.outlets}
        scopes = [
            {name: ids.new(value) if name in ("project_id", "list_id") else value for name, value in scope.items()}
            for scope in client.scopes
        ]
        made = replace(
            client, slug=slug, name=f"{client.name} {number}", outlets=list(outlets.values()), scopes=scopes,
            spreadsheet_id=trackers.file_id(self.world.seed, f"tracker/{slug}"),
            drive_folder_id=drive.folder_id(self.world.seed, slug), project_id=ids.new(client.project_id),
        )  # fmt: skip
        orders = [
            replace(order, client=made, outlet=outlets[order.outlet.code], order_id=ids.new(order.order_id), row=None)
            for order in self.orders
            if order.client is client
        ]
        self._tracker(made, orders)
        self.world.clients.append(made)
        self.world.orders.extend(orders)

    def _tracker(self, client: Client, orders: list[Order]) -> None:
        told = [order for order in orders if order.in_tracker]
        drawn = trackers.draw(client, told, self.world.seed, self.account.id)
        self.world.spreadsheets[client.spreadsheet_id] = drawn


class _Ids:
    """New ids of one copy: the same old id always becomes the same new one; 0 stays."""

    def __init__(self, account: Account) -> None:
        self._account, self._known = account, {0: 0}

    def new(self, old: int) -> int:
        if old not in self._known:
            self._known[old] = self._account.new_id()
        return self._known[old]
