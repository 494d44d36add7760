"""What people do to the rows of a tracker, so that the truth knows what each row tells.

Rows that ``sort_tab``, ``insert_row`` and ``delete_row`` of ``sandbox.google.world_ops`` move are followed too. What
``edit_cell`` writes is not: whoever needs a truth about it uses ``edit_row``.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from copy import copy
from random import Random
from typing import TYPE_CHECKING, Any

from sandbox.following import end, follow_status
from sandbox.google import grid
from sandbox.google.a1 import grid_size
from sandbox.google.state import Book, adopt_cell, adopt_sheet
from sandbox.unknown import Unknown
from sandbox.world import cells, rows, trackers, words
from sandbox.world.model import Client, Order, TrackerRow

if TYPE_CHECKING:
    from sandbox.server import Twin

Sheet = dict[str, Any]


def type_row(twin: Twin, order_id: int, row: int | None = None, by: str | None = None) -> dict[str, Any]:
    """An order is typed into its month's tab of its client's tracker, so that it becomes the 1-based ``row``.

    Without ``row`` it comes below the last row of an order there. The tab is added when the month has none.
    Returns where it stands: spreadsheet_id, sheet_id, row.
    """
    order = twin.world.order(int(order_id))
    if order is None or order.life_cycle == "gone":
        raise Unknown(f"no order has the id {order_id}")
    sheet = _tab(twin, order.client, order.day)
    if sheet is None:
        add_month(twin, order.client.slug, f"{order.day:%Y-%m}", by)
        sheet = _tab(twin, order.client, order.day)
    if sheet is None:
        raise LookupError(f"the tab of {order.day:%Y-%m} in the tracker of {order.client.slug} was not added")
    at = row if row is not None else below(twin, order.client, sheet)
    rng = Random(f"{twin.world.seed}/typed/{order.order_id}/{len(order.rows)}")
    order.tracker_status = "assigned" if order.assigned else "scheduled"
    order.with_reference = rng.random() < 0.85
    order.plain_name = not order.with_reference
    number = len(twin.world.rows.get(order.client.spreadsheet_id, ())) + 1
    typed = trackers.line(order.client, order, number, twin.world.seed, twin.world.account.id, rng)
    made = rows.row_of(order, order.client.spreadsheet_id, sheet["properties"]["sheetId"], at)
    book = _book(twin, order.client)
    _insert(book, sheet, at, [adopt_cell(cell, book["properties"]["locale"]) if cell else {} for cell in typed])
    grid.rows_of(sheet)[at - 1][rows.MARK] = rows.add(twin.world, made)
    _edited(twin, order.client, by)
    end(twin, order, "missing_in_tracker")
    follow_status(twin, order)
    return {"spreadsheet_id": made.spreadsheet_id, "sheet_id": made.sheet_id, "row": made.row}


def edit_row(
    twin: Twin,
    spreadsheet_id: str,
    sheet_id: int,
    row: int,
    status: str | None = None,
    date: str | None = None,
    technicians: list[str] | None = None,
    by: str | None = None,
) -> None:
    """The status (a code), the date or the technicians (codes) of a row are typed anew.

    Raises Unknown for a row that tells no visit, and for a date that lies in a merged cell.
    """
    told, sheet = _told(twin, spreadsheet_id, sheet_id, row)
    rng = Random(f"{twin.world.seed}/edit/{spreadsheet_id}/{sheet_id}/{row}/{twin.clock.now().isoformat()}")
    put = _writer(twin, told.client, sheet, row)
    if status is not None:
        if told.client.ticks_boxes:
            put("status", cells.tick(status == "done"))
            told.status = "done" if status == "done" else None
        else:
            put("status", cells.text(rng.choice(words.STATUS_WORDS[status])))
            told.status = status
    if date is not None:
        day = datetime.date.fromisoformat(date)
        if merged(sheet, row):
            raise Unknown(f"the date of row {row} of sheet {sheet_id} is merged with its neighbours'")
        style = trackers.style_of(told.client, twin.world.seed)
        typed_day = cells.day(day, style.pattern) if style.dates == "serial" else None
        put("date", typed_day or cells.text(words.short_date(day, rng)))
        told.day = day
        if not told.order.in_basecamp:
            told.order.day = day
    if technicians is not None:
        people = {person.code: person for person in twin.world.staff.technicians}
        unknown = [code for code in technicians if code not in people]
        if unknown:
            raise Unknown(f"no technician has the code {unknown[0]!r}")
        told.technicians = [people[code] for code in technicians]
        put("technicians", cells.text(", ".join(person.aliases[0] for person in told.technicians) or "-"))
        if not told.order.assigned and told.order.rows[0] is told:
            told.order.technicians = list(told.technicians)
    _edited(twin, told.client, by)
    follow_status(twin, told.order)


def copy_row(twin: Twin, spreadsheet_id: str, sheet_id: int, row: int, by: str | None = None) -> dict[str, Any]:
    """A row is pasted once more, right below itself. Returns the number of the copy."""
    told, sheet = _told(twin, spreadsheet_id, sheet_id, row)
    if merged(sheet, row):
        raise Unknown(f"row {row} of sheet {sheet_id} has a cell that is merged with its neighbours'")
    values = list(grid.rows_of(sheet)[row - 1].get("values", ()))
    _insert(_book(twin, told.client), sheet, row + 1, values)
    pasted = copy(told)
    pasted.row = row + 1
    grid.rows_of(sheet)[row][rows.MARK] = rows.add(twin.world, pasted)
    _edited(twin, told.client, by)
    return {"row": row + 1}


def add_month(twin: Twin, client: str, month: str, by: str | None = None) -> dict[str, Any]:
    """A tab for ``month`` (``2026-11``) with titles and header, after the other months. Returns its sheet_id."""
    served = next((found for found in twin.world.clients if found.slug == client), None)
    if served is None:
        raise Unknown(f"no client is called {client!r}")
    first = datetime.date.fromisoformat(f"{month}-01")
    if _tab(twin, served, first) is not None:
        raise Unknown(f"the tracker of {client} has a tab for {month} already")
    book = _book(twin, served)
    used = {sheet["properties"]["sheetId"] for sheet in book["sheets"]}
    rng = Random(f"{twin.world.seed}/month/{client}/{month}")
    sheet_id = next(number for number in iter(lambda: rng.randrange(100_000, 2_000_000_000), 0) if number not in used)
    sheet = trackers.month_tab(served, first, sheet_id, twin.world.seed, twin.world.account.id, rng)
    last = max((n for n, other in enumerate(book["sheets"]) if rows.MONTH in other["data"][0]), default=0)
    adopt_sheet(sheet, last + 1, book["properties"]["locale"])
    sheet["data"][0][rows.MONTH] = month
    book["sheets"].insert(last + 1, sheet)
    for index, other in enumerate(book["sheets"]):
        other["properties"] = {**other["properties"], "index": index}
    _edited(twin, served, by)
    return {"sheet_id": sheet_id}


def below(twin: Twin, client: Client, sheet: Sheet) -> int:
    """The number of the first row below the orders of a tab, or below its header when it has none."""
    found = [at for at, row in enumerate(grid.rows_of(sheet), start=1) if rows.MARK in row]
    return max(found, default=first_row(twin, client) - 1) + 1


def sheet_of(twin: Twin, spreadsheet_id: str, sheet_id: int) -> Sheet | None:
    """A tab by its id."""
    book = twin.google.book(spreadsheet_id)
    for sheet in book["sheets"] if book is not None else ():
        if sheet["properties"]["sheetId"] == sheet_id:
            found: Sheet = sheet
            return found
    return None


def month_tabs(twin: Twin, client: Client) -> list[Sheet]:
    """The tabs of the client's tracker that hold a month's orders, whatever they are called now."""
    return [sheet for sheet in _book(twin, client)["sheets"] if rows.MONTH in sheet["data"][0]]


def first_row(twin: Twin, client: Client) -> int:
    """The number of the first row below the header."""
    return trackers.style_of(client, twin.world.seed).title_rows + 2


def merged(sheet: Sheet, row: int) -> bool:
    """Whether a cell of the 1-based row is merged with another row's."""
    return any(
        merge["startRowIndex"] < row <= merge["endRowIndex"] and merge["endRowIndex"] - merge["startRowIndex"] > 1
        for merge in sheet.get("merges", ())
    )


def _told(twin: Twin, spreadsheet_id: str, sheet_id: int, row: int) -> tuple[TrackerRow, Sheet]:
    sheet = sheet_of(twin, spreadsheet_id, sheet_id)
    found = grid.rows_of(sheet) if sheet is not None else []
    if sheet is None or not 1 <= row <= len(found) or rows.MARK not in found[row - 1]:
        raise Unknown(f"row {row} of sheet {sheet_id} in {spreadsheet_id} tells no visit")
    return twin.world.rows[spreadsheet_id][found[row - 1][rows.MARK]], sheet


def _book(twin: Twin, client: Client) -> Book:
    book: Book | None = twin.google.book(client.spreadsheet_id)
    if book is None:
        raise Unknown(f"the tracker of {client.slug} is gone")
    return book


def _tab(twin: Twin, client: Client, day: datetime.date) -> Sheet | None:
    month = f"{day:%Y-%m}"
    found = [sheet for sheet in month_tabs(twin, client) if sheet["data"][0][rows.MONTH] == month]
    return found[0] if found else None


def _insert(book: Book, sheet: Sheet, at: int, values: list[cells.Cell]) -> None:
    """A row with these cells; what the neighbour looks like is not taken over, a struck row must not strike it."""
    if not 1 <= at <= grid_size(sheet)[0] + 1:
        raise Unknown(f"no row {at} can be inserted in sheet {sheet['properties']['sheetId']}")
    grid.insert(book, sheet, grid.ROWS, at - 1, 1, inherit_before=at > 1)
    found = grid.rows_of(sheet)
    while len(found) < at:
        found.append({})
    found[at - 1] = {"values": values}


def _writer(twin: Twin, client: Client, sheet: Sheet, row: int) -> Callable[[str, cells.Cell], None]:
    style = trackers.style_of(client, twin.world.seed)
    locale = _book(twin, client)["properties"]["locale"]

    def put(column: str, cell: cells.Cell) -> None:
        grid.put(sheet, row - 1, style.first_column + style.columns.index(column), adopt_cell(cell, locale))

    return put


def _edited(twin: Twin, client: Client, by: str | None) -> None:
    twin.google.touch(client.spreadsheet_id, by or client.am.email)
    rows.settle(twin.world, client.spreadsheet_id)


def follow_rows(twin: Twin, spreadsheet_id: str) -> list[Order]:
    """After a sheet was changed as a whole: where its rows are now, and what is left of the orders that lost one."""
    lost = rows.settle(twin.world, spreadsheet_id)
    for order in lost:
        follow_status(twin, order)
    return lost


OPERATIONS: dict[str, Any] = {
    "type_row": type_row,
    "edit_row": edit_row,
    "copy_row": copy_row,
    "add_month": add_month,
}
