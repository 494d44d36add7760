"""One API request as the routes see it: the caller, the account, the payloads, and what they may answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.basecamp import paging
from sandbox.basecamp.payloads import Payloads
from sandbox.basecamp.state import State
from sandbox.world.account import Account, Project, Recording

Found = TypeVar("Found", bound=Recording)


class NotFound(Exception):
    """404: purged or not visible, the API does not say which."""


@dataclass
class Call:
    """``bucket`` is the project of a /buckets/ address, None for a flat one; ``path`` the address as it was called."""

    state: State
    request: Request
    person_id: int
    bucket: int | None
    path: str
    body: bytes
    payloads: Payloads

    @property
    def account(self) -> Account:
        return self.state.account

    def number(self, name: str = "id") -> int:
        return int(self.request.path_params[name])

    def param(self, name: str) -> str | None:
        return self.request.query_params.get(name)

    def json(self) -> dict[str, Any]:
        """The body as an object; raises ValueError when it is none."""
        found = json.loads(self.body or b"{}")
        if not isinstance(found, dict):
            raise ValueError("the body must be a JSON object")
        return found

    def sees(self, project: Project) -> bool:
        """Whether the caller may know that the project exists."""
        return self.person_id not in project.hidden_from

    def project(self, project_id: int) -> Project:
        """Raises NotFound for a project that does not exist or that the caller cannot see."""
        found = self.account.projects.get(project_id)
        if found is None or not self.sees(found):
            raise NotFound
        return found

    def seen(self, found: Found | None) -> Found:
        """``found`` if there is one, in the bucket that the address names.

        Raises NotFound otherwise.
        """
        if found is None or (self.bucket is not None and found.project_id != self.bucket):
            raise NotFound
        self.project(found.project_id)
        if found.status == "trashed" and self.state.switches.trashed_is_gone:
            raise NotFound
        return found

    def listed(self, rows: Sequence[Any], show: Callable[[Any], Any], counted: bool = True, error: int = 0) -> Response:
        """One geared page of ``rows`` with Link and, when ``counted``, X-Total-Count, off by ``error``."""
        cursors = self.state.switches.cursor_pages
        page = paging.page_of(self.param("page"), cursors)
        part, more = paging.cut(rows, page)
        headers = {"X-Total-Count": str(max(0, len(rows) + error))} if counted else {}
        if more:
            url = f"{origin_of(self.request)}{self.path}"
            headers["Link"] = paging.next_link(url, self.request.url.query, page, cursors)
        return JSONResponse([show(row) for row in part], headers=headers)


def origin_of(request: Request) -> str:
    """Scheme, host and port as the caller spells them."""
    return f"{request.url.scheme}://{request.headers.get('host', request.url.netloc)}"
