"""Requests that put, copy, sort and merge cells."""

from __future__ import annotations

from typing import Any

from sandbox.google import cells, grid
from sandbox.google.a1 import Rectangle, grid_size
from sandbox.google.edits.base import Detail, Edit, Refused, field_names, patched
from sandbox.world.rows import MARK

READ_ONLY = ("effectiveValue", "formattedValue", "effectiveFormat", "hyperlink")


def _with_fields(edit: Edit, old: cells.Cell, new: cells.Cell, tree: dict[str, Any]) -> cells.Cell:
    own = {name: value for name, value in old.items() if name not in READ_ONLY}
    return cells.settle(patched(own, {k: v for k, v in new.items() if k not in READ_ONLY}, tree), edit.locale)


def _checked(tree: dict[str, Any]) -> dict[str, Any]:
    for name in READ_ONLY:
        if name in tree:
            raise Refused(f"Invalid field: {name} is read-only")
    return tree


def update_cells(edit: Edit, detail: Detail) -> None:
    """Cells from `start` on, or in `range`, where cells without data lose the listed fields."""
    tree = _checked(field_names(detail.get("fields")))
    rows = detail.get("rows", [])
    if "range" in detail:
        place = edit.rectangle(detail["range"])
        if len(rows) > place.bottom - place.top or any(
            len(r.get("values", ())) > place.right - place.left for r in rows
        ):
            raise Refused("Attempting to write more data than the range holds.")
    elif "start" in detail:
        start = detail["start"]
        sheet = edit.sheet(start.get("sheetId", 0))
        top, left = start.get("rowIndex", 0), start.get("columnIndex", 0)
        height, width = len(rows), max((len(r.get("values", ())) for r in rows), default=0)
        max_rows, max_columns = grid_size(sheet)
        if top + height > max_rows or left + width > max_columns:
            wide = left + width > max_columns
            kind, last, most = ("column", left + width, max_columns) if wide else ("row", top + height, max_rows)
            raise Refused(f"Attempting to write {kind}: {last - 1}, beyond the last requested {kind} of: {most - 1}")
        if not height or not width:
            return
        place = Rectangle(sheet, top, left, top + height, left + width)
    else:
        raise Refused("One of start or range must be set.")
    edit.writable(place)
    for row, column in grid.positions(place):
        given = rows[row - place.top].get("values", ()) if row - place.top < len(rows) else ()
        if "range" not in detail and column - place.left >= len(given):
            continue
        new = given[column - place.left] if column - place.left < len(given) else {}
        grid.put(place.sheet, row, column, _with_fields(edit, grid.cell_at(place.sheet, row, column), new or {}, tree))


def repeat_cell(edit: Edit, detail: Detail) -> None:
    """One cell's fields for a whole range."""
    tree = _checked(field_names(detail.get("fields")))
    place = edit.writable(edit.rectangle(detail.get("range", {})))
    new = detail.get("cell", {})
    blank = _with_fields(edit, {}, new, tree)

    def repeated(old: cells.Cell) -> cells.Cell:
        return _with_fields(edit, old, new, tree) if old else blank

    grid.change(place, repeated)


def append_cells(edit: Edit, detail: Detail) -> None:
    """Rows after the last row with data; the grid grows when needed."""
    sheet = edit.sheet(detail.get("sheetId", 0))
    filled = [
        r for r, row in enumerate(grid.rows_of(sheet)) if any(c.get("userEnteredValue") for c in row.get("values", ()))
    ]
    top, rows = (filled[-1] + 1 if filled else 0), detail.get("rows", [])
    max_rows, max_columns = grid_size(sheet)
    width = max((len(r.get("values", ())) for r in rows), default=0)
    grid.set_size(sheet, max(max_rows, top + len(rows)), max(max_columns, width))
    start = {"sheetId": sheet["properties"]["sheetId"], "rowIndex": top}
    update_cells(edit, {"start": start, "rows": rows, "fields": detail.get("fields")})


def copy_paste(edit: Edit, detail: Detail) -> None:
    """Copies a rectangle; a destination that is a multiple of it is tiled."""
    source, target = edit.rectangle(detail.get("source", {})), edit.rectangle(detail.get("destination", {}))
    height, width = source.bottom - source.top, source.right - source.left
    turned = detail.get("pasteOrientation") == "TRANSPOSE"
    block = [
        [grid.cell_at(source.sheet, r, c) for c in range(source.left, source.right)]
        for r in range(source.top, source.bottom)
    ]
    if turned:
        block = [list(column) for column in zip(*block, strict=True)]
        height, width = width, height
    tall = target.bottom - target.top if (target.bottom - target.top) % height == 0 else height
    wide = target.right - target.left if (target.right - target.left) % width == 0 else width
    max_rows, max_columns = grid_size(target.sheet)
    if target.top + tall > max_rows or target.left + wide > max_columns:
        raise Refused("The destination exceeds grid limits.")
    place = edit.writable(Rectangle(target.sheet, target.top, target.left, target.top + tall, target.left + wide))
    how = detail.get("pasteType", "PASTE_NORMAL")
    for row, column in grid.positions(place):
        copied = block[(row - place.top) % height][(column - place.left) % width]
        grid.put(place.sheet, row, column, _pasted(edit, copied, grid.cell_at(place.sheet, row, column), how))


def _pasted(edit: Edit, copied: cells.Cell, old: cells.Cell, how: str) -> cells.Cell:
    if how == "PASTE_NORMAL":
        return copied
    own = {name: value for name, value in old.items() if name not in READ_ONLY}
    if how == "PASTE_VALUES":
        own.pop("userEnteredValue", None)
        if "effectiveValue" in copied:
            own["userEnteredValue"] = copied["effectiveValue"]
    elif how == "PASTE_FORMULA":
        own.pop("userEnteredValue", None)
        if "userEnteredValue" in copied:
            own["userEnteredValue"] = copied["userEnteredValue"]
    elif how == "PASTE_FORMAT":
        own.pop("userEnteredFormat", None)
        if "userEnteredFormat" in copied:
            own["userEnteredFormat"] = copied["userEnteredFormat"]
    elif how == "PASTE_NO_BORDERS":
        own = {name: value for name, value in copied.items() if name not in READ_ONLY}
        if "userEnteredFormat" in own:
            own["userEnteredFormat"] = {k: v for k, v in own["userEnteredFormat"].items() if k != "borders"}
    elif how == "PASTE_DATA_VALIDATION":
        own = {**own, "dataValidation": copied["dataValidation"]} if "dataValidation" in copied else own
    else:
        raise Refused(f"The twin does not know {how}")
    return cells.settle(own, edit.locale)


def merge_cells(edit: Edit, detail: Detail) -> None:
    """Merges; all but the top-left cell lose their values."""
    place = edit.writable(edit.rectangle(detail.get("range", {})))
    kind = detail.get("mergeType", "MERGE_ALL")
    if kind == "MERGE_COLUMNS":
        parts = [(place.top, place.bottom, c, c + 1) for c in range(place.left, place.right)]
    elif kind == "MERGE_ROWS":
        parts = [(r, r + 1, place.left, place.right) for r in range(place.top, place.bottom)]
    else:
        parts = [(place.top, place.bottom, place.left, place.right)]
    merges = place.sheet.setdefault("merges", [])
    for old in merges:
        if _overlap(old, place) and not _inside(old, place):
            raise Refused("You must select all cells in a merged range to merge or unmerge them.")
    merges[:] = [old for old in merges if not _overlap(old, place)]
    sheet_id = place.sheet["properties"]["sheetId"]
    for top, bottom, left, right in parts:
        if (bottom - top) * (right - left) < 2:
            continue
        merges.append(
            {
                "sheetId": sheet_id,
                "startRowIndex": top,
                "endRowIndex": bottom,
                "startColumnIndex": left,
                "endColumnIndex": right,
            }
        )
        for row, column in grid.positions(Rectangle(place.sheet, top, left, bottom, right)):
            old_cell = grid.cell_at(place.sheet, row, column)
            if (row, column) != (top, left) and old_cell.get("userEnteredValue"):
                grid.put(place.sheet, row, column, cells.entered("", old_cell, "RAW", edit.locale))


def unmerge_cells(edit: Edit, detail: Detail) -> None:
    """Takes merges apart."""
    place = edit.writable(edit.rectangle(detail.get("range", {})))
    merges = place.sheet.get("merges", [])
    if any(_overlap(old, place) and not _inside(old, place) for old in merges):
        raise Refused("You must select all cells in a merged range to merge or unmerge them.")
    place.sheet["merges"] = [old for old in merges if not _overlap(old, place)]


def _overlap(merge: Detail, place: Rectangle) -> bool:
    return bool(
        merge["startRowIndex"] < place.bottom
        and merge["endRowIndex"] > place.top
        and merge["startColumnIndex"] < place.right
        and merge["endColumnIndex"] > place.left
    )


def _inside(merge: Detail, place: Rectangle) -> bool:
    return bool(
        merge["startRowIndex"] >= place.top
        and merge["endRowIndex"] <= place.bottom
        and merge["startColumnIndex"] >= place.left
        and merge["endColumnIndex"] <= place.right
    )


def sort_range(edit: Edit, detail: Detail) -> None:
    """Sorts the rows of a range: numbers, then texts, then booleans; empty cells last in either direction."""
    place = edit.writable(edit.rectangle(detail.get("range", {})))
    if any(
        _overlap(merge, place) and merge["endRowIndex"] - merge["startRowIndex"] > 1
        for merge in place.sheet.get("merges", [])
    ):
        raise Refused("You can't perform a sort on a range that contains vertical merges.")
    sort_rows(place, detail.get("sortSpecs", []))


class _Line(list[cells.Cell]):
    """The cells of a row while it is sorted, with the mark that goes with it."""

    mark: int | None = None


def sort_rows(place: Rectangle, specs: list[Detail]) -> None:
    """Sorts the rows of a rectangle in place by SortSpecs; stable. A row that is sorted whole keeps its mark."""
    rows = grid.rows_of(place.sheet)
    lines = [
        _Line(grid.cell_at(place.sheet, r, c) for c in range(place.left, place.right))
        for r in range(place.top, place.bottom)
    ]
    whole = place.left == 0 and all(len(row.get("values", ())) <= place.right for row in rows[place.top : place.bottom])
    if whole:
        for line, row in zip(lines, rows[place.top : place.bottom], strict=False):
            line.mark = row.pop(MARK, None)
    for spec in reversed(specs):
        column = spec.get("dimensionIndex", 0) - place.left
        if not 0 <= column < place.right - place.left:
            raise Refused("The sort column lies outside the range.")
        filled = [line for line in lines if line[column].get("effectiveValue")]
        empty = [line for line in lines if not line[column].get("effectiveValue")]
        filled.sort(key=lambda line: _sort_key(line[column]), reverse=spec.get("sortOrder") == "DESCENDING")
        lines = filled + empty
    for at, line in enumerate(lines, place.top):
        for column, cell in enumerate(line, place.left):
            grid.put(place.sheet, at, column, cell)
        if line.mark is not None:
            rows[at][MARK] = line.mark


def _sort_key(cell: cells.Cell) -> tuple[int, float, str]:
    value = cell["effectiveValue"]
    if "numberValue" in value:
        return 0, value["numberValue"], ""
    if "stringValue" in value:
        return 1, 0, value["stringValue"].casefold()
    return 2, float(value.get("boolValue", 2)), ""
