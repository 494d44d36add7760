"""spreadsheets.batchUpdate at the twin: all or nothing, replies that mirror the requests, and each request's effect."""

from __future__ import annotations

from typing import Any

import pytest
from googleapiclient.errors import HttpError

from tests.sandbox.google_twin import AM, BOOK, Twin

TAB = "'AGT 26'"
SHEET = 11


def change(google: Twin, *requests: dict[str, Any], **more: Any) -> dict[str, Any]:
    body = {"requests": list(requests), **more}
    answer: dict[str, Any] = (
        google.service("sheets").spreadsheets().batchUpdate(spreadsheetId=BOOK, body=body).execute()
    )
    return answer


def values(google: Twin, cells: str, render: str = "FORMATTED_VALUE") -> list[list[Any]]:
    sheets = google.service("sheets").spreadsheets()
    answer = sheets.values().get(spreadsheetId=BOOK, range=cells, valueRenderOption=render).execute()
    found: list[list[Any]] = answer.get("values", [])
    return found


def metadata(google: Twin, fields: str) -> dict[str, Any]:
    found: dict[str, Any] = (
        google.service("sheets")
        .spreadsheets()
        .get(spreadsheetId=BOOK, fields=f"sheets({fields})")
        .execute()["sheets"][0]
    )
    return found


def area(top: int, bottom: int, left: int, right: int) -> dict[str, int]:
    return {
        "sheetId": SHEET,
        "startRowIndex": top,
        "endRowIndex": bottom,
        "startColumnIndex": left,
        "endColumnIndex": right,
    }


def cell(text: str) -> dict[str, Any]:
    return {"userEnteredValue": {"stringValue": text}}


def span(start: int, end: int, dimension: str = "ROWS") -> dict[str, Any]:
    return {"sheetId": SHEET, "dimension": dimension, "startIndex": start, "endIndex": end}


def test_one_invalid_request_leaves_everything_as_it_was(google: Twin) -> None:
    rows = [{"values": [cell("baru")]}]
    good = {"updateCells": {"range": area(0, 1, 0, 1), "rows": rows, "fields": "userEnteredValue"}}
    added = {"addSheet": {"properties": {"sheetId": 5, "title": "SEP 26"}}}
    with pytest.raises(HttpError) as refused:
        change(google, good, added, {"insertDimension": {"range": span(4, 5)}}, {"deleteSheet": {"sheetId": 99}})
    assert refused.value.status_code == 400
    assert refused.value.reason == "Invalid requests[3].deleteSheet: No grid with id: 99"
    assert values(google, f"{TAB}!A1:A5") == [["Jadwal Agustus"], ["Tanggal"], ["07/08/2026"]]
    assert len(google.world.spreadsheets[BOOK]["sheets"]) == 2


def test_a_refused_batch_does_not_bump_the_version(google: Twin) -> None:
    before = dict(google.state.find(BOOK) or {})
    with pytest.raises(HttpError):
        change(google, {"deleteSheet": {"sheetId": 99}})
    assert google.state.find(BOOK) == before


def test_replies_mirror_the_requests(google: Twin) -> None:
    answer = change(
        google,
        {"mergeCells": {"range": area(9, 10, 0, 2), "mergeType": "MERGE_ALL"}},
        {"addSheet": {"properties": {"sheetId": 2609, "title": "SEP 26"}}},
    )
    assert answer["spreadsheetId"] == BOOK
    assert answer["replies"][0] == {}
    added = answer["replies"][1]["addSheet"]["properties"]
    assert (added["sheetId"], added["title"], added["index"]) == (2609, "SEP 26", 2)
    assert added["gridProperties"] == {"rowCount": 1000, "columnCount": 26}


def test_without_requests_it_is_refused(google: Twin) -> None:
    with pytest.raises(HttpError, match="Must specify at least one request"):
        change(google)


def test_an_unknown_field_in_a_request_is_refused(google: Twin) -> None:
    with pytest.raises(HttpError, match=r"Unknown name \\?\"titel\\?\" at 'requests\[0\].addSheet.properties'"):
        change(google, {"addSheet": {"properties": {"titel": "x"}}})


def test_a_request_the_twin_does_not_know_is_said_so(google: Twin) -> None:
    with pytest.raises(HttpError, match="The twin does not know the request randomizeRange") as refused:
        change(google, {"randomizeRange": {"range": area(0, 1, 0, 1)}})
    assert refused.value.status_code == 501


@pytest.mark.parametrize("properties", [{"sheetId": SHEET, "title": "X"}, {"title": "agt 26"}])
def test_a_tab_with_an_id_or_title_in_use_is_refused(google: Twin, properties: dict[str, Any]) -> None:
    with pytest.raises(HttpError, match="already exists"):
        change(google, {"addSheet": {"properties": properties}})


def test_the_last_visible_tab_can_neither_be_deleted_nor_hidden(google: Twin) -> None:
    with pytest.raises(HttpError, match="You can't remove all the visible sheets"):
        change(google, {"deleteSheet": {"sheetId": SHEET}})
    hide = {"properties": {"sheetId": SHEET, "hidden": True}, "fields": "hidden"}
    with pytest.raises(HttpError, match="You can't hide all the visible sheets"):
        change(google, {"updateSheetProperties": hide})


def test_a_deleted_tab_is_gone_and_the_others_move_up(google: Twin) -> None:
    change(google, {"addSheet": {"properties": {"sheetId": 5, "title": "SEP 26", "index": 0}}})
    change(google, {"deleteSheet": {"sheetId": SHEET}})
    found = google.gspread().open_by_key(BOOK).worksheets()
    assert [(w.title, w.index) for w in found] == [("SEP 26", 0), ("Arsip", 1)]


def test_sheet_properties_change_by_mask_only(google: Twin) -> None:
    change(
        google,
        {
            "updateSheetProperties": {
                "properties": {
                    "sheetId": SHEET,
                    "title": "AGUSTUS",
                    "hidden": False,
                    "gridProperties": {"rowCount": 60, "frozenRowCount": 2},
                },
                "fields": "title,gridProperties.frozenRowCount",
            }
        },
    )
    properties = metadata(google, "properties")["properties"]
    assert properties["title"] == "AGUSTUS"
    assert properties["gridProperties"] == {"rowCount": 50, "columnCount": 8, "frozenRowCount": 2}


def test_a_mask_is_required(google: Twin) -> None:
    with pytest.raises(HttpError, match="At least one field must be listed in 'fields'"):
        change(google, {"updateSheetProperties": {"properties": {"sheetId": SHEET, "title": "X"}}})


def test_a_smaller_grid_cuts_its_cells_off(google: Twin) -> None:
    smaller = {"sheetId": SHEET, "gridProperties": {"rowCount": 3, "columnCount": 2}}
    fields = "gridProperties(rowCount,columnCount)"
    change(google, {"updateSheetProperties": {"properties": smaller, "fields": fields}})
    assert values(google, TAB) == [["Jadwal Agustus"], ["Tanggal", "Outlet"], ["07/08/2026", "Kopi Senja BSD 2"]]


def test_update_cells_from_a_start_writes_values_formats_and_links(google: Twin) -> None:
    bold = {"textFormat": {"bold": True}}
    link = {"userEnteredValue": {"formulaValue": '=HYPERLINK("https://example.com/1";"1001")'}}
    when = {"userEnteredValue": {"numberValue": 46241}, "userEnteredFormat": {"numberFormat": {"type": "DATE"}}}
    rows = [{"values": [{**cell("=1+1"), "userEnteredFormat": bold}, link, when]}, {}, {"values": [cell("akhir")]}]
    start = {"sheetId": SHEET, "rowIndex": 19, "columnIndex": 1}
    change(google, {"updateCells": {"start": start, "rows": rows, "fields": "userEnteredValue,userEnteredFormat"}})
    assert values(google, f"{TAB}!B20:D22") == [["=1+1", "1001", "07/08/2026"], [], ["akhir"]]
    fields = "data/rowData/values(hyperlink,effectiveFormat/textFormat/bold,userEnteredFormat)"
    row = metadata(google, fields)["data"][0]["rowData"][19]["values"]
    assert row[1] == {"effectiveFormat": {"textFormat": {"bold": True}}, "userEnteredFormat": bold}
    assert row[2]["hyperlink"] == "https://example.com/1"


def test_update_cells_in_a_range_clears_the_listed_fields_of_cells_without_data(google: Twin) -> None:
    rows = [{"values": [cell("baru")]}]
    change(google, {"updateCells": {"range": area(2, 6, 0, 8), "rows": rows, "fields": "userEnteredValue"}})
    assert values(google, f"{TAB}!A3:H50") == [["baru"]]
    kept = metadata(google, "data/rowData/values/effectiveFormat/textFormat/strikethrough")["data"][0]["rowData"][4]
    assert kept["values"][1]["effectiveFormat"]["textFormat"]["strikethrough"] is True


def test_update_cells_outside_the_grid_is_refused(google: Twin) -> None:
    rows = [{"values": [cell("x")]}]
    start = {"sheetId": SHEET, "rowIndex": 50, "columnIndex": 0}
    with pytest.raises(HttpError, match="Attempting to write row: 50, beyond the last requested row of: 49"):
        change(google, {"updateCells": {"start": start, "rows": rows, "fields": "userEnteredValue"}})


def test_repeat_cell_formats_a_range_and_keeps_values(google: Twin) -> None:
    fmt = {
        "userEnteredFormat": {"backgroundColor": {"green": 1}, "numberFormat": {"type": "NUMBER", "pattern": "0.00"}}
    }
    request = {"range": area(1, 3, 0, 4), "cell": fmt, "fields": "userEnteredFormat(backgroundColor,numberFormat)"}
    change(google, {"repeatCell": request})
    assert values(google, f"{TAB}!C2:C3") == [["Unit"], ["3,00"]]
    rows = metadata(google, "data/rowData/values/effectiveFormat/backgroundColor")["data"][0]["rowData"]
    assert rows[1]["values"][0]["effectiveFormat"]["backgroundColor"] == {"green": 1}
    assert rows[2]["values"][4]["effectiveFormat"]["backgroundColor"] == {"red": 1, "green": 1, "blue": 1}


def test_merged_cells_lose_all_values_but_the_first(google: Twin) -> None:
    change(google, {"mergeCells": {"range": area(1, 3, 0, 2), "mergeType": "MERGE_COLUMNS"}})
    assert values(google, f"{TAB}!A2:C3") == [["Tanggal", "Outlet", "Unit"], ["", "", "3"]]
    assert area(1, 3, 1, 2) in metadata(google, "merges")["merges"]
    with pytest.raises(HttpError, match="You must select all cells in a merged range"):
        change(google, {"mergeCells": {"range": area(2, 4, 0, 1), "mergeType": "MERGE_ALL"}})


def test_inserted_rows_push_cells_merges_hidden_rows_and_filters_down(google: Twin) -> None:
    change(google, {"setBasicFilter": {"filter": {"range": area(1, 6, 0, 5)}}})
    change(google, {"insertDimension": {"range": span(0, 2), "inheritFromBefore": False}})
    assert values(google, f"{TAB}!A1:A4") == [[], [], ["Jadwal Agustus"], ["Tanggal"]]
    found = metadata(google, "merges,basicFilter/range,properties/gridProperties,data/rowMetadata/hiddenByUser")
    assert found["merges"] == [area(2, 3, 0, 3)]
    assert found["basicFilter"]["range"] == area(3, 8, 0, 5)
    assert found["properties"]["gridProperties"]["rowCount"] == 52
    assert [row for row, item in enumerate(found["data"][0]["rowMetadata"]) if item] == [5]


def test_rows_inserted_inside_a_merge_widen_it(google: Twin) -> None:
    change(google, {"mergeCells": {"range": area(9, 12, 0, 1), "mergeType": "MERGE_ALL"}})
    change(google, {"insertDimension": {"range": span(10, 11), "inheritFromBefore": True}})
    assert area(9, 13, 0, 1) in metadata(google, "merges")["merges"]


def test_rows_can_be_inserted_at_the_end_only_with_the_format_before(google: Twin) -> None:
    with pytest.raises(HttpError, match="inheritFromBefore must be true"):
        change(google, {"insertDimension": {"range": span(50, 51), "inheritFromBefore": False}})
    change(google, {"insertDimension": {"range": span(50, 51), "inheritFromBefore": True}})
    with pytest.raises(HttpError, match="inheritFromBefore cannot be true"):
        change(google, {"insertDimension": {"range": span(0, 1), "inheritFromBefore": True}})


def test_deleted_rows_pull_the_rest_up_and_shrink_merges(google: Twin) -> None:
    change(google, {"mergeCells": {"range": area(1, 4, 6, 7), "mergeType": "MERGE_ALL"}})
    change(google, {"deleteDimension": {"range": span(0, 2)}})
    assert values(google, f"{TAB}!A1:B1") == [["07/08/2026", "Kopi Senja BSD 2"]]
    assert metadata(google, "merges")["merges"] == [area(0, 2, 6, 7)]
    with pytest.raises(HttpError, match="You can't delete all the rows on the sheet"):
        change(google, {"deleteDimension": {"range": span(0, 48)}})


def test_columns_can_be_inserted_and_deleted(google: Twin) -> None:
    change(google, {"insertDimension": {"range": span(1, 2, "COLUMNS"), "inheritFromBefore": False}})
    assert values(google, f"{TAB}!A2:C2") == [["Tanggal", "", "Outlet"]]
    change(google, {"deleteDimension": {"range": span(0, 2, "COLUMNS")}})
    assert values(google, f"{TAB}!A2:B2") == [["Outlet", "Unit"]]


def test_append_dimension_makes_the_grid_larger(google: Twin) -> None:
    change(google, {"appendDimension": {"sheetId": SHEET, "dimension": "ROWS", "length": 7}})
    assert metadata(google, "properties")["properties"]["gridProperties"]["rowCount"] == 57


def test_copy_paste_copies_between_tabs_and_tiles(google: Twin) -> None:
    change(google, {"addSheet": {"properties": {"sheetId": 5, "title": "SEMENTARA"}}})
    google.gspread().open_by_key(BOOK).worksheet("SEMENTARA").update([["a", 1], ["b", 2]], "A1", raw=True)
    source = {"sheetId": 5, "startRowIndex": 0, "endRowIndex": 2, "startColumnIndex": 0, "endColumnIndex": 2}
    values_only = {"source": source, "destination": area(20, 24, 0, 2), "pasteType": "PASTE_VALUES"}
    change(google, {"copyPaste": values_only}, {"deleteSheet": {"sheetId": 5}})
    assert values(google, f"{TAB}!A21:B24") == [["a", "1"], ["b", "2"], ["a", "1"], ["b", "2"]]


def test_paste_values_turns_formulas_into_values_and_keeps_the_format_there(google: Twin) -> None:
    google.gspread().open_by_key(BOOK).worksheet("AGT 26").update([["=40000+6241"]], "A20", raw=False)
    paste = {"source": area(19, 20, 0, 1), "destination": area(2, 3, 0, 1), "pasteType": "PASTE_VALUES"}
    change(google, {"copyPaste": paste})
    assert values(google, f"{TAB}!A3", "FORMULA") == [[46241]]
    assert values(google, f"{TAB}!A3") == [["07/08/2026"]]


def test_paste_format_takes_the_look_only(google: Twin) -> None:
    paste = {"source": area(2, 3, 0, 1), "destination": area(2, 3, 2, 3), "pasteType": "PASTE_FORMAT"}
    change(google, {"copyPaste": paste})
    assert values(google, f"{TAB}!C3") == [["02/01/1900"]]


def test_sort_range_orders_numbers_before_texts_and_empty_cells_last(google: Twin) -> None:
    sheet = google.gspread().open_by_key(BOOK).worksheet("AGT 26")
    sheet.update([["b", 1], [None, 2], [10, 3], ["A", 4], [9, 5]], "A20", raw=True)
    sorting = {"range": area(19, 24, 0, 2), "sortSpecs": [{"dimensionIndex": 0, "sortOrder": "ASCENDING"}]}
    change(google, {"sortRange": sorting})
    assert values(google, f"{TAB}!A20:B24") == [["9", "5"], ["10", "3"], ["A", "4"], ["b", "1"], ["", "2"]]


def test_a_range_with_vertical_merges_cannot_be_sorted(google: Twin) -> None:
    change(google, {"mergeCells": {"range": area(19, 21, 0, 1), "mergeType": "MERGE_ALL"}})
    with pytest.raises(HttpError, match="vertical merges"):
        change(google, {"sortRange": {"range": area(19, 24, 0, 2), "sortSpecs": [{"dimensionIndex": 0}]}})


def test_a_protected_range_knows_its_editors_and_is_not_added_twice_to_a_sheet(google: Twin) -> None:
    wanted = {"range": {"sheetId": SHEET}, "editors": {"users": [AM]}}
    reply = change(google, {"addProtectedRange": {"protectedRange": wanted}})["replies"][0]
    made = reply["addProtectedRange"]["protectedRange"]
    assert made["editors"]["users"] == [AM, google.credentials().service_account_email]
    with pytest.raises(HttpError, match="already has sheet protection"):
        change(google, {"addProtectedRange": {"protectedRange": wanted}})


def test_requests_on_protected_cells_are_refused(google: Twin) -> None:
    protected = {"protectedRangeId": 7, "range": area(0, 2, 0, 8), "editors": {"users": [AM]}}
    google.world.spreadsheets[BOOK]["sheets"][0]["protectedRanges"] = [protected]
    fmt = {"userEnteredFormat": {"textFormat": {"bold": True}}}
    with pytest.raises(HttpError, match=r"requests\[0\].repeatCell: You are trying to edit a protected cell"):
        change(google, {"repeatCell": {"range": area(0, 4, 0, 1), "cell": fmt, "fields": "userEnteredFormat"}})
    change(google, {"repeatCell": {"range": area(2, 4, 0, 1), "cell": fmt, "fields": "userEnteredFormat"}})


def test_widths_conditional_formats_filters_and_borders_are_kept(google: Twin) -> None:
    rule = {
        "ranges": [area(2, 6, 3, 4)],
        "booleanRule": {
            "condition": {"type": "TEXT_EQ", "values": [{"userEnteredValue": "done"}]},
            "format": {"backgroundColor": {"green": 1}},
        },
    }
    change(
        google,
        {
            "updateDimensionProperties": {
                "range": span(0, 1, "COLUMNS"),
                "properties": {"pixelSize": 333},
                "fields": "pixelSize",
            }
        },
        {"autoResizeDimensions": {"dimensions": span(1, 2, "COLUMNS")}},
        {"addConditionalFormatRule": {"rule": rule, "index": 0}},
        {"setBasicFilter": {"filter": {"range": area(1, 6, 0, 5)}}},
        {"updateBorders": {"range": area(1, 2, 0, 2), "bottom": {"style": "SOLID"}}},
        {"clearBasicFilter": {"sheetId": SHEET}},
    )
    fields = "conditionalFormats,basicFilter,data(columnMetadata/pixelSize,rowData/values/userEnteredFormat/borders)"
    found = metadata(google, fields)
    sizes = [item["pixelSize"] for item in found["data"][0]["columnMetadata"][:3]]
    assert sizes[0] == 333 and sizes[1] > 100 and sizes[2] == 100
    assert found["conditionalFormats"] == [rule]
    assert "basicFilter" not in found
    first = found["data"][0]["rowData"][1]["values"][0]["userEnteredFormat"]
    assert first == {"borders": {"bottom": {"style": "SOLID"}}}


def test_a_new_spreadsheet_title_is_the_files_name(google: Twin) -> None:
    title = {"properties": {"title": "Tracker Baru"}, "fields": "title"}
    answer = change(google, {"updateSpreadsheetProperties": title}, includeSpreadsheetInResponse=True)
    assert answer["updatedSpreadsheet"]["properties"]["title"] == "Tracker Baru"
    file = google.service("drive").files().get(fileId=BOOK, supportsAllDrives=True).execute()
    assert file["name"] == "Tracker Baru"


def test_a_duplicated_tab_has_the_same_cells_and_its_own_id(google: Twin) -> None:
    reply = change(google, {"duplicateSheet": {"sourceSheetId": SHEET, "newSheetId": 6}})["replies"][0]
    assert reply["duplicateSheet"]["properties"]["title"] == "Copy of AGT 26"
    assert values(google, "'Copy of AGT 26'!A1") == [["Jadwal Agustus"]]
    change(google, {"deleteDimension": {"range": span(0, 1)}})
    assert values(google, "'Copy of AGT 26'!A1") == [["Jadwal Agustus"]]


def test_a_month_is_published_in_one_batch_from_a_temporary_tab(google: Twin) -> None:
    temporary = {"sheetId": 9001, "title": "~tmp", "gridProperties": {"rowCount": 3, "columnCount": 2}}
    rows = [{"values": [cell(f"{r}{c}") for c in "ab"]} for r in range(3)]
    start = {"sheetId": 9001, "rowIndex": 0, "columnIndex": 0}
    source = {"sheetId": 9001, "startRowIndex": 0, "endRowIndex": 3, "startColumnIndex": 0, "endColumnIndex": 2}
    change(
        google,
        {"addSheet": {"properties": temporary}},
        {"updateCells": {"start": start, "rows": rows, "fields": "userEnteredValue"}},
        {"insertDimension": {"range": span(2, 5), "inheritFromBefore": True}},
        {"copyPaste": {"source": source, "destination": area(2, 5, 0, 2), "pasteType": "PASTE_VALUES"}},
        {"deleteSheet": {"sheetId": 9001}},
    )
    assert values(google, f"{TAB}!A3:B6") == [
        ["0a", "0b"],
        ["1a", "1b"],
        ["2a", "2b"],
        ["07/08/2026", "Kopi Senja BSD 2"],
    ]
    assert [s["properties"]["sheetId"] for s in google.world.spreadsheets[BOOK]["sheets"]] == [11, 12]
