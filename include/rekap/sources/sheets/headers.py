"""Finding the heading of a tracker: one row or two, wherever it stands, and which column means what."""

import re
from dataclasses import dataclass, field, replace
from functools import cached_property

from rekap.sources.sheets import groups, tables
from rekap.sources.sheets.cells import Cell, Grid, holds_values
from rekap.sources.sheets.headings import Meaning, is_exact, meaning
from rekap.sources.sheets.tables import Table, table_of
from rekap.vocabulary import dates, lexicon
from rekap.vocabulary.folding import fold

LOOKED_AT = 50  # rows below a heading over several columns


@dataclass(frozen=True)
class Header:
    """`rows`: 0-based rows of the heading; `columns`: meaning → 0-based column, empty for a table that is no tracker;
    `start` and `end`: the columns of the table, half-open; `beside`: the column in which a second tracker begins, in
    the same rows; `texts`: what is written above each column."""

    rows: tuple[int, ...]
    columns: dict[str, int]
    start: int = 0
    end: int | None = None
    beside: int | None = None
    texts: dict[int, list[str]] = field(default_factory=dict, repr=False)

    @cached_property
    def names(self) -> dict[int, str]:
        """0-based column → meaning."""
        return {column: name for name, column in self.columns.items()}


def find(grid: Grid) -> Header | None:
    """The heading nearest the top, or None. One that is no tracker's (outlet, total, status) only where no other is."""
    lesser = None
    for row in range(len(grid.rows)):
        if header := at(grid, row):
            if tables.is_trackers(header.columns):
                return header
            lesser = lesser or header
    return lesser


def at(grid: Grid, row: int) -> Header | None:
    """The heading that begins in this row, with the second row that belongs to it, or None."""
    cells = grid.rows[row]
    if holds_values(cells):
        return None
    texts = [cell.heading for cell in cells]
    alone = table_of(texts)
    if row + 1 < len(grid.rows) and (sum(map(bool, texts)) > 1 or groups.is_group(grid, row)):
        combined = groups.combined(grid, row)
        both = table_of(combined)
        if (
            tables.enough(both.columns)
            and groups.belongs(grid, row, alone.columns, both.columns)
            and not _tells_day(cells)
        ):
            return _header(grid, (row, row + 1), both, combined)
    return _header(grid, (row,), alone, texts) if tables.enough(alone.columns) and not _tells_day(cells) else None


def again(grid: Grid, header: Header, first: Header, row: int) -> Header | None:
    """The heading that stands anew in this row, perhaps with its columns in another order, or None. What it says
    nothing of stays where it was, unless something else has moved. `first`: the first heading of the tab.

    Cells may say "service" or "Selesai" as headings do; a day or an outlet is never called "Tanggal" or "Outlet"."""
    cells = grid.rows[row]
    if holds_values(cells) or _is_day(grid.at(row, header.columns.get("service_date", -1))):
        return None
    own = {at: cell.heading for at, cell in enumerate(cells) if cell.kind != "empty" and cell.own}
    if len(own) == 1 and groups.is_group(grid, row):
        below = again(grid, header, first, row + 1)
        return below and replace(at(grid, row) or below, rows=(row, *below.rows))
    if len(own) < 2:
        return None
    same = next((each for each in (header, first) if _is_same(each, own)), None)
    if not same and not _heads(own, header):
        return None
    found = at(grid, row)
    if found is None:
        return replace(same, rows=(row,)) if same else Header((row,), {}, texts=_texts(grid, (row,)))
    if not same and not tables.tells_orders(found.columns):
        return replace(found, columns={})
    same = same or header
    if any(same.columns.get(name, column) != column for name, column in found.columns.items()):
        return found
    written = {column for each in found.rows for column, cell in enumerate(grid.rows[each]) if cell.own and cell.says}
    kept = {name: column for name, column in same.columns.items() if column not in written}
    return replace(found, columns=kept | found.columns)


def letter(column: int) -> str:
    """The letters of a 0-based column: A, B, … Z, AA."""
    letters, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _is_same(header: Header, own: dict[int, str]) -> bool:
    """Whether a row holds the words of the heading in their columns."""
    equal = {at for at, text in own.items() if text and text in header.texts.get(at, ())}
    if len(equal) < 2:
        return False
    names = {name for name, at in header.columns.items() if at in equal}
    return bool(names & {"service_date", "outlet"}) and len(equal) * 2 > len(own)


def _heads(own: dict[int, str], header: Header) -> bool:
    """Whether a row is a heading of its own words: a day and an outlet are called so, or each cell is a heading and
    one at least stands where it did not stand before."""
    least = (len(own) * 2 + 2) // 3
    found: dict[int, Meaning] = {}
    for number, (at, text) in enumerate(own.items(), start=1):
        if text and (known := meaning(text)):
            found[at] = known
        elif text and fold(text) in lexicon.words("trackers", "totals"):
            found[at] = ("units", 0)
        elif number - len(found) > len(own) - least:
            return False  # most rows end here
    exact = {known[0] for known in found.values() if is_exact(known)}
    if {"service_date", "outlet"} <= exact and len(found) >= tables.LEAST:
        return True
    moved = any(header.columns.get(known[0]) != at for at, known in found.items())
    return bool(exact & {"service_date", "outlet"}) and moved and all(at in found and is_exact(found[at]) for at in own)


def _header(grid: Grid, rows: tuple[int, ...], table: Table, headings: list[str]) -> Header:
    columns = dict(table.columns)
    if "service_date" in columns:
        columns["service_date"] = _day_column(grid, rows[-1] + 1, headings, columns["service_date"])
    return Header(rows, columns, table.start, table.end, table.beside, _texts(grid, rows))


def _day_column(grid: Grid, below: int, headings: list[str], column: int) -> int:
    """Where the days stand under a heading over several columns: "Hari/Tanggal" above "Jumat" and "7/8/2026"."""
    end = next((at for at in range(column + 1, len(headings)) if headings[at]), len(headings))
    if end - column == 1 or column + 1 == len(headings):
        return column
    dated = [
        sum(_is_day(grid.at(row, at)) for row in range(below, min(below + LOOKED_AT, len(grid.rows))))
        for at in range(column, end)
    ]
    return column if dated[0] else column + dated.index(max(dated))


def _is_day(cell: Cell) -> bool:
    return cell.kind == "date" or (cell.kind == "text" and names_day(cell.text))


def _texts(grid: Grid, rows: tuple[int, ...]) -> dict[int, list[str]]:
    texts: dict[int, list[str]] = {}
    for row in rows:
        for column, cell in enumerate(grid.rows[row]):
            if text := cell.heading:
                texts.setdefault(column, []).append(text)
    return texts


def _tells_day(row: list[Cell]) -> bool:
    """ "Tanggal | 31 Agustus 2026" above a tracker tells a day and heads nothing."""
    texts = [cell.text for cell in row if cell.kind == "text" and not meaning(cell.heading)]
    return any(re.search(r"\d", text) and names_day(text) for text in texts)


@lexicon.by_words(16_000)
def names_day(text: str) -> bool:
    """Whether a text names a day, in or out of any month."""
    return dates.read_date(text, tab_month="2000-01").problem not in ("no_date", "bad_date")
