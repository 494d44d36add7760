"""Finding the heading of a tracker: one row or two, wherever it stands, and which column means what."""

import re
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

from rekap.sources.sheets.cells import Cell, Grid
from rekap.sources.sheets.headings import Meaning, is_exact, joined, meaning
from rekap.vocabulary import dates, lexicon
from rekap.vocabulary.folding import fold

LEAST = 3  # columns that must be known before a row counts as a heading that lacks most of the core
TRACKER = 4  # columns that make a heading without a date a tracker's all the same
CORE = frozenset(("service_date", "outlet", "service"))
LOOKED_AT = 50  # rows below a heading over several columns


@dataclass(frozen=True)
class Header:
    """`rows`: 0-based rows of the heading; `columns`: meaning → 0-based column, empty for a table that is no tracker;
    `start` and `end`: the columns of the table, half-open; `beside`: the column in which a second tracker begins, in the
    same rows; `texts`: what is written above each column."""

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
            if _is_trackers(header.columns):
                return header
            lesser = lesser or header
    return lesser


def at(grid: Grid, row: int) -> Header | None:
    """The heading that begins in this row, with the second row that belongs to it, or None."""
    cells = grid.rows[row]
    if _holds_values(cells):
        return None
    texts = [_heading(cell) for cell in cells]
    alone = _table(texts)
    if row + 1 < len(grid.rows) and sum(map(bool, texts)) > 1:
        combined = _combined(grid, row)
        both = _table(combined)
        if _enough(both.columns) and _belongs(grid, row, alone.columns, both.columns) and not _tells_day(cells):
            return _header(grid, (row, row + 1), both, combined)
    return _header(grid, (row,), alone, texts) if _enough(alone.columns) and not _tells_day(cells) else None


def again(grid: Grid, header: Header, first: Header, row: int) -> Header | None:
    """The heading that stands anew in this row, perhaps with its columns in another order, or None. What it says
    nothing of stays where it was, unless something else has moved. `first`: the first heading of the tab.

    Cells may say "service" or "Selesai" as headings do; a day or an outlet is never called "Tanggal" or "Outlet"."""
    cells = grid.rows[row]
    if _holds_values(cells) or _is_day(grid.at(row, header.columns.get("service_date", -1))):
        return None
    own = {at: _heading(cell) for at, cell in enumerate(cells) if cell.kind != "empty" and cell.own}
    if len(own) < 2:
        return None
    same = next((each for each in (header, first) if _is_same(each, own)), None)
    if not same and not _heads(own, header):
        return None
    found = at(grid, row)
    if found is None:
        return replace(same, rows=(row,)) if same else Header((row,), {}, texts=_texts(grid, (row,)))
    if not same and not _tells_orders(found.columns):
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
    if {"service_date", "outlet"} <= exact and len(found) >= LEAST:
        return True
    moved = any(header.columns.get(known[0]) != at for at, known in found.items())
    return bool(exact & {"service_date", "outlet"}) and moved and all(at in found and is_exact(found[at]) for at in own)


class _Table(NamedTuple):
    """The columns of the table that is read among those of one heading, and where the next tracker begins."""

    columns: dict[str, int]
    start: int = 0
    end: int | None = None
    beside: int | None = None


def _table(headings: list[str]) -> _Table:
    """The first tracker of a heading, else its first table."""
    spans = _spans(headings)
    tables = [(span, _columns(headings, *span)) for span in spans]
    trackers = [(span, found) for span, found in tables if "service_date" in found and len(CORE & found.keys()) >= 2]
    (start, end), columns = (trackers or tables)[0]
    beside = trackers[1][0][0] if len(trackers) > 1 else None
    return _Table(columns, start, None if (start, end) == spans[-1] else end, beside)


def _spans(headings: list[str]) -> list[tuple[int, int]]:
    """The columns of each table. Another one begins behind an empty column with a heading that stood before, or
    without such a column where a day and an outlet or a service stand once more."""
    found = [meaning(heading) if heading else None for heading in headings]
    known: dict[str, int] = {}
    starts = [0]
    block = 0
    repeated: dict[str, int] = {}
    for at, each in enumerate(found):
        if at and headings[at] and not headings[at - 1]:
            block = at
        if each is None or not is_exact(each):
            continue
        if each[0] not in known:
            known[each[0]] = at
        elif block > known[each[0]]:
            starts.append(block)
            known, repeated = {name: place for name, place in known.items() if place >= block} | {each[0]: at}, {}
        else:
            repeated.setdefault(each[0], at)
            if "service_date" in repeated and {"outlet", "service"} & repeated.keys():
                starts.append(min(repeated.values()))
                known, repeated = repeated, {}
    return list(zip(starts, [*starts[1:], len(headings)], strict=True))


def _columns(headings: list[str], start: int, end: int) -> dict[str, int]:
    """The best column for each meaning."""
    best: dict[str, tuple[int, int]] = {}
    for at in range(start, end):
        found = meaning(headings[at]) if headings[at] else None
        if found and (found[0] not in best or found[1] < best[found[0]][0]):
            best[found[0]] = (found[1], at)
    return {name: best[name][1] for name in lexicon.spellings("trackers", "headings") if name in best}


def _header(grid: Grid, rows: tuple[int, ...], table: _Table, headings: list[str]) -> Header:
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
            if text := _heading(cell):
                texts.setdefault(column, []).append(text)
    return texts


def _enough(columns: dict[str, int]) -> bool:
    core = CORE & columns.keys()
    return len(core) >= 2 or (len(core) >= 1 and len(columns) >= LEAST)


def _is_trackers(columns: dict[str, int]) -> bool:
    core = CORE & columns.keys()
    return len(core) >= 2 and ("service_date" in core or len(columns) >= TRACKER)


def _tells_orders(columns: dict[str, int]) -> bool:
    """Whether a table has what makes an order: a day or an outlet with what is done there."""
    core = CORE & columns.keys()
    return len(core) >= 2


def _holds_values(row: list[Cell]) -> bool:
    """A row with dates, times or ticks is no heading, whatever words stand beside them."""
    return any(cell.kind in ("date", "time", "bool") for cell in row)


def _tells_day(row: list[Cell]) -> bool:
    """ "Tanggal | 31 Agustus 2026" above a tracker tells a day and heads nothing."""
    texts = [cell.text for cell in row if cell.kind == "text" and not meaning(_heading(cell))]
    return any(re.search(r"\d", text) and names_day(text) for text in texts)


@lexicon.by_words(16_000)
def names_day(text: str) -> bool:
    """Whether a text names a day, in or out of any month."""
    return dates.read_date(text, tab_month="2000-01").problem not in ("no_date", "bad_date")


def _heading(cell: Cell) -> str:
    return cell.text.replace("\n", " ") if cell.kind == "text" else ""


def _belongs(grid: Grid, row: int, alone: dict[str, int], both: dict[str, int]) -> bool:
    """Whether the next row is the second half of the heading: tied to it by merges, or it makes more of it."""
    below = grid.rows[row + 1]
    own = {at: cell for at, cell in enumerate(below) if cell.own and cell.says}
    if not own or _holds_values(below) or any(cell.kind != "text" for cell in own.values()):
        return False
    found = [meaning(_heading(cell)) or meaning(text) for cell, text in
             ((cell, joined(_group(grid, row, at), _heading(cell))) for at, cell in own.items())]  # fmt: skip
    known = sum(1 for each in found if each)
    by_itself = _table([_heading(cell) if cell.own else "" for cell in below]).columns
    if _tied(grid, row):
        return known * 2 > len(own) and len(both) >= max(len(alone), len(by_itself))
    if known < len(own) * 2 / 3 or not any(map(is_exact, found)):
        return False
    return len(both) > max(len(alone), len(by_itself))


def _tied(grid: Grid, row: int) -> bool:
    """Whether a merge makes the row and the next one heading: it reaches down into the next, or stands in some columns
    of the row above headings of their own."""
    width = max(len(grid.rows[row]), len(grid.rows[row + 1]))
    for _, bottom, left, right in grid.merges_from.get(row, ()):
        if bottom == row + 2:
            return True
        if bottom == row + 1 and 1 < right - left < max(2, width - 1):
            own = [grid.at(row + 1, column) for column in range(left, right)]
            said = [cell for cell in own if cell.kind == "text" and cell.own and meaning(_heading(cell))]
            if len(said) > 1 or (said and len(said) == len(own)):
                return True
    return False


def _group(grid: Grid, row: int, column: int) -> str:
    """What stands above a column in the upper row: its own heading, that of the merge, or of the last one that goes on
    over columns without a heading."""
    text = _heading(grid.at(row, column))
    if text:
        return text
    merges = grid.merges_from.get(row, ())
    for _, _, left, right in merges:
        if left <= column < right:
            return _heading(grid.at(row, left))
    before = next((at for at in range(column - 1, -1, -1) if not grid.at(row, at).is_empty), None)
    if before is None or any(left <= before < right for _, _, left, right in merges):
        return ""
    # Without merges a group goes on only as long as headings stand below each of its columns.
    between = [grid.at(row + 1, at) for at in range(before, column)]
    return _heading(grid.at(row, before)) if all(cell.says for cell in between) else ""


def _combined(grid: Grid, row: int) -> list[str]:
    """For each column its own heading in the lower row, read with the group above it where it needs that."""
    headings = []
    for column in range(max(len(grid.rows[row]), len(grid.rows[row + 1]))):
        cell = grid.at(row + 1, column)
        own = _heading(cell) if cell.own else ""
        group = _group(grid, row, column)
        both = joined(group, own)
        headings.append(group if not own else both if is_exact(meaning(both)) or not meaning(own) else own)
    return headings
