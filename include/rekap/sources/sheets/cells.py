"""A tab's cells as values with their kind, from the Sheets API's grid data: formats, strike-through, merges."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from functools import cached_property, lru_cache
from typing import Any, Literal, NamedTuple

Kind = Literal["empty", "text", "number", "date", "time", "bool", "error"]
Place = tuple[int, int]  # 0-based row and column
Merge = tuple[int, int, int, int]  # top, bottom, left, right; 0-based and half-open

EPOCH = date(1899, 12, 30)  # day 0 of a spreadsheet
DAYS = range(1, 80_000)  # serials from 1899-12-31 to 2118: what lies outside is no date of a visit
MOST = 10_000_000  # cells of a spreadsheet, so rows and columns too
MOST_COLUMNS = 200  # a tracker is narrower; what a stray value far to the right brings is not read
MOST_ROWS = 200_000  # a tracker is shorter; what a stray value far below brings is not read
LONGEST = 2_000  # characters; a longer cell is prose, not a value
ERRORS = re.compile(r"#(?:ref|n/a|value|name|div/0|null|num|error)[!?]?|loading\.*|memuat\.*", re.IGNORECASE)
LINES = "-‐‑‒–—―−=_~*.·•…|#+ \n" + "".join(map(chr, range(0x2500, 0x2580)))  # what lines are drawn with
# Marks that nobody sees: the direction of writing, spaces without width. Joiners stay, emoji are made with them.
UNSEEN = dict.fromkeys((0xAD, 0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF))


class Cell(NamedTuple):
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
        return self.kind == "text" and not self.text.strip(LINES)

    @property
    def says(self) -> bool:
        """Whether it holds more than nothing, a drawn line or an empty box."""
        return not (self.kind == "empty" or self.is_line or (self.kind == "bool" and not self.number))

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
UNCALCULATED = "="  # how the text of a formula without a value begins


@dataclass(frozen=True)
class Grid:
    """The rows of one tab, from row 1 to the last that holds something. `beyond`: rows with values to the right of what
    is read, each with the first column of them; `below`: the first row that is not read; `longest`: the first cell that
    is too long to be a value; `uncalculated`: the first formula without a value, where none of the tab has one."""

    rows: list[list[Cell]]
    merges: list[Merge]
    beyond: dict[int, int] = field(default_factory=dict)
    below: int | None = None
    longest: Place | None = None
    uncalculated: Place | None = None

    @cached_property
    def merges_from(self) -> Mapping[int, list[Merge]]:
        """The merges by their first row."""
        found: dict[int, list[Merge]] = {}
        for merge in self.merges:
            found.setdefault(merge[0], []).append(merge)
        return found

    def at(self, row: int, column: int) -> Cell:
        """The cell at 0-based row and column; empty outside."""
        cells = self.rows[row] if 0 <= row < len(self.rows) else ()
        return cells[column] if 0 <= column < len(cells) else EMPTY


def grid_of(sheet: Mapping[str, Any]) -> Grid:
    """The cells of a Sheet resource; a merged cell's value stands in every row that the merge covers."""
    rows: list[list[Cell]] = []
    beyond: dict[int, int] = {}
    below: list[int] = []
    for data in sheet.get("data") or ():
        top, left = int(data.get("startRow") or 0), int(data.get("startColumn") or 0)
        for number, row in enumerate(data.get("rowData") or (), start=top):
            values = (row or {}).get("values") or ()
            made = [cell_of(value) if value else EMPTY for value in values[: max(0, MOST_COLUMNS - left)]]
            while made and made[-1].kind == "empty":
                made.pop()
            further = _first_value(values, max(0, MOST_COLUMNS - left))
            if further is None and not made:
                continue
            if number >= MOST_ROWS:
                below.append(number)
                break
            rows.extend([] for _ in range(number + 1 - len(rows)))
            line = rows[number]
            line.extend(EMPTY for _ in range(left + len(made) - len(line)))
            line[left : left + len(made)] = made
            if further is not None:
                beyond[number] = min(left + further, beyond.get(number, MOST))
    merges = [merge for merge in map(_merge, sheet.get("merges") or ()) if merge]
    uncalculated = _uncalculated(rows, sheet)
    _spread(rows, merges)
    longest = next(
        ((at, column) for at, line in enumerate(rows) for column, cell in enumerate(line) if len(cell.text) > LONGEST),
        None,
    )
    return Grid(rows, merges, beyond, min(below, default=None), longest, uncalculated)


def _first_value(values: Sequence[Mapping[str, Any] | None], start: int) -> int | None:
    """The first position from `start` on that holds a value."""
    if len(values) <= start:
        return None
    return next((at for at in range(start, len(values)) if not cell_of(values[at] or {}).is_empty), None)


def _spread(rows: list[list[Cell]], merges: list[Merge]) -> None:
    """Write the value of each merge into the rows below its first."""
    for top, bottom, left, _ in merges:
        anchor = rows[top][left] if top < len(rows) and left < len(rows[top]) else EMPTY
        if anchor.is_empty:
            continue
        for line in rows[top + 1 : bottom]:
            line.extend(EMPTY for _ in range(left + 1 - len(line)))
            if line[left].is_empty:
                line[left] = anchor._replace(own=False)


def _uncalculated(rows: list[list[Cell]], sheet: Mapping[str, Any]) -> Place | None:
    """The first formula without a value, where the tab is made of such. Else they are formulas that gave nothing, or a
    picture."""
    found = [
        (at, column) for at, line in enumerate(rows) for column, cell in enumerate(line)
        if cell.kind == "error" and cell.text.startswith(UNCALCULATED)
    ]  # fmt: skip
    if not found:
        return None
    values = (
        value or {} for data in sheet.get("data") or () for row in data.get("rowData") or ()
        for value in (row or {}).get("values") or ()
    )  # fmt: skip
    filled = sum(not cell.is_empty for line in rows for cell in line)
    calculated = any("formulaValue" in (value.get("userEnteredValue") or {}) and _has_value(value) for value in values)
    if len(found) * 2 > filled and not calculated:
        return found[0]
    for at, column in found:
        rows[at][column] = EMPTY
    while rows and all(cell.is_empty for cell in rows[-1]):
        rows.pop()
    return None


def _has_value(data: Mapping[str, Any]) -> bool:
    return bool(data.get("effectiveValue") or data.get("formattedValue"))


def cell_of(data: Mapping[str, Any]) -> Cell:
    """A Cell from CellData; every form that the API can send has a kind. A formula without a value is an error."""
    value = data.get("effectiveValue") or data.get("userEnteredValue")
    shown = str(data.get("formattedValue") or "")
    if not value and not shown:
        return EMPTY
    value = value or {}
    look = data.get("effectiveFormat") or data.get("userEnteredFormat") or {}
    struck = bool((look.get("textFormat") or {}).get("strikethrough"))
    link = data.get("hyperlink")
    if "stringValue" in value:
        kind, text = _text(str(value["stringValue"]))
        return Cell(kind, text, 0.0, struck, link) if text else EMPTY
    if "numberValue" in value:
        if not math.isfinite(value["numberValue"]):
            return Cell("error", shown or "#NUM!", 0.0, struck, link)
        return _number(float(value["numberValue"]), shown, look, struck, link)
    if "errorValue" in value:
        return Cell("error", shown or "#ERROR!", 0.0, struck, link)
    if "boolValue" in value:
        return Cell("bool", "TRUE" if value["boolValue"] else "FALSE", float(bool(value["boolValue"])), struck, link)
    if "formulaValue" in value and not shown:
        return Cell("error", UNCALCULATED + plain(str(value["formulaValue"])).removeprefix("="), 0.0, struck, link)
    kind, text = _text(shown)
    return Cell(kind, text, 0.0, struck, link) if text else EMPTY


def plain(text: str) -> str:
    """A text with plain single spaces and no unseen marks; lines stay apart."""
    if not text.isascii():
        text = text.translate(UNSEEN)
    return "\n".join(filter(None, (" ".join(line.split()) for line in text.splitlines())))


@lru_cache(maxsize=65_536)
def _text(written: str) -> tuple[Kind, str]:
    text = plain(written)
    return ("error" if ERRORS.fullmatch(text) else "text"), text


def _number(number: float, shown: str, look: Mapping[str, Any], struck: bool, link: str | None) -> Cell:
    form = (look.get("numberFormat") or {}).get("type") or ""
    written = str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)
    if form in ("DATE", "DATE_TIME") and int(number) in DAYS:
        return Cell("date", shown or (EPOCH + timedelta(days=int(number))).isoformat(), number, struck, link)
    if form == "TIME" and 0 <= number < DAYS.stop:
        return Cell("time", shown or written, number, struck, link)
    return Cell("number", written, number, struck, link)


def _merge(merge: Mapping[str, Any]) -> Merge | None:
    top, left = int(merge.get("startRowIndex") or 0), int(merge.get("startColumnIndex") or 0)
    # A side that is left out is unbounded.
    bottom, right = int(merge.get("endRowIndex") or MOST), int(merge.get("endColumnIndex") or MOST)
    return (top, bottom, left, right) if left < MOST_COLUMNS and bottom > top and right > left else None
