"""Requests about rows and columns as such."""

from __future__ import annotations

from typing import Any

from sandbox.google import grid
from sandbox.google.a1 import Rectangle, grid_size
from sandbox.google.edits.base import Detail, Edit, Refused, Sheet, field_names, patched

_NAMES = {"ROWS": "row", "COLUMNS": "column"}


def _span(edit: Edit, detail: Detail, *, beyond: bool = False) -> tuple[Sheet, str, int, int]:
    """(sheet, dimension, start, end) of a DimensionRange; `beyond`: the start may be the grid's end."""
    sheet = edit.sheet(detail.get("sheetId", 0))
    dimension = detail.get("dimension", "DIMENSION_UNSPECIFIED")
    if dimension not in _NAMES:
        raise Refused("No dimension specified.")
    size = grid_size(sheet)[0 if dimension == grid.ROWS else 1]
    start, end = detail.get("startIndex", 0), detail.get("endIndex", size)
    if start < 0 or end <= start:
        raise Refused(f"range.endIndex[{end}] must be after range.startIndex[{start}]")
    if start > size or (start == size and not beyond) or (end > size and not beyond):
        raise Refused(f"range.startIndex[{start}] is too large: the sheet has {size} {_NAMES[dimension]}s.")
    return sheet, dimension, start, end


def insert_dimension(edit: Edit, detail: Detail) -> None:
    """Empty rows or columns before an index."""
    sheet, dimension, start, end = _span(edit, detail.get("range", {}), beyond=True)
    inherit = detail.get("inheritFromBefore", False)
    if inherit and start == 0:
        raise Refused("inheritFromBefore cannot be true if inserting at the beginning of the sheet.")
    size = grid_size(sheet)[0 if dimension == grid.ROWS else 1]
    if start == size and not inherit:
        raise Refused(f"range.startIndex[{start}] is too large: inheritFromBefore must be true to insert at the end.")
    grid.insert(edit.book, sheet, dimension, start, end - start, inherit)


def append_dimension(edit: Edit, detail: Detail) -> None:
    """Empty rows or columns at the end."""
    sheet = edit.sheet(detail.get("sheetId", 0))
    length, dimension = detail.get("length", 0), detail.get("dimension")
    if dimension not in _NAMES or length < 1:
        raise Refused("A dimension and a length of at least 1 must be given.")
    rows, columns = grid_size(sheet)
    grid.set_size(
        sheet,
        rows + length if dimension == grid.ROWS else rows,
        columns + length if dimension == grid.COLUMNS else columns,
    )


def delete_dimension(edit: Edit, detail: Detail) -> None:
    """Deletes rows or columns; never all of them."""
    sheet, dimension, start, end = _span(edit, detail.get("range", {}))
    rows, columns = grid_size(sheet)
    if end - start >= (rows if dimension == grid.ROWS else columns):
        raise Refused(f"You can't delete all the {_NAMES[dimension]}s on the sheet.")
    by_rows = dimension == grid.ROWS
    edit.writable(Rectangle(sheet, start, 0, end, columns) if by_rows else Rectangle(sheet, 0, start, rows, end))
    grid.delete(edit.book, sheet, dimension, start, end)


def update_dimension_properties(edit: Edit, detail: Detail) -> None:
    """Pixel size and hidden flag of rows or columns."""
    sheet, dimension, start, end = _span(edit, detail.get("range", {}))
    tree = field_names(detail.get("fields"))
    metadata = _metadata(sheet, dimension, end)
    for index in range(start, end):
        metadata[index] = patched(metadata[index], detail.get("properties", {}), tree)


def auto_resize_dimensions(edit: Edit, detail: Detail) -> None:
    """Widths by the longest text shown; the twin reckons 7 pixels a letter."""
    sheet, dimension, start, end = _span(edit, detail.get("dimensions", {}))
    metadata = _metadata(sheet, dimension, end)
    for index in range(start, end):
        longest = 0
        if dimension == grid.COLUMNS:
            column = [row["values"][index] for row in grid.rows_of(sheet) if index < len(row.get("values", ()))]
            longest = max((len(cell.get("formattedValue", "")) for cell in column), default=0)
        size = 21 if dimension == grid.ROWS else max(21, 7 * longest + 6) if longest else 100
        metadata[index] = {**metadata[index], "pixelSize": size}


def _metadata(sheet: Sheet, dimension: str, length: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = sheet["data"][0].setdefault(
        "rowMetadata" if dimension == grid.ROWS else "columnMetadata", []
    )
    found.extend({} for _ in range(length - len(found)))
    return found
