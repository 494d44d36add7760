"""One request as the handlers see it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import Headers, QueryParams

from sandbox.google import access
from sandbox.google.errors import ApiError, bad_request
from sandbox.google.state import Book, File, Principal, State


@dataclass
class Reply:
    """An answer that is more than JSON with status 200: raw bytes, another status or own headers."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    json: Any = None


@dataclass
class Call:
    """`who` is None only on routes without token. `origin` is scheme and host as the client wrote them."""

    state: State
    who: Principal
    path: dict[str, str]
    query: QueryParams
    headers: Headers
    body: bytes
    origin: str

    def flag(self, name: str) -> bool:
        """A boolean query parameter, false when absent."""
        return self.query.get(name, "false").lower() in ("true", "1", "")

    def json(self) -> Any:
        """The JSON body, {} when empty. Raises ApiError 400."""
        if not self.body.strip():
            return {}
        try:
            return json.loads(self.body)
        except ValueError as bad:
            raise bad_request(f"Invalid JSON payload received. {bad}") from bad

    def book(self, role: str = "reader") -> Book:
        """The spreadsheet of the path. Raises ApiError 404 when there is none, 403 for a caller below `role`."""
        spreadsheet_id = self.path["spreadsheetId"]
        book, file = self.state.book(spreadsheet_id), self.state.find(spreadsheet_id)
        if book is None or file is None:
            raise ApiError(404, "Requested entity was not found.")
        if access.rank(self.state, file, self.who) < access.RANK[role]:
            raise ApiError(403, "The caller does not have permission")
        return book

    def file(self, name: str = "fileId") -> File:
        """The file of the path, if visible with this call's supportsAllDrives. Raises ApiError 404."""
        return access.visible(self.state, self.path[name], self.who, self.flag("supportsAllDrives"))
