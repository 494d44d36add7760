"""Finding the heading of a tracker: one row or two, in any spelling, and which column means what."""

import re
from dataclasses import dataclass

from rekap.sources.sheets.cells import Cell, Grid
from rekap.vocabulary import lexicon
from rekap.vocabulary.folding import fold

LEAST = 3  # columns that must be known before a row counts as a heading
FUZZY = 1000  # added to the rank of a heading that only begins or ends with a known word
DEEPEST = 60  # rows from the top in which a heading is looked for


@dataclass(frozen=True)
class Header:
    """`rows`: 0-based rows of the heading; `columns`: meaning → 0-based column."""

    rows: tuple[int, ...]
    columns: dict[str, int]


def find(grid: Grid) -> Header | None:
    """The heading nearest the top, or None."""
    for row in range(min(len(grid.rows), DEEPEST)):
        if header := at(grid, row):
            return header
    return None


def at(grid: Grid, row: int) -> Header | None:
    """The heading that begins in this row, with the second row that belongs to it, or None."""
    alone = _columns([fold(_heading(cell)) for cell in grid.rows[row]])
    if row + 1 < len(grid.rows) and (_tied(grid, row) or len(alone) < LEAST):
        both = _columns(_combined(grid, row))
        below = _columns([fold(_heading(cell)) for cell in grid.rows[row + 1] if cell.own])
        belongs = _tied(grid, row) and _only_headings(grid.rows[row + 1])
        if belongs and _enough(both) and len(both) >= max(len(alone), len(below)):
            return Header((row, row + 1), both)
    return Header((row,), alone) if _enough(alone) and not _holds_values(grid.rows[row]) else None


def meaning(heading: str) -> tuple[str, int] | None:
    """(column, rank) of a folded heading; a lower rank is a better word for the column."""
    plain = " ".join(re.findall(r"[^\W_]+", re.sub(r"\([^)]*\)", " ", heading)))
    if not plain or len(plain) > 40:
        return None
    ranks = _ranks()
    if plain in ranks:
        return ranks[plain]
    if any(re.search(rf"\b{re.escape(word)}\b", plain) for word in lexicon.words("trackers", "not_headings")):
        return None
    # "Tanggal (DD/MM)", "Status pengerjaan AM": the heading goes on, or stands twice in two rows.
    begun = [known for known in ranks if plain.startswith(f"{known} ") or plain.endswith(f" {known}")]
    if not begun or len(plain.split()) > 4:
        return None
    column, rank = ranks[max(begun, key=len)]
    return column, rank + FUZZY


@lexicon.by_words()
def _ranks() -> dict[str, tuple[str, int]]:
    return {
        " ".join(re.findall(r"[^\W_]+", word)): (column, rank)
        for column, words in reversed(lexicon.spellings("trackers", "headings").items())
        for rank, word in reversed(list(enumerate(words)))
    }


def _columns(headings: list[str]) -> dict[str, int]:
    best: dict[str, tuple[int, int]] = {}
    for position, heading in enumerate(headings):
        found = meaning(heading) if heading else None
        if found and (found[0] not in best or found[1] < best[found[0]][0]):
            best[found[0]] = (found[1], position)
    return {name: best[name][1] for name in lexicon.read("trackers")["headings"] if name in best}


def _enough(columns: dict[str, int]) -> bool:
    core = {"service_date", "outlet", "service"} & columns.keys()
    return len(core) >= 2 or (len(core) >= 1 and len(columns) >= LEAST)


def _holds_values(row: list[Cell]) -> bool:
    """A row with dates, times or ticks is no heading, whatever words stand beside them."""
    return any(cell.kind in ("date", "time", "bool") for cell in row)


def _heading(cell: Cell) -> str:
    return cell.text.replace("\n", " ") if cell.kind == "text" else ""


def _only_headings(row: list[Cell]) -> bool:
    own = [cell for cell in row if cell.own and not cell.is_empty]
    known = [cell for cell in own if cell.kind == "text" and meaning(fold(_heading(cell)))]
    return bool(own) and not _holds_values(row) and len(known) * 2 > len(own)


def _tied(grid: Grid, row: int) -> bool:
    """Whether the row and the next are one heading: a merge reaches down into the next, or a merge of some columns
    of the row stands above headings of their own."""
    width = max(map(len, grid.rows), default=0)
    for top, bottom, left, right in grid.merges:
        if top == row and bottom == row + 2:
            return True
        if top == row and bottom == row + 1 and 1 < right - left < max(2, width - 1):
            own = [grid.at(row + 1, column) for column in range(left, right)]
            if all(cell.kind == "text" and cell.own for cell in own):
                return True
    return False


def _combined(grid: Grid, row: int) -> list[str]:
    """For each column its own heading in the lower row, read with the group above it where it needs that."""
    width = max(len(grid.rows[row]), len(grid.rows[row + 1]))
    above = [fold(_heading(grid.at(row, column))) for column in range(width)]
    for top, _, left, right in grid.merges:
        if top == row:
            above[left:right] = [above[left] if left < width else ""] * len(above[left:right])
    headings = []
    for column, group in enumerate(above):
        cell = grid.at(row + 1, column)
        own = fold(_heading(cell)) if cell.own else ""
        joined = f"{group} {own}".strip()
        headings.append(joined if not own or _is_known(joined) or not meaning(own) else own)
    return headings


def _is_known(heading: str) -> bool:
    return " ".join(re.findall(r"[^\W_]+", heading)) in _ranks()


def repeats(grid: Grid, header: Header, row: int) -> bool:
    """Whether a row further down is the heading again: the same words in their columns, or the columns anew.

    Cells may say "service" or "Selesai" as headings do; a day or an outlet is never called "Tanggal" or "Outlet"."""
    own = {at: fold(_heading(cell)) for at, cell in enumerate(grid.rows[row]) if cell.own and not cell.is_empty}
    if len(own) < 2 or _holds_values(grid.rows[row]):
        return False
    equal = {
        at for at, text in own.items() if text and any(fold(_heading(grid.at(r, at))) == text for r in header.rows)
    }
    names = {name for name, at in header.columns.items() if at in equal}
    if names & {"service_date", "outlet"} and len(equal) >= 2 and len(equal) * 2 > len(own):
        return True
    found = [known for text in own.values() if text and (known := meaning(text))]
    exact = {name for name, rank in found if rank < FUZZY}
    return {"service_date", "outlet"} <= exact and len(found) >= LEAST and len(found) * 3 >= len(own) * 2


def letter(column: int) -> str:
    """The letters of a 0-based column: A, B, … Z, AA."""
    letters, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
