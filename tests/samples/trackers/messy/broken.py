"""Hand-made spreadsheets that no generator should have to draw: each says what a person would expect of it.

Every function gives a Spreadsheet resource whose first tab is the broken one. The month is August 2026 throughout.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from tests.samples.trackers.messy import cells

HEADING = ["Tgl", "Outlet", "Service", "Unit", "Status", "Teknisi"]
FIRST = date(2026, 8, 1)
Grid = dict[tuple[int, int], cells.Cell]


def no_heading() -> dict[str, Any]:
    """Orders from the first row on, without any heading.

    The tab is a month by its name. Nobody can be sure which column is which: no value may be guessed, and rows 1 to 3
    each stand once, in whatever list, so that somebody is told about them.
    """
    grid = {(row, column): cell for row in range(3) for column, cell in enumerate(_order(row))}
    return _book("AGT 26", grid)


def two_tables_below_each_other() -> dict[str, Any]:
    """A second table with other columns in another order below the first one, after two blank rows.

    Rows 2 to 4 are read by the first heading, rows 8 and 9 by the second (outlet before date); rows 1 and 7 are
    headings, 5 and 6 blank. A reader that holds on to the first heading must
    reject rows 8 and 9, never read them askew.
    """
    grid = _table(0, 0, 3)
    for column, heading in enumerate(["Outlet", "Tgl", "Service", "Status"]):
        grid[6, column] = cells.text(heading)
    for row in (7, 8):
        written = _order(row)
        for column, cell in enumerate([written[1], written[0], written[2], written[4]]):
            grid[row, column] = cell
    return _book("AGT 26", grid)


def two_tables_side_by_side() -> dict[str, Any]:
    """A table in A to F, and another with the same headings in H to M of the same rows.

    The left one is the tracker. What stands right of the gap is other work or an old copy: each sheet row may stand
    only once, so the right one's orders must not be mixed into the left one's cells (date, outlet and service of a row
    come from one table).
    """
    return _book("AGT 26", {**_table(0, 0, 4), **_table(0, 7, 4, offset=10)})


def formulas_without_values() -> dict[str, Any]:
    """An imported tab whose formulas have not been computed: `userEnteredValue` alone, no value and nothing shown.

    The heading is typed. There is nothing to read in rows 2 to 4: they are left out as empty, blank or rejected, and
    none becomes an order.
    """
    grid = _heading(0, 0)
    for row in range(1, 4):
        for column in range(len(HEADING)):
            formula = f'=IMPORTRANGE("1abc"; "AGT!{cells.column_letter(column)}{row}")'
            grid[row, column] = {"userEnteredValue": {"formulaValue": formula}}
    return _book("AGT 26", grid)


def columns_to_the_end() -> dict[str, Any]:
    """A stray mark in column 18,000 of the heading and of one order's row.

    The three orders in A to F are read as if the mark were not there, in the time of a usual tab.
    """
    grid = _table(0, 0, 3)
    grid[0, 17_999] = cells.text("x")
    grid[2, 17_999] = cells.text("x")
    return _book("AGT 26", grid)


def cells_of_50000_characters() -> dict[str, Any]:
    """The longest cells that Sheets allows, as date, as outlet, as service and as status of one row each.

    Rows 2 to 5 each stand once: the long date is `bad_date`, the long status is null with `status_unknown`. No pattern
    may take more than a moment over them.
    """
    grid = _table(0, 0, 4)
    long = ("7 Agustus 2026 / 8-" * 2_700)[:50_000]
    for row, column in ((1, 0), (2, 1), (3, 2), (4, 4)):
        grid[row, column] = cells.text(long)
    return _book("AGT 26", grid)


def right_to_left_text() -> dict[str, Any]:
    """Marks of direction around a date and an outlet (pasted from a chat), and an outlet in Arabic letters.

    The marks are not to be seen: row 2 is the order of 2 August at the outlet without the marks, or is rejected, but
    has no other date. The outlet of row 3 stays as it is written.
    """
    grid = _table(0, 0, 2)
    grid[1, 0] = cells.text("\u200e\u202a02/08/2026\u202c")
    grid[1, 1] = cells.text("\u200fKopi Senja Tebet\u200f")
    grid[2, 1] = cells.text("قهوة المساء")
    return _book("AGT 26", grid)


def ten_thousand_rows() -> dict[str, Any]:
    """A heading and 9,999 orders, every hundredth row blank.

    All 10,000 rows stand once: 1 heading, 100 blank, 9,899 orders.
    """
    grid = _heading(0, 0)
    for row in range(1, 10_000):
        if row % 100:
            grid |= {(row, column): cell for column, cell in enumerate(_order(row))}
    grid[9_999, 0] = cells.text("-----")
    return _book("AGT 26", grid)


def empty_sheet() -> dict[str, Any]:
    """A month's tab with a grid whose rows hold nothing.

    Kind `month` by its name, and no row in any list.
    """
    book = _book("AGT 26", {})
    book["sheets"][0]["data"] = [{"rowData": [{}, {"values": []}, {"values": [{}, {}]}], "rowMetadata": [{}, {}, {}]}]
    return book


def sheet_without_data() -> dict[str, Any]:
    """A month's tab without the key `data`, as the API gives it without grid data or for a tab that holds a chart.

    Kind `month` by its name, and no row in any list.
    """
    return _book("AGT 26", {})


def rows_with_holes() -> dict[str, Any]:
    """Rows that are `{}`, rows that end early, cells that are `{}`, null or have an empty value.

    Row 2 and 5 are orders; row 3 (`{}`) is blank; row 4 lacks its date and is rejected with `no_date`.
    """
    book = _book("AGT 26", _table(0, 0, 4))
    rows = book["sheets"][0]["data"][0]["rowData"]
    rows[1]["values"][3] = {"effectiveValue": {}, "userEnteredValue": {}}
    rows[2] = {}
    rows[3]["values"][0] = {}
    del rows[4]["values"][4:]
    return book


def several_blocks_of_data() -> dict[str, Any]:
    """One tab in three blocks, as asked for by ranges: A1:F3, A6:C8 and D6:F8, with startRow and startColumn.

    `row` is the sheet's row: 1 heading, 2 and 3 orders, 4 and 5 blank (never asked for), 6 to 8 orders again,
    whose cells come from both of their blocks.
    """
    whole = _table(0, 0, 7)
    book = _book("AGT 26", {})
    book["sheets"][0]["data"] = [
        _block(whole, range(3), range(6)),
        _block(whole, range(5, 8), range(3)),
        _block(whole, range(5, 8), range(3, 6)),
    ]
    return book


BROKEN: list[Callable[[], dict[str, Any]]] = [
    no_heading,
    two_tables_below_each_other,
    two_tables_side_by_side,
    formulas_without_values,
    columns_to_the_end,
    cells_of_50000_characters,
    right_to_left_text,
    ten_thousand_rows,
    empty_sheet,
    sheet_without_data,
    rows_with_holes,
    several_blocks_of_data,
]


def _order(row: int, offset: int = 0) -> list[cells.Cell]:
    return [
        cells.day(FIRST + timedelta(days=(row + offset) % 31), "dd/mm/yyyy"),
        cells.text(f"Kopi Senja {'Tebet' if row % 2 else 'Bintaro'}"),
        cells.text("cuci AC"),
        cells.number(row % 5 + 1),
        cells.text("Selesai"),
        cells.text("Budi"),
    ]


def _heading(top: int, left: int) -> Grid:
    return {(top, left + column): cells.text(heading) for column, heading in enumerate(HEADING)}


def _table(top: int, left: int, orders: int, offset: int = 0) -> Grid:
    grid = _heading(top, left)
    for row in range(top + 1, top + 1 + orders):
        grid |= {(row, left + column): cell for column, cell in enumerate(_order(row, offset))}
    return grid


def _block(grid: Grid, rows: range, columns: range) -> dict[str, Any]:
    block: dict[str, Any] = {
        "rowData": [{"values": [grid.get((row, column), {}) for column in columns]} for row in rows],
        "rowMetadata": [{"pixelSize": 21} for _ in rows],
    }
    if rows.start:
        block["startRow"] = rows.start
    if columns.start:
        block["startColumn"] = columns.start
    return block


def _book(title: str, grid: Grid) -> dict[str, Any]:
    return cells.spreadsheet("Tracker Kopi Senja", [cells.sheet(title, 0, grid)])
