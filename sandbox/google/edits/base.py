"""What every request of spreadsheets.batchUpdate needs: the draft of the spreadsheet, its sheets and rectangles."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.google import masks, protection
from sandbox.google.a1 import Rectangle, from_grid_range, grid_size
from sandbox.google.state import Book, Principal, State

Sheet = dict[str, Any]
Detail = dict[str, Any]


class Refused(Exception):
    """The request cannot be applied; the text follows `Invalid requests[i].kind: ` in the answer."""


@dataclass
class Edit:
    """One request's view on the draft, which is thrown away when any request is refused."""

    state: State
    who: Principal
    book: Book

    @property
    def locale(self) -> str:
        return str(self.book["properties"]["locale"])

    def sheet(self, sheet_id: int) -> Sheet:
        """The sheet with this id. Raises Refused."""
        for sheet in self.book["sheets"]:
            if sheet["properties"]["sheetId"] == sheet_id:
                found: Sheet = sheet
                return found
        raise Refused(f"No grid with id: {sheet_id}")

    def rectangle(self, grid_range: Detail) -> Rectangle:
        """The rectangle of a GridRange. Raises Refused when the sheet or the cells do not exist."""
        sheet = self.sheet(grid_range.get("sheetId", 0))
        rows, columns = grid_size(sheet)
        try:
            return from_grid_range(self.book, grid_range)
        except IndexError:
            top, left = grid_range.get("startRowIndex", 0), grid_range.get("startColumnIndex", 0)
            bottom, right = grid_range.get("endRowIndex", rows), grid_range.get("endColumnIndex", columns)
            if bottom <= top or right <= left:
                raise Refused("range is empty: the end index must be greater than the start index") from None
            raise Refused(
                f"Range ({sheet['properties']['title']}!R{top + 1}C{left + 1}:R{bottom}C{right}) exceeds grid limits. "
                f"Max rows: {rows}, max columns: {columns}"
            ) from None

    def writable(self, place: Rectangle) -> Rectangle:
        """The same rectangle. Raises ApiError 400 when a cell of it is protected from the caller."""
        protection.check(self.state, self.book, place, self.who)
        return place


Handler = Callable[[Edit, Detail], Detail | None]


def field_names(text: str | None) -> masks.Tree:
    """The tree of a request's `fields`. Raises Refused when it is missing."""
    if not text:
        raise Refused("At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)")
    return masks.parse(text)


def patched(old: Any, new: Any, tree: masks.Tree) -> Any:
    """A new dictionary: `old` with the fields of the tree taken from `new`; a field that `new` lacks is removed."""
    if not tree or "*" in tree:
        return new if new is not None else {}
    result = dict(old or {})
    source = new or {}
    for name, below in tree.items():
        if below:
            result[name] = patched(result.get(name), source.get(name), below)
            if not result[name]:
                del result[name]
        elif name in source:
            result[name] = source[name]
        else:
            result.pop(name, None)
    return result
