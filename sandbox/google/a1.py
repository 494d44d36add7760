"""A1 notation and the half-open, 0-based rectangles behind it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from sandbox.google.errors import ApiError, bad_request

Sheet = dict[str, Any]

_CELL = re.compile(r"\$?([A-Za-z]{1,3})?\$?([1-9][0-9]*)?$")
_PLAIN_TITLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*$")
_LOOKS_LIKE_CELL = re.compile(r"[A-Za-z]{1,3}[0-9]+$|[Rr]([0-9]*)[Cc]([0-9]*)$")


@dataclass(frozen=True)
class Rectangle:
    """Rows [top, bottom) and columns [left, right) of one sheet."""

    sheet: Sheet
    top: int
    left: int
    bottom: int
    right: int

    def name(self) -> str:
        """Canonical A1 name with the sheet's title."""
        start = f"{letters(self.left)}{self.top + 1}"
        end = f"{letters(self.right - 1)}{self.bottom}"
        return f"{quoted(self.sheet['properties']['title'])}!{start if start == end else f'{start}:{end}'}"


def letters(column: int) -> str:
    """Column letters of a 0-based column index: 0 is A, 26 is AA."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def column_index(text: str) -> int:
    """0-based column index of column letters."""
    number = 0
    for letter in text.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


def quoted(title: str) -> str:
    """A sheet title as it stands in a range: in quotes only where needed."""
    if _PLAIN_TITLE.match(title) and not _LOOKS_LIKE_CELL.match(title):
        return title
    return "'" + title.replace("'", "''") + "'"


def grid_size(sheet: Sheet) -> tuple[int, int]:
    """(rows, columns) of the sheet's grid."""
    grid = sheet["properties"].get("gridProperties", {})
    return grid.get("rowCount", 1000), grid.get("columnCount", 26)


def resolve(book: dict[str, Any], text: str) -> Rectangle:
    """The rectangle that an A1 text names, clipped to the grid.

    Raises ApiError 400 `Unable to parse range` for a missing tab or unreadable text, and 400 `exceeds grid limits`
    when the range begins outside the grid.
    """
    title, cells = _split(text)
    if title is None:
        named = _named(book, text)
        if named is not None:
            return named
        found = _by_title(book, text)
        if found is not None and not _is_cells(text):
            rows, columns = grid_size(found)
            return Rectangle(found, 0, 0, rows, columns)
        visible = [s for s in book["sheets"] if not s["properties"].get("hidden")]
        sheet = (visible or book["sheets"])[0]
    else:
        sheet_or_none = _by_title(book, title)
        if sheet_or_none is None:
            raise bad_request(f"Unable to parse range: {text}")
        sheet = sheet_or_none
    rows, columns = grid_size(sheet)
    if cells is None:
        return Rectangle(sheet, 0, 0, rows, columns)
    top, left, bottom, right = _bounds(cells, text)
    left_, top_ = left or 0, top or 0
    if top_ >= rows or left_ >= columns:
        raise over_the_edge(sheet, text if title else f"{quoted(sheet['properties']['title'])}!{text}")
    return Rectangle(sheet, top_, left_, min(bottom or rows, rows), min(right or columns, columns))


def to_write(book: dict[str, Any], text: str, height: int, width: int) -> Rectangle:
    """The rectangle that height x width cells written to `text` cover; a single cell allows any extent.

    Raises ApiError 400 for a range that is unreadable or too small, and for cells outside the grid.
    """
    _, cells = _split(text)
    place = resolve(book, text)
    rows, columns = grid_size(place.sheet)
    if cells is not None and ":" in cells:
        _, _, bottom, right = _bounds(cells, text)
        inside = f"Requested writing within range [{place.name()}], but tried writing to"
        if bottom is not None and place.top + height > bottom:
            raise bad_request(f"{inside} row [{bottom + 1}]")
        if right is not None and place.left + width > right:
            raise bad_request(f"{inside} column [{letters(right)}]")
    bottom, right = place.top + max(height, 1), place.left + max(width, 1)
    target = Rectangle(place.sheet, place.top, place.left, bottom, right)
    if bottom > rows or right > columns:
        raise over_the_edge(place.sheet, target.name())
    return target


def over_the_edge(sheet: Sheet, name: str) -> ApiError:
    """The refusal of a range outside the grid."""
    rows, columns = grid_size(sheet)
    return bad_request(f"Range ({name}) exceeds grid limits. Max rows: {rows}, max columns: {columns}")


def _split(text: str) -> tuple[str | None, str | None]:
    """(title, cells); title None when the text has none, cells None for a whole sheet."""
    if text.startswith("'"):
        end = 1
        while True:
            end = text.find("'", end)
            if end < 0:
                raise bad_request(f"Unable to parse range: {text}")
            if text[end : end + 2] != "''":
                break
            end += 2
        title, rest = text[1:end].replace("''", "'"), text[end + 1 :]
        if not rest:
            return title, None
        if not rest.startswith("!"):
            raise bad_request(f"Unable to parse range: {text}")
        return title, rest[1:]
    if "!" in text:
        title, _, cells = text.rpartition("!")
        return title, cells
    return None, text


def _bounds(cells: str, text: str) -> tuple[int | None, int | None, int | None, int | None]:
    first, colon, second = cells.partition(":")
    begin = _CELL.match(first) if first else None
    end = _CELL.match(second) if colon and second else None
    if not begin or (colon and not end) or not any(begin.groups()):
        raise bad_request(f"Unable to parse range: {text}")
    left = column_index(begin[1]) if begin[1] else None
    top = int(begin[2]) - 1 if begin[2] else None
    if not end:
        if top is None or left is None:
            raise bad_request(f"Unable to parse range: {text}")
        return top, left, top + 1, left + 1
    right = column_index(end[1]) + 1 if end[1] else None
    bottom = int(end[2]) if end[2] else None
    if top is not None and bottom is not None and bottom <= top:
        top, bottom = bottom - 1, top + 1
    if left is not None and right is not None and right <= left:
        left, right = right - 1, left + 1
    return top, left, bottom, right


def _is_cells(text: str) -> bool:
    """Without quotes a name such as AGT26 is a cell, not the tab of that name."""
    try:
        _bounds(text, text)
    except ApiError:
        return False
    return True


def _by_title(book: dict[str, Any], title: str) -> Sheet | None:
    wanted = title.casefold()
    return next((s for s in book["sheets"] if s["properties"]["title"].casefold() == wanted), None)


def _named(book: dict[str, Any], name: str) -> Rectangle | None:
    for entry in book.get("namedRanges", []):
        if entry["name"].casefold() == name.casefold():
            return from_grid_range(book, entry["range"])
    return None


def from_grid_range(book: dict[str, Any], grid_range: dict[str, Any]) -> Rectangle:
    """The rectangle of a GridRange, unbounded sides taken from the grid. Raises KeyError when no such sheet exists,
    IndexError when it lies outside the grid or is empty."""
    wanted = grid_range.get("sheetId", 0)
    sheet = next((s for s in book["sheets"] if s["properties"]["sheetId"] == wanted), None)
    if sheet is None:
        raise KeyError(wanted)
    rows, columns = grid_size(sheet)
    top, left = grid_range.get("startRowIndex", 0), grid_range.get("startColumnIndex", 0)
    bottom, right = grid_range.get("endRowIndex", rows), grid_range.get("endColumnIndex", columns)
    if not (0 <= top < bottom <= rows and 0 <= left < right <= columns):
        raise IndexError(grid_range)
    return Rectangle(sheet, top, left, bottom, right)
