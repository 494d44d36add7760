"""The rows of the trackers as the truth knows them: where each stands now, however people sorted and moved it.

A row of a sheet carries the hidden key ``mark``, the number of its TrackerRow within the spreadsheet. It goes wherever
the row goes and is never shown to anybody, so the truth reads off where a row is instead of reckoning it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.world.model import Order, TrackerRow

if TYPE_CHECKING:
    from sandbox.world.building import World

MARK, MONTH = "mark", "month"


def note(world: World, order: Order) -> None:
    """The row that was drawn for an order, as the order told it."""
    if order.row is not None:
        add(world, row_of(order, *order.row))


def row_of(order: Order, spreadsheet_id: str, sheet_id: int, row: int) -> TrackerRow:
    """A row as it is typed for an order."""
    return TrackerRow(
        order=order,
        client=order.client,
        spreadsheet_id=spreadsheet_id,
        sheet_id=sheet_id,
        row=row,
        outlet=order.outlet,
        services=list(order.services),
        day=order.day,
        status=_status(order),
        technicians=list(order.technicians),
    )


def _status(order: Order) -> str | None:
    if order.struck:
        return "cancelled"
    if order.client.ticks_boxes:
        return "done" if order.tracker_status in {"done", "partial"} else None
    return order.tracker_status


def add(world: World, row: TrackerRow) -> int:
    """Take a row into the truth; returns its mark."""
    rows = world.rows.setdefault(row.spreadsheet_id, [])
    rows.append(row)
    row.order.rows.append(row)
    return len(rows) - 1


def mark(world: World) -> None:
    """Mark every drawn row, and every month's tab with its month, before anybody moves them."""
    for spreadsheet_id, rows in world.rows.items():
        sheets = {sheet["properties"]["sheetId"]: sheet for sheet in world.spreadsheets[spreadsheet_id]["sheets"]}
        for number, row in enumerate(rows):
            data = sheets[row.sheet_id]["data"][0]
            data["rowData"][row.row - 1][MARK] = number
            data.setdefault(MONTH, f"{row.day:%Y-%m}")
    world.marked = True


def settle(world: World, spreadsheet_id: str | None = None) -> list[Order]:
    """Read off where the rows are now, of one spreadsheet or of all; returns the orders that lost a row."""
    if not world.marked:
        return []
    lost: list[Order] = []
    for number in [spreadsheet_id] if spreadsheet_id is not None else list(world.rows):
        places = _places(world.spreadsheets.get(number))
        for mark_, row in enumerate(world.rows.get(number, ())):
            was = row.row
            row.sheet_id, row.row = places.get(mark_, (row.sheet_id, 0))
            if was and not row.row:
                row.order.rows.remove(row)
                lost.append(row.order)
            row.order.row = next((found.place for found in row.order.rows if found.row), None)
    if lost:
        world.troubles[:] = [t for t in world.troubles if t.about != "row" or t.order.row is not None]
    return lost


def _places(book: dict[str, Any] | None) -> dict[int, tuple[int, int]]:
    found: dict[int, tuple[int, int]] = {}
    for sheet in book["sheets"] if book is not None else ():
        sheet_id = sheet["properties"]["sheetId"]
        for place, row in enumerate(sheet["data"][0].get("rowData", ()), start=1):
            if MARK in row:
                found[row[MARK]] = (sheet_id, place)
    return found
