"""Lists of the large account, kept until something changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from starlette.responses import Response

from sandbox.basecamp import routes
from sandbox.basecamp.request import Call
from sandbox.basecamp.routes import ROUTES, Handler
from sandbox.world.account import Account, Todo

Rows = Sequence[Any]


class Index:
    """Answers the two kinds of lists that grow with the account as `sandbox.basecamp.routes` does."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._sorted: dict[tuple[str | None, ...], Rows] = {}
        self._of_list: dict[int, list[Todo]] = {}

    def forget(self) -> None:
        """To be called when records changed."""
        self._sorted.clear()
        self._of_list.clear()

    def routes(self) -> tuple[tuple[str, str, Handler], ...]:
        """The sandbox's routes, with these lists in their place."""
        own: dict[str, Handler] = {"/projects/recordings": self.recordings, "/todolists/{id:int}/todos": self.todos}
        return tuple((method, path, own.get(path, handler) if method == "GET" else handler)
                     for method, path, handler in ROUTES)  # fmt: skip

    def recordings(self, call: Call) -> Response:
        if call.param("bucket") or call.param("type") not in ("Todo", "Comment"):
            return routes.recordings(call)
        key = tuple(call.param(name) for name in ("type", "status", "sort", "direction"))
        if key not in self._sorted:
            self._sorted[key] = self._rows(*key)
        return call.listed(self._sorted[key], lambda row: routes.show(call, row, recordings_row=True))

    def _rows(self, kind: str | None, status: str | None, sort: str | None, direction: str | None) -> Rows:
        source: dict[int, Any] = self._account.todos if kind == "Todo" else self._account.comments  # type: ignore[assignment]
        active = {project.id for project in self._account.projects.values() if project.status == "active"}
        rows = [row for row in source.values() if row.status == (status or "active") and row.project_id in active]
        by = "updated_at" if sort == "updated_at" else "created_at"
        rows.sort(key=lambda row: (getattr(row, by), row.id), reverse=direction != "asc")
        return rows

    def todos(self, call: Call) -> Response:
        if not self._of_list:
            of_list = defaultdict(list)
            for todo in self._account.todos.values():
                of_list[todo.parent_id].append(todo)
            self._of_list = dict(of_list)
        parent = call.seen(self._account.todolists.get(call.number()))
        status, completed = call.param("status"), call.param("completed")
        rows = [todo for todo in self._of_list.get(parent.id, []) if todo.status == (status or "active")]
        if completed == "true" or status is None:
            rows = [todo for todo in rows if (todo.completed_at is not None) == (completed == "true")]
        places = {todo.id: place for place, todo in enumerate(rows, start=1)}
        return call.listed(rows, lambda todo: call.payloads.todo(todo, position=places[todo.id]))
