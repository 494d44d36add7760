"""The rows of a sheet resource: reading and writing cells, inserting and deleting rows and columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sandbox.google import cells
from sandbox.google.a1 import Rectangle, grid_size

Sheet = dict[str, Any]
Row = dict[str, Any]
ROWS, COLUMNS = "ROWS", "COLUMNS"


def shown(row: Row) -> Row:
    """A row without the mark that is kept beside its cells."""
    return {"values": row["values"]} if "values" in row else {}


def rows_of(sheet: Sheet) -> list[Row]:
    """The sheet's rowData list itself; rows and cells may be missing at the end."""
    found: list[Row] = sheet["data"][0].setdefault("rowData", [])
    return found


def cell_at(sheet: Sheet, row: int, column: int) -> cells.Cell:
    """The cell, {} when nothing is there."""
    rows = rows_of(sheet)
    values = rows[row].get("values", ()) if row < len(rows) else ()
    return values[column] if column < len(values) else {}


def put(sheet: Sheet, row: int, column: int, cell: cells.Cell) -> None:
    """Puts a cell; rows and cells before it come into being."""
    rows = rows_of(sheet)
    if not cell and (row >= len(rows) or column >= len(rows[row].get("values", ()))):
        return
    while len(rows) <= row:
        rows.append({})
    values = rows[row].setdefault("values", [])
    while len(values) <= column:
        values.append({})
    values[column] = cell


def change(place: Rectangle, edit: Callable[[cells.Cell], cells.Cell]) -> None:
    """Puts edit(cell) for every cell of the rectangle."""
    for row, column in positions(place):
        put(place.sheet, row, column, edit(cell_at(place.sheet, row, column)))


def positions(place: Rectangle) -> Iterator[tuple[int, int]]:
    """(row, column) of each cell, row by row."""
    for row in range(place.top, place.bottom):
        for column in range(place.left, place.right):
            yield row, column


def values_of(place: Rectangle, render: Callable[[cells.Cell], object]) -> list[list[object]]:
    """Rendered rows without trailing empty cells and without trailing empty rows."""
    found: list[list[object]] = []
    for row in rows_of(place.sheet)[place.top : place.bottom]:
        line = [render(cell) if cell else "" for cell in row.get("values", ())[place.left : place.right]]
        while line and line[-1] == "":
            line.pop()
        found.append(line)
    while found and not found[-1]:
        found.pop()
    return found


def set_size(sheet: Sheet, rows: int, columns: int) -> None:
    """Sets the grid's size; what lies outside is cut off."""
    properties = sheet["properties"].setdefault("gridProperties", {})
    sheet["properties"]["gridProperties"] = {**properties, "rowCount": rows, "columnCount": columns}
    data = rows_of(sheet)
    del data[rows:]
    for row in data:
        if "values" in row:
            del row["values"][columns:]
    for name, size in (("rowMetadata", rows), ("columnMetadata", columns)):
        if name in sheet["data"][0]:
            del sheet["data"][0][name][size:]


def insert(book: dict[str, Any], sheet: Sheet, dimension: str, start: int, count: int, inherit_before: bool) -> None:
    """Inserts empty rows or columns before `start`; they take the format of the neighbour before or after."""
    rows, columns = grid_size(sheet)
    data = sheet["data"][0]
    neighbour = start - 1 if inherit_before else start
    if dimension == ROWS:
        set_size(sheet, rows + count, columns)
        cells_there = rows_of(sheet)
        if start < len(cells_there) or (inherit_before and start == len(cells_there)):
            model = cells_there[neighbour].get("values", []) if neighbour < len(cells_there) else []
            cells_there[start:start] = [{"values": [_blank(cell) for cell in model]} for _ in range(count)]
    else:
        set_size(sheet, rows, columns + count)
        for row in rows_of(sheet):
            values = row.get("values", [])
            if start < len(values) or (inherit_before and start == len(values)):
                model_cell = _blank(values[neighbour]) if neighbour < len(values) else {}
                values[start:start] = [model_cell] * count
    name = "rowMetadata" if dimension == ROWS else "columnMetadata"
    if start < len(data.get(name, ())):
        data[name][start:start] = [{} for _ in range(count)]
    _shift_ranges(book, sheet, dimension, start, count)


def delete(book: dict[str, Any], sheet: Sheet, dimension: str, start: int, end: int) -> None:
    """Deletes rows or columns [start, end); rectangles that pointed at them shrink or vanish."""
    rows, columns = grid_size(sheet)
    data, count = sheet["data"][0], end - start
    if dimension == ROWS:
        del rows_of(sheet)[start:end]
        rows -= count
    else:
        for row in rows_of(sheet):
            if "values" in row:
                del row["values"][start:end]
        columns -= count
    name = "rowMetadata" if dimension == ROWS else "columnMetadata"
    if name in data:
        del data[name][start:end]
    set_size(sheet, rows, columns)
    _shift_ranges(book, sheet, dimension, start, -count)


def shifted(grid_range: dict[str, Any], dimension: str, start: int, count: int) -> dict[str, Any] | None:
    """A GridRange after `count` rows or columns came in at `start` (went, when negative); None when nothing is left."""
    low, high = ("startRowIndex", "endRowIndex") if dimension == ROWS else ("startColumnIndex", "endColumnIndex")
    moved = dict(grid_range)
    first, last = grid_range.get(low, 0), grid_range.get(high)
    if count >= 0:
        if low in moved and first >= start:
            moved[low] = first + count
        if last is not None and last > start:
            moved[high] = last + count
        return moved
    gone = -count
    if low in moved:
        moved[low] = first - min(gone, max(0, first - start))
    if last is not None:
        moved[high] = last - min(gone, max(0, last - start))
        if moved[high] <= moved.get(low, 0):
            return None
    return moved


def _shift_ranges(book: dict[str, Any], sheet: Sheet, dimension: str, start: int, count: int) -> None:
    def moved(grid_range: dict[str, Any]) -> dict[str, Any] | None:
        return shifted(grid_range, dimension, start, count)

    if "merges" in sheet:
        kept = [new for old in sheet["merges"] if (new := moved(old)) is not None]
        sheet["merges"] = [
            m
            for m in kept
            if m["endRowIndex"] - m["startRowIndex"] > 1 or m["endColumnIndex"] - m["startColumnIndex"] > 1
        ]
    for name in ("protectedRanges", "filterViews"):
        if name in sheet:
            sheet[name] = [
                {**item, "range": new} if "range" in item else item
                for item in sheet[name]
                if "range" not in item or (new := moved(item["range"])) is not None
            ]
    if "basicFilter" in sheet and "range" in sheet["basicFilter"]:
        new_range = moved(sheet["basicFilter"]["range"])
        if new_range is None:
            del sheet["basicFilter"]
        else:
            sheet["basicFilter"] = {**sheet["basicFilter"], "range": new_range}
    if "conditionalFormats" in sheet:
        rules = [
            {**rule, "ranges": [new for r in rule.get("ranges", []) if (new := moved(r)) is not None]}
            for rule in sheet["conditionalFormats"]
        ]
        sheet["conditionalFormats"] = [rule for rule in rules if rule["ranges"]]
    sheet_id = sheet["properties"]["sheetId"]
    if "namedRanges" in book:
        book["namedRanges"] = [
            {**item, "range": new} if item["range"].get("sheetId", 0) == sheet_id else item
            for item in book["namedRanges"]
            if item["range"].get("sheetId", 0) != sheet_id or (new := moved(item["range"])) is not None
        ]


def _blank(cell: cells.Cell) -> cells.Cell:
    return {name: cell[name] for name in ("userEnteredFormat", "effectiveFormat", "dataValidation") if name in cell}
