"""A tab column by column: its heading, what it is read as, examples; and what an unused one may be."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from rekap.sources.sheets import headers, headings
from rekap.sources.sheets.cells import Cell, Grid
from rekap.sources.sheets.doctor.nearness import nearest
from rekap.sources.sheets.doctor.report import EXAMPLES, Column, Example
from rekap.sources.sheets.fields import BASECAMP_URL
from rekap.sources.sheets.headers import Header
from rekap.sources.sheets.rows import TrackerRow
from rekap.vocabulary import lexicon, outlets, services, statuses, technicians, times
from rekap.vocabulary.folding import fold
from rekap.vocabulary.technicians import name_key

DEEPEST = 60  # rows from the top in which a row that may be a heading is looked for
LEAST = 3  # cells that must agree before a column's content says what it is
SHARE = 0.7  # of a column's cells
LOOKED_AT = 200  # cells of a column


@dataclass(frozen=True)
class Known:
    """What cells may name: outlets, normalised, and technicians by `name_key`."""

    outlets: frozenset[str] = frozenset()
    crew: frozenset[str] = frozenset()


def of_heading(grid: Grid, header: Header, rows: Sequence[TrackerRow], known: Known) -> tuple[Column, ...]:
    """Every column with a heading or content; `rows`: what was read, then what was refused; `known`: what
    cells may name."""
    meanings = {at: name for name, at in header.columns.items()}
    places = sorted(row.row - 1 for row in rows)
    made = []
    for at in range(_width(grid)):
        heading, meaning = _heading(grid, header.rows, at), meanings.get(at)
        cells = _below(grid, at, places)
        if not heading and not cells and meaning is None:
            continue
        letter = headers.letter(at)
        if meaning:
            made.append(Column(letter, heading, meaning, _understood(rows, meaning)))
        else:
            perhaps, word = _perhaps(heading, cells, set(meanings.values()), known)
            made.append(Column(letter, heading, None, _unused(cells), perhaps, word))
    return tuple(made)


def guessed(grid: Grid, known: Known) -> tuple[int, tuple[Column, ...]] | None:
    """Where no heading was found: the 0-based row that looks most like one, with its columns and what they may be."""
    at = _likeliest(grid)
    if at is None:
        return None
    made: list[Column] = []
    taken: set[str] = set()
    for column in range(len(grid.rows[at])):
        heading = _heading(grid, (at,), column)
        cells = _below(grid, column, range(at + 1, len(grid.rows)))
        exact = headings.meaning(heading) if heading else None
        is_free = exact is not None and exact[0] not in taken
        perhaps, word = (exact[0], fold(heading)) if exact and is_free else _perhaps(heading, cells, taken, known)
        taken |= {perhaps} if perhaps else set()
        if heading or cells:
            made.append(Column(headers.letter(column), heading, None, _unused(cells), perhaps, word))
    return at, tuple(made)


def _likeliest(grid: Grid) -> int | None:
    """The row with most headings that are known or nearly so; without two of them, the last row of texts above the
    first date."""
    best, most = None, 1
    for at, row in enumerate(grid.rows[:DEEPEST]):
        texts = [cell.text for cell in row if cell.kind == "text" and cell.own]
        count = sum(1 for text in texts if headings.meaning(text) or _near(fold(text), set()))
        if count > most:
            best, most = at, count
    if best is not None:
        return best
    for at, row in enumerate(grid.rows[:DEEPEST]):
        if any(cell.kind == "date" for cell in row):
            above = [n for n in range(at) if sum(cell.kind == "text" for cell in grid.rows[n]) >= LEAST]
            return above[-1] if above else None
    return None


def _perhaps(heading: str, cells: list[Cell], taken: set[str], known: Known) -> tuple[str | None, str | None]:
    """(meaning, heading word that is near); the word is None where the cells alone speak for the meaning."""
    if found := _near(fold(heading), taken):
        return found
    looked = cells[:LOOKED_AT]
    for meaning, is_one in _TESTS.items():
        if meaning in taken or len(looked) < LEAST:
            continue
        if sum(is_one(cell) for cell in looked) >= SHARE * len(looked):
            return meaning, None
    for meaning, is_named in (("outlet", _names_outlet), ("technicians", _names_crew)):
        named = sum(is_named(cell, known) for cell in looked)
        if meaning not in taken and named >= LEAST and named * 2 >= len(looked):
            return meaning, None
    return None, None


def _names_outlet(cell: Cell, known: Known) -> bool:
    return outlets.normalise(cell.text) in known.outlets


def _names_crew(cell: Cell, known: Known) -> bool:
    return any(name_key(name) in known.crew for name in technicians.read_technicians(cell.text).value or ())


def _near(text: str, taken: set[str]) -> tuple[str, str] | None:
    words = {
        str(word): meaning
        for meaning, spellings in lexicon.spellings("trackers", "headings").items()
        for word in spellings
        if meaning not in taken and len(str(word)) >= LEAST
    }
    said = re.findall(r"[^\W_]+", text)
    word = nearest(" ".join(said), words)
    if word is None or set(said) & _of_something_else(words[word]):
        return None
    return words[word], word


def _of_something_else(meaning: str) -> set[str]:
    """Words that make a heading something else than this column: a date of request is no day of service."""
    spellings = lexicon.read("headings")["not_headings"].get(meaning, ())
    return {fold(str(word).strip("… ")) for word in spellings}


def _is_day(cell: Cell) -> bool:
    return cell.kind == "date" or (cell.kind == "text" and headers.names_day(cell.text))


def _is_clock(cell: Cell) -> bool:
    return cell.kind == "time" or (cell.kind == "text" and times.read_time(cell.text).value is not None)


def _is_status(cell: Cell) -> bool:
    return cell.kind == "bool" or (cell.kind == "text" and statuses.read_status(cell.text).value is not None)


def _is_service(cell: Cell) -> bool:
    return cell.kind == "text" and services.read_services(cell.text).value is not None


def _is_link(cell: Cell) -> bool:
    return any(BASECAMP_URL.search(text) for text in (cell.text, cell.link or ""))


_TESTS: dict[str, Callable[[Cell], bool]] = {
    "order_ref": _is_link, "service_date": _is_day, "time": _is_clock, "status": _is_status, "service": _is_service,
}  # fmt: skip


def _heading(grid: Grid, rows: Iterable[int], column: int) -> str:
    """The heading of its own: in a heading of two rows the lower one, where it says something."""
    said = [cell.text.replace("\n", " ") for row in rows if (cell := grid.at(row, column)).own and not cell.is_empty]
    return said[-1] if said else ""


def _below(grid: Grid, column: int, rows: Iterable[int]) -> list[Cell]:
    return [cell for row in rows if not (cell := grid.at(row, column)).is_empty]


def _understood(rows: Iterable[TrackerRow], meaning: str) -> tuple[Example, ...]:
    found: dict[str, Example] = {}
    for row in rows:
        written = row.cells.get(meaning)
        if written and written not in found:
            found[written] = Example(written, row)
    return tuple(found.values())[:EXAMPLES]


def _unused(cells: Iterable[Cell]) -> tuple[Example, ...]:
    return tuple(Example(text, None) for text in list(dict.fromkeys(cell.text for cell in cells))[:EXAMPLES])


def _width(grid: Grid) -> int:
    return max(map(len, grid.rows), default=0)
