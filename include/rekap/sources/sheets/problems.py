"""What concerns a tab as a whole, so that a person must look at it; the rows that can be read are read all the same.

| code | what it means | what became of the rows |
|---|---|---|
| `no_header` | a month's tab with content, and no heading is found in it | skipped as notes |
| `no_month` | a tracker's heading, and neither the name nor most dates tell a month | kind `other`, no rows |
| `two_tables` | two tables side by side | the left one is read, with flag `two_tables` where the right one has content too; what stands only in the right one is rejected |
| `not_calculated` | the tab's formulas came without values | as cells that hold an error |
| `too_wide` | values to the right of the columns that are read | read without them |
| `too_long` | values below the rows that are read | those rows are in no list |
| `cell_too_long` | a cell longer than any value | its value is not read; its text is kept |
"""

from dataclasses import dataclass
from typing import Literal

from rekap.sources.sheets.cells import Grid
from rekap.sources.sheets.headers import Header, letter

Code = Literal["no_header", "no_month", "two_tables", "not_calculated", "too_wide", "too_long", "cell_too_long"]

# What happened and what to do now, for who reads a file by hand.
SENTENCES: dict[Code, str] = {
    "no_header": "no row of headings is found: name the columns (date, outlet, service …) in one row above the orders",
    "no_month": "holds a tracker of no single month: put the month into the tab's name, such as 'AGT 26'",
    "two_tables": "a second table begins here, beside the first: move it below the first or to a tab of its own",
    "not_calculated": "the formulas came without their values: open the sheet, let it calculate, and take it anew",
    "too_wide": "here values stand beyond the columns that are read: move them nearer or delete them",
    "too_long": "from here on rows are not read, the tab is too long: move older orders to a tab of their own",
    "cell_too_long": "the text here is longer than any value: shorten it",
}


@dataclass(frozen=True)
class Problem:
    """One thing that concerns a whole tab; `cell`: where to look, such as `F4`, where there is one place."""

    code: Code
    cell: str | None = None

    @property
    def sentence(self) -> str:
        return SENTENCES[self.code]


def no_month(header: Header) -> Problem:
    """A tracker's heading with days below it, and no month that it belongs to."""
    return Problem("no_month", _address(header.rows[0], header.start))


def of_tab(grid: Grid, header: Header | None) -> tuple[Problem, ...]:
    """Everything that concerns a month's tab as a whole."""
    found = []
    if header is None and (grid.beyond or any(cell.says for line in grid.rows for cell in line)):
        found.append(Problem("no_header"))
    if header and header.beside is not None:
        found.append(Problem("two_tables", _address(header.rows[0], header.beside)))
    if grid.uncalculated:
        found.append(Problem("not_calculated", _address(*grid.uncalculated)))
    if grid.beyond:
        row, column = next(iter(sorted(grid.beyond.items())))
        found.append(Problem("too_wide", _address(row, column)))
    if grid.below is not None:
        found.append(Problem("too_long", _address(grid.below, 0)))
    if grid.longest:
        found.append(Problem("cell_too_long", _address(*grid.longest)))
    return tuple(found)


def _address(row: int, column: int) -> str:
    return f"{letter(column)}{row + 1}"
