"""Finding the heading of a tracker: one row or two, wherever it stands, and which column means what."""

import re
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from rekap.sources.sheets.cells import Cell, Grid
from rekap.sources.sheets.headings import Meaning, is_exact, joined, meaning
from rekap.vocabulary import dates, lexicon

LEAST = 3  # columns that must be known before a row counts as a heading that lacks most of the core
TRACKER = 4  # columns that make a heading without a date a tracker's all the same
CORE = frozenset(("service_date", "outlet", "service"))


@dataclass(frozen=True)
class Header:
    """`rows`: 0-based rows of the heading; `columns`: meaning → 0-based column; `beside`: the column in which a second
    table begins, in the same rows; `texts`: what is written above each column."""

    rows: tuple[int, ...]
    columns: dict[str, int]
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
    alone, beside = _columns(texts)
    if row + 1 < len(grid.rows) and sum(map(bool, texts)) > 1:
        both, both_beside = _columns(_combined(grid, row))
        if _enough(both) and _belongs(grid, row, alone, both) and not _tells_day(cells):
            return _header(grid, (row, row + 1), both, both_beside)
    return _header(grid, (row,), alone, beside) if _enough(alone) and not _tells_day(cells) else None


def _header(grid: Grid, rows: tuple[int, ...], columns: dict[str, int], beside: int | None) -> Header:
    texts: dict[int, list[str]] = {}
    for row in rows:
        for column, cell in enumerate(grid.rows[row]):
            if text := _heading(cell):
                texts.setdefault(column, []).append(text)
    return Header(rows, columns, beside, texts)


def again(grid: Grid, header: Header, row: int) -> Header | None:
    """The heading that stands anew in this row, perhaps with its columns in another order, or None. What it says
    nothing of stays where it was, unless something else has moved.

    Cells may say "service" or "Selesai" as headings do; a day or an outlet is never called "Tanggal" or "Outlet"."""
    cells = grid.rows[row]
    if _holds_values(cells):
        return None
    own = {at: _heading(cell) for at, cell in enumerate(cells) if cell.kind != "empty" and cell.own}
    if len(own) < 2:
        return None
    same = _is_same(header, own)
    if not same and not _heads(own):
        return None
    found = at(grid, row)
    if found is None:
        return Header((row,), header.columns, header.beside, header.texts) if same else None
    moved = [name for name, column in found.columns.items() if header.columns.get(name, column) != column]
    if moved:
        return found
    written = {column for each in found.rows for column, cell in enumerate(grid.rows[each]) if cell.own and cell.says}
    kept = {name: column for name, column in header.columns.items() if column not in written}
    return Header(found.rows, kept | found.columns, found.beside, found.texts)


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


def _heads(own: dict[int, str]) -> bool:
    """Whether a row is a heading of its own words: a day and an outlet are called so, or each cell is a heading."""
    least = (len(own) * 2 + 2) // 3
    found: list[Meaning] = []
    for number, text in enumerate(own.values(), start=1):
        if text and (known := meaning(text)):
            found.append(known)
        elif number - len(found) > len(own) - least:
            return False  # most rows end here
    exact = {each[0] for each in found if is_exact(each)}
    if len(found) < LEAST or "service_date" not in exact:
        return False
    return "outlet" in exact or (len(found) == len(own) == len(exact))


def _columns(headings: list[str]) -> tuple[dict[str, int], int | None]:
    """The best column for each meaning, and where a second table begins: a day and an outlet or service once more."""
    best: dict[str, tuple[int, int]] = {}
    more: dict[str, int] = {}
    for position, heading in enumerate(headings):
        found = meaning(heading) if heading else None
        if not found:
            continue
        name, rank = found
        if name in best and is_exact(found) and is_exact((name, best[name][0])):
            more.setdefault(name, position)
        if name not in best or rank < best[name][0]:
            best[name] = (rank, position)
    columns = {name: best[name][1] for name in lexicon.read("trackers")["headings"] if name in best}
    begin = min(more.values(), default=0)
    first = [column for name, column in columns.items() if column < begin]
    if "service_date" in more and {"outlet", "service"} & more.keys() and len(CORE & columns.keys()) >= 2 and first:
        left = {name: column for name, column in columns.items() if column < begin}
        if "service_date" in left:
            return left, begin
    return columns, None


def _enough(columns: dict[str, int]) -> bool:
    core = CORE & columns.keys()
    return len(core) >= 2 or (len(core) >= 1 and len(columns) >= LEAST)


def _is_trackers(columns: dict[str, int]) -> bool:
    core = CORE & columns.keys()
    return len(core) >= 2 and ("service_date" in core or len(columns) >= TRACKER)


def _holds_values(row: list[Cell]) -> bool:
    """A row with dates, times or ticks is no heading, whatever words stand beside them."""
    return any(cell.kind in ("date", "time", "bool") for cell in row)


def _tells_day(row: list[Cell]) -> bool:
    """ "Tanggal | 31 Agustus 2026" above a tracker tells a day and heads nothing."""
    texts = [cell.text for cell in row if cell.kind == "text" and not meaning(_heading(cell))]
    return any(re.search(r"\d", text) and names_day(text) for text in texts)


@lru_cache(maxsize=16_384)
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
    by_itself, _ = _columns([_heading(cell) if cell.own else "" for cell in below])
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
