"""Requests about filters, protections, conditional formats, borders, validation, banding and charts."""

from __future__ import annotations

import copy
import secrets

from sandbox.google import cells, grid
from sandbox.google.edits.base import Detail, Edit, Refused, field_names, patched


def set_basic_filter(edit: Edit, detail: Detail) -> None:
    """The one filter of a sheet; replaces the one there."""
    wanted = detail.get("filter", {})
    place = edit.rectangle(wanted.get("range", {}))
    place.sheet["basicFilter"] = copy.deepcopy(wanted)


def clear_basic_filter(edit: Edit, detail: Detail) -> None:
    """Removes the filter; rows it hid are shown."""
    sheet = edit.sheet(detail.get("sheetId", 0))
    sheet.pop("basicFilter", None)
    data = sheet["data"][0]
    if "rowMetadata" in data:
        data["rowMetadata"] = [{k: v for k, v in item.items() if k != "hiddenByFilter"} for item in data["rowMetadata"]]


def add_protected_range(edit: Edit, detail: Detail) -> Detail:
    """Protects a range; the caller becomes an editor."""
    wanted = copy.deepcopy(detail.get("protectedRange", {}))
    place = edit.rectangle(wanted.get("range", {}))
    listed = place.sheet.setdefault("protectedRanges", [])
    used = {p["protectedRangeId"] for s in edit.book["sheets"] for p in s.get("protectedRanges", ())}
    if wanted.get("protectedRangeId") in used:
        raise Refused(f"A protected range with id {wanted['protectedRangeId']} already exists.")
    whole = wanted.get("range", {}).keys() <= {"sheetId"}
    if whole and any(p.get("range", {}).keys() <= {"sheetId"} for p in listed):
        title = place.sheet["properties"]["title"]
        raise Refused(f"Cannot add protection to sheet {title}: it already has sheet protection.")
    wanted.setdefault("protectedRangeId", 1 + secrets.randbelow(2**31 - 1))
    if not wanted.get("warningOnly"):
        users = wanted.setdefault("editors", {}).setdefault("users", [])
        if edit.who.email not in users:
            users.append(edit.who.email)
    wanted["requestingUserCanEdit"] = True
    listed.append(wanted)
    return {"addProtectedRange": {"protectedRange": wanted}}


def update_protected_range(edit: Edit, detail: Detail) -> None:
    """Changes a protection."""
    wanted = detail.get("protectedRange", {})
    tree = field_names(detail.get("fields"))
    for sheet in edit.book["sheets"]:
        for index, old in enumerate(sheet.get("protectedRanges", ())):
            if old["protectedRangeId"] == wanted.get("protectedRangeId"):
                sheet["protectedRanges"][index] = {
                    **patched(old, wanted, tree),
                    "protectedRangeId": old["protectedRangeId"],
                }
                return
    raise Refused(f"No protected range with ID: {wanted.get('protectedRangeId', 0)}")


def delete_protected_range(edit: Edit, detail: Detail) -> None:
    """Lifts a protection."""
    wanted = detail.get("protectedRangeId", 0)
    for sheet in edit.book["sheets"]:
        kept = [p for p in sheet.get("protectedRanges", []) if p["protectedRangeId"] != wanted]
        if len(kept) < len(sheet.get("protectedRanges", [])):
            sheet["protectedRanges"] = kept
            return
    raise Refused(f"No protected range with ID: {wanted}")


def add_conditional_format_rule(edit: Edit, detail: Detail) -> None:
    """Stores a rule at its index; the twin does not paint by it."""
    rule = copy.deepcopy(detail.get("rule", {}))
    ranges = rule.get("ranges", [])
    if not ranges:
        raise Refused("A conditional format rule must have at least one range.")
    sheet = edit.rectangle(ranges[0]).sheet
    rules = sheet.setdefault("conditionalFormats", [])
    rules.insert(detail.get("index", 0), rule)


def delete_conditional_format_rule(edit: Edit, detail: Detail) -> Detail:
    """Removes the rule at an index."""
    rules = edit.sheet(detail.get("sheetId", 0)).get("conditionalFormats", [])
    index = detail.get("index", 0)
    if index >= len(rules):
        raise Refused(f"No conditional format on sheet: {detail.get('sheetId', 0)} at index: {index}")
    return {"deleteConditionalFormatRule": {"rule": rules.pop(index)}}


def update_borders(edit: Edit, detail: Detail) -> None:
    """Borders of a range: each cell gets the sides that lie on the range's edge or between its cells."""
    place = edit.writable(edit.rectangle(detail.get("range", {})))
    for row, column in grid.positions(place):
        sides = {
            "top": detail.get("top" if row == place.top else "innerHorizontal"),
            "bottom": detail.get("bottom" if row == place.bottom - 1 else "innerHorizontal"),
            "left": detail.get("left" if column == place.left else "innerVertical"),
            "right": detail.get("right" if column == place.right - 1 else "innerVertical"),
        }
        new = {name: side for name, side in sides.items() if side}
        old = grid.cell_at(place.sheet, row, column)
        own = old.get("userEnteredFormat", {})
        borders = {**own.get("borders", {}), **new}
        grid.put(
            place.sheet,
            row,
            column,
            cells.settle({**old, "userEnteredFormat": {**own, "borders": borders}}, edit.locale),
        )


def set_data_validation(edit: Edit, detail: Detail) -> None:
    """Validation for a range; none removes it."""
    place = edit.writable(edit.rectangle(detail.get("range", {})))
    rule = detail.get("rule")

    def validated(old: cells.Cell) -> cells.Cell:
        kept = {name: value for name, value in old.items() if name != "dataValidation"}
        return {**kept, "dataValidation": rule} if rule else kept

    grid.change(place, validated)


def add_banding(edit: Edit, detail: Detail) -> Detail:
    """Stores alternating colours."""
    banding = copy.deepcopy(detail.get("bandedRange", {}))
    place = edit.rectangle(banding.get("range", {}))
    banding.setdefault("bandedRangeId", 1 + secrets.randbelow(2**31 - 1))
    place.sheet.setdefault("bandedRanges", []).append(banding)
    return {"addBanding": {"bandedRange": banding}}


def add_chart(edit: Edit, detail: Detail) -> Detail:
    """Stores a chart on the sheet of its anchor."""
    chart = copy.deepcopy(detail.get("chart", {}))
    anchor = chart.get("position", {}).get("overlayPosition", {}).get("anchorCell", {})
    sheet = edit.sheet(anchor.get("sheetId", 0))
    chart.setdefault("chartId", 1 + secrets.randbelow(2**31 - 1))
    sheet.setdefault("charts", []).append(chart)
    return {"addChart": {"chart": chart}}
