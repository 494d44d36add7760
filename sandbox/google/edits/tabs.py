"""Requests about the spreadsheet and its tabs."""

from __future__ import annotations

import copy
import secrets
from typing import Any

from sandbox.google import grid
from sandbox.google.a1 import grid_size
from sandbox.google.edits.base import Detail, Edit, Refused, Sheet, field_names, patched
from sandbox.google.state import adopt_sheet


def add_sheet(edit: Edit, detail: Detail) -> Detail:
    """A new tab, with the caller's sheetId when one is given."""
    properties = copy.deepcopy(detail.get("properties", {}))
    sheets = edit.book["sheets"]
    _free_id(edit, properties)
    if "title" not in properties:
        number = len(sheets) + 1
        while _titled(edit, f"Sheet{number}"):
            number += 1
        properties["title"] = f"Sheet{number}"
    _free_title(edit, properties["title"], None)
    index = min(properties.get("index", len(sheets)), len(sheets))
    size = properties.setdefault("gridProperties", {})
    if size.get("rowCount", 1000) * size.get("columnCount", 26) + _cell_count(edit) > 10_000_000:
        raise Refused(
            "This action would increase the number of cells in the workbook above the limit of 10000000 cells."
        )
    sheet: Sheet = {"properties": properties, "data": [{"rowData": []}]}
    adopt_sheet(sheet, index, edit.locale)
    sheets.insert(index, sheet)
    _number(sheets)
    return {"addSheet": {"properties": sheet["properties"]}}


def delete_sheet(edit: Edit, detail: Detail) -> None:
    """Deletes a tab; the last visible one stays."""
    sheet = edit.sheet(detail.get("sheetId", 0))
    others = [s for s in edit.book["sheets"] if s is not sheet and not s["properties"].get("hidden")]
    if not others:
        raise Refused("You can't remove all the visible sheets in a document.")
    edit.writable(edit.rectangle({"sheetId": sheet["properties"]["sheetId"]}))
    edit.book["sheets"] = [s for s in edit.book["sheets"] if s is not sheet]
    named = edit.book.get("namedRanges", [])
    edit.book["namedRanges"] = [n for n in named if n["range"].get("sheetId", 0) != sheet["properties"]["sheetId"]]
    if not edit.book["namedRanges"]:
        del edit.book["namedRanges"]
    _number(edit.book["sheets"])


def duplicate_sheet(edit: Edit, detail: Detail) -> Detail:
    """A copy of a tab; null stands for what the service may choose, as gspread sends it."""
    detail = {name: value for name, value in detail.items() if value is not None}
    source = edit.sheet(detail.get("sourceSheetId", 0))
    sheet = copy.deepcopy(source)
    sheet["properties"].pop("sheetId")
    sheet["data"][0]["rowData"] = [grid.shown(row) for row in grid.rows_of(sheet)]
    if "newSheetId" in detail:
        sheet["properties"]["sheetId"] = detail["newSheetId"]
    _free_id(edit, sheet["properties"])
    sheet["properties"]["title"] = detail.get("newSheetName") or f"Copy of {source['properties']['title']}"
    _free_title(edit, sheet["properties"]["title"], None)
    for grid_range in [*sheet.get("merges", []), *([sheet["basicFilter"]["range"]] if "basicFilter" in sheet else [])]:
        grid_range["sheetId"] = sheet["properties"]["sheetId"]
    sheet.pop("protectedRanges", None)
    index = min(detail.get("insertSheetIndex", 0), len(edit.book["sheets"]))
    edit.book["sheets"].insert(index, sheet)
    _number(edit.book["sheets"])
    return {"duplicateSheet": {"properties": sheet["properties"]}}


def update_sheet_properties(edit: Edit, detail: Detail) -> None:
    """Title, index, hidden, grid size, frozen rows, tab colour."""
    wanted = detail.get("properties", {})
    sheet = edit.sheet(wanted.get("sheetId", 0))
    tree = field_names(detail.get("fields"))
    if "*" in tree:
        tree = {name: {} for name in wanted}
    tree.pop("sheetId", None)
    old = sheet["properties"]
    new = patched(old, wanted, tree)
    if not new.get("title"):
        raise Refused("A sheet must have a title.")
    if new["title"] != old["title"]:
        _free_title(edit, new["title"], sheet)
    if new.get("hidden") and not any(s is not sheet and not s["properties"].get("hidden") for s in edit.book["sheets"]):
        raise Refused("You can't hide all the visible sheets in a document.")
    size = new.get("gridProperties", {})
    if "gridProperties" in tree:
        rows, columns = grid_size(sheet)
        size = new["gridProperties"] = {"rowCount": rows, "columnCount": columns, **size}
        if size["rowCount"] < 1 or size["columnCount"] < 1:
            raise Refused("The grid must have at least one row and one column.")
        if size.get("frozenRowCount", 0) >= size["rowCount"]:
            raise Refused("You can't freeze all visible rows on the sheet.")
    sheet["properties"] = {name: value for name, value in new.items() if value is not False}
    if "gridProperties" in tree:
        grid.set_size(sheet, size["rowCount"], size["columnCount"])
    if "index" in tree:
        sheets = [s for s in edit.book["sheets"] if s is not sheet]
        target = wanted.get("index", 0)
        sheets.insert(target - 1 if target > old["index"] else target, sheet)
        edit.book["sheets"] = sheets
    _number(edit.book["sheets"])


def update_spreadsheet_properties(edit: Edit, detail: Detail) -> None:
    """Title, locale, time zone."""
    tree = field_names(detail.get("fields"))
    wanted = detail.get("properties", {})
    if "*" in tree:
        tree = {name: {} for name in wanted}
    new = patched(edit.book["properties"], wanted, tree)
    if not new.get("title"):
        raise Refused("A spreadsheet must have a title.")
    edit.book["properties"] = new


def add_named_range(edit: Edit, detail: Detail) -> Detail:
    """A name for a rectangle."""
    named = dict(detail.get("namedRange", {}))
    edit.rectangle(named.get("range", {}))
    if any(n["name"].casefold() == named.get("name", "").casefold() for n in edit.book.get("namedRanges", [])):
        raise Refused(
            f"Cannot add named range with name: {named['name']}. A named range with that name already exists."
        )
    named.setdefault("namedRangeId", secrets.token_hex(6))
    edit.book.setdefault("namedRanges", []).append(named)
    return {"addNamedRange": {"namedRange": named}}


def _number(sheets: list[Sheet]) -> None:
    for index, sheet in enumerate(sheets):
        sheet["properties"] = {**sheet["properties"], "index": index}


def _free_id(edit: Edit, properties: dict[str, Any]) -> None:
    used = {s["properties"]["sheetId"] for s in edit.book["sheets"]}
    if "sheetId" in properties:
        if properties["sheetId"] in used:
            raise Refused(f"A sheet with id {properties['sheetId']} already exists. Please use a different id.")
        if properties["sheetId"] < 0:
            raise Refused("sheetId must be greater than or equal to 0.")
        return
    properties["sheetId"] = next(n for n in iter(lambda: secrets.randbelow(2**31), -1) if n not in used)


def _titled(edit: Edit, title: str) -> Sheet | None:
    return next((s for s in edit.book["sheets"] if s["properties"]["title"].casefold() == title.casefold()), None)


def _free_title(edit: Edit, title: str, own: Sheet | None) -> None:
    found = _titled(edit, title)
    if found is not None and found is not own:
        raise Refused(f'A sheet with the name "{title}" already exists. Please enter another name.')


def _cell_count(edit: Edit) -> int:
    sizes = [grid_size(sheet) for sheet in edit.book["sheets"]]
    return sum(rows * columns for rows, columns in sizes)
