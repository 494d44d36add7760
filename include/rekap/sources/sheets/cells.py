"""A tab's cells as values with their kind, from the Sheets API's grid data: formats, strike-through, merges."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from typing import Any, Literal

from rekap.vocabulary.folding import fold

Kind = Literal["empty", "text", "number", "date", "time", "bool", "error"]

EPOCH = date(1899, 12, 30)  # day 0 of a spreadsheet
DAYS = range(1, 80_000)  # serials from 1899-12-31 to 2118: what lies outside is no date of a visit
MOST = 10_000_000  # cells of a spreadsheet, so rows and columns too
MOST_COLUMNS = 200  # a tracker is narrower; what a stray value far to the right brings is not read
ERRORS = re.compile(r"#(?:ref|n/a|value|name|div/0|null|num|error)[!?]?|loading\.*|memuat\.*", re.IGNORECASE)
LINES = re.compile(r"[-‐-―−=_~*.·•|#+\s]*")


@dataclass(frozen=True)
class Cell:
    """One cell. `text`: what a person reads, spaces made plain. `own`: False where only a merge brings the value."""

    kind: Kind = "empty"
    text: str = ""
    number: float = 0.0
    struck: bool = False
    link: str | None = None
    own: bool = True

    @property
    def is_empty(self) -> bool:
        return self.kind == "empty"

    @property
    def is_line(self) -> bool:
        """A drawn line: dashes, dots, underscores, nothing that says something."""
        return self.kind == "text" and LINES.fullmatch(self.text) is not None

    @property
    def day(self) -> date | None:
        """The date of a date cell."""
        return EPOCH + timedelta(days=int(self.number)) if self.kind == "date" else None

    @property
    def clock(self) -> time | None:
        """The time of day of a time cell, or of the fraction of a date cell; to the minute."""
        if self.kind not in ("date", "time"):
            return None
        minutes = round(self.number % 1 * 1440)
        if minutes == 0 and self.kind == "date":
            return None
        return time(minutes // 60 % 24, minutes % 60)


EMPTY = Cell()


@dataclass(frozen=True)
class Grid:
    """The rows of one tab, from row 1 to the last that holds something; `merges` are (top, bottom, left, right),
    0-based and half-open."""

    rows: list[list[Cell]]
    merges: list[tuple[int, int, int, int]]

    def at(self, row: int, column: int) -> Cell:
        """The cell at 0-based row and column; empty outside."""
        cells = self.rows[row] if 0 <= row < len(self.rows) else []
        return cells[column] if 0 <= column < len(cells) else EMPTY


def grid_of(sheet: Mapping[str, Any]) -> Grid:
    """The cells of a Sheet resource; a merged cell's value stands in every row that the merge covers."""
    rows: list[list[Cell]] = []
    for data in sheet.get("data") or ():
        top, left = int(data.get("startRow") or 0), int(data.get("startColumn") or 0)
        for number, row in enumerate(data.get("rowData") or (), start=top):
            values = (row or {}).get("values") or ()
            made = [cell_of(value or {}) for value in values[: max(0, MOST_COLUMNS - left)]]
            while made and made[-1].is_empty:
                made.pop()
            if not made:
                continue
            rows.extend([] for _ in range(number + 1 - len(rows)))
            line = rows[number]
            line.extend(EMPTY for _ in range(left + len(made) - len(line)))
            line[left : left + len(made)] = made
    merges = [merge for merge in map(_merge, sheet.get("merges") or ()) if merge]
    grid = Grid(rows, merges)
    for top, bottom, left, _ in merges:
        anchor = grid.at(top, left)
        if anchor.is_empty:
            continue
        for line in rows[top + 1 : bottom]:
            line.extend(EMPTY for _ in range(left + 1 - len(line)))
            if line[left].is_empty:
                line[left] = replace(anchor, own=False)
    return grid


def cell_of(data: Mapping[str, Any]) -> Cell:
    """A Cell from CellData; every form that the API can send has a kind."""
    value = data.get("effectiveValue") or data.get("userEnteredValue") or {}
    shown = str(data.get("formattedValue") or "")
    look = data.get("effectiveFormat") or data.get("userEnteredFormat") or {}
    struck = bool((look.get("textFormat") or {}).get("strikethrough"))
    link = data.get("hyperlink")
    if "errorValue" in value:
        return Cell("error", shown or "#ERROR!", struck=struck, link=link)
    if "boolValue" in value:
        return Cell("bool", "TRUE" if value["boolValue"] else "FALSE", float(bool(value["boolValue"])), struck, link)
    if "numberValue" in value and not math.isfinite(value["numberValue"]):
        return Cell("error", shown or "#NUM!", struck=struck, link=link)
    if "numberValue" in value:
        return _number(float(value["numberValue"]), shown, look, struck, link)
    text = plain(str(value.get("stringValue", shown)))
    if not text:
        return EMPTY
    return Cell("error" if ERRORS.fullmatch(text) else "text", text, struck=struck, link=link)


def plain(text: str) -> str:
    """A text with plain single spaces; lines stay apart."""
    return "\n".join(filter(None, (" ".join(line.split()) for line in text.splitlines())))


def is_folded_in(cell: Cell, words: frozenset[str]) -> bool:
    """Whether a text is one of the folded words, punctuation at its end apart."""
    return fold(cell.text).strip(" .:*()") in words


def _number(number: float, shown: str, look: Mapping[str, Any], struck: bool, link: str | None) -> Cell:
    form = str((look.get("numberFormat") or {}).get("type") or "")
    written = str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)
    if form in ("DATE", "DATE_TIME") and int(number) in DAYS:
        return Cell("date", shown or (EPOCH + timedelta(days=int(number))).isoformat(), number, struck, link)
    if form == "TIME" and 0 <= number <= 1:
        return Cell("time", shown or written, number, struck, link)
    return Cell("number", written, number, struck, link)


def _merge(merge: Mapping[str, Any]) -> tuple[int, int, int, int] | None:
    top, left = int(merge.get("startRowIndex") or 0), int(merge.get("startColumnIndex") or 0)
    # A side that is left out is unbounded.
    bottom, right = int(merge.get("endRowIndex") or MOST), int(merge.get("endColumnIndex") or MOST)
    return (top, bottom, left, right) if left < MOST_COLUMNS and bottom > top and right > left else None
