"""The rows of a tab, each in one list: orders, orders that nobody can read, and lines that are neither."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from rekap.sources.sheets import fields, headers, kinds
from rekap.sources.sheets.cells import Grid
from rekap.sources.sheets.fields import Fields
from rekap.sources.sheets.headers import Header
from rekap.sources.sheets.kinds import Line

TWO_TABLES = "two_tables"


@dataclass(frozen=True)
class TrackerRow:
    """One sheet row that is an order. `row`: 1-based; `problems`: why it cannot be used, empty when it can; `cells`:
    the texts as written, by meaning or else by column letter; `date_cell`: where the date stands or should stand;
    `columns`: meaning → 0-based column in this row."""

    row: int
    read: Fields
    problems: tuple[str, ...]
    cells: dict[str, str]
    date_cell: str | None = None
    columns: Mapping[str, int] = field(default_factory=dict, compare=False, repr=False)

    @property
    def content_sha256(self) -> str:
        """The same for the same words, wherever the row stands and however the columns are ordered."""
        return hashlib.sha256(json.dumps(self.cells, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True)
class Skipped:
    """One sheet row that is no order: title, header, blank, total or note."""

    row: int
    reason: str


@dataclass
class Lines:
    """The rows of a tab, each in exactly one list."""

    rows: list[TrackerRow] = field(default_factory=list)
    rejected: list[TrackerRow] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)


def lines_of(grid: Grid, header: Header | None, *, month: str | None, as_of: date, known: frozenset[str]) -> Lines:
    """Sort every row of a tab. `known`: the normalised names of the client's outlets."""
    lines = Lines()
    first = header.rows[0] if header else len(grid.rows)
    for at in range(first):
        said = at in grid.beyond or any(cell.own and cell.says for cell in grid.rows[at])
        lines.skipped.append(Skipped(at + 1, ("title" if header else "note") if said else "blank"))
    at, top, before = first, header, header
    while header is not None and top is not None and at < len(grid.rows):
        anew = header if at in header.rows else headers.again(grid, header, top, at)
        if anew is not None:
            # A table of something else, such as totals, ends with a blank row: orders may go on below it.
            before, header = (before if not anew.columns else anew), anew
            ahead = max(anew.rows) + 1
            ahead += kinds.is_below_heading(grid, ahead)
            lines.skipped += [Skipped(row + 1, "header") for row in range(at, ahead)]
            at = ahead
            continue
        line = Line(grid, at, header)
        if reason := kinds.no_order(line, known):
            lines.skipped.append(Skipped(at + 1, reason))
            if reason == "blank":
                header = before
        else:
            row = _read(at + 1, line, month, as_of)
            (lines.rejected if row.problems else lines.rows).append(row)
        at += 1
    return lines


def _read(number: int, line: Line, month: str | None, as_of: date) -> TrackerRow:
    found = Fields()
    fields.read_day(found, line["service_date"], as_of=as_of, month=month)
    fields.read_clock(found, line["time"], line["service_date"])
    fields.read_outlet(found, line["outlet"])
    fields.read_work(found, line["service"], line["units"], line.beside_service)
    fields.read_state(found, line["status"], _struck(line))
    fields.read_crew(found, line["technicians"])
    fields.read_reference(found, line["order_ref"], line.others("order_ref"))
    problems = found.date_problems
    if line.says_beside:
        found.flag(TWO_TABLES)
        if not (line.says("service_date") or line.says("outlet") or line.says("service")):
            problems = (*problems, TWO_TABLES)
    column = line.columns.get("service_date")
    cell = f"{headers.letter(column)}{number}" if column is not None else None
    return TrackerRow(number, found, problems, line.texts(), cell, line.columns)


def _struck(line: Line) -> bool:
    main = [line[name] for name in ("outlet", "service") if line.says(name)]
    if len(main) == 2 and all(cell.struck for cell in main):
        return True
    said = [cell for _, cell in line.content]
    return bool(said) and all(cell.struck for cell in said)
