"""Reading spreadsheets at the twin through gspread and google-api-python-client."""

from __future__ import annotations

import gspread
import pytest
from googleapiclient.errors import HttpError

from tests.sandbox.google_twin import BOOK, DRIVE, SHEET, Twin

TAB = "'AGT 26'"


def read(google: Twin, ranges: list[str], **options: str) -> list[list[list[object]]]:
    answer = google.gspread().http_client.values_batch_get(BOOK, ranges, options)
    return [part.get("values", []) for part in answer["valueRanges"]]


def test_a_nested_mask_returns_what_it_names_and_nothing_else(google: Twin) -> None:
    fields = "properties(title,locale,timeZone),sheets(properties(sheetId,hidden),merges,data/rowMetadata/hiddenByUser)"
    found = google.gspread().http_client.fetch_sheet_metadata(BOOK, params={"fields": fields})
    assert found["properties"] == {"title": "Tracker Kopi Senja", "locale": "id_ID", "timeZone": "Asia/Jakarta"}
    assert set(found) == {"properties", "sheets"}
    month, archive = found["sheets"]
    assert month["properties"] == {"sheetId": 11} and archive["properties"] == {"sheetId": 12, "hidden": True}
    assert month["merges"] == [
        {"sheetId": 11, "startRowIndex": 0, "endRowIndex": 1, "startColumnIndex": 0, "endColumnIndex": 3}
    ]
    assert "merges" not in archive
    assert month["data"][0]["rowMetadata"][2:5] == [{}, {"hiddenByUser": True}, {}]
    assert len(month["data"][0]["rowMetadata"]) == 50


def test_a_mask_with_an_unknown_field_is_refused_with_its_path(google: Twin) -> None:
    answer = google.session().get(f"{google.url}/v4/spreadsheets/{BOOK}?fields=sheets.properties.colour")
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert error["status"] == "INVALID_ARGUMENT"
    assert error["details"][0]["fieldViolations"][0]["field"] == "sheets.properties.colour"


def test_an_unknown_query_parameter_is_refused(google: Twin) -> None:
    answer = google.session().get(f"{google.url}/v4/spreadsheets/{BOOK}?withData=true")
    assert answer.status_code == 400
    assert 'Unknown name "withData"' in answer.json()["error"]["message"]
    google.validated.problems.clear()


def test_grid_data_comes_only_when_asked_for(google: Twin) -> None:
    sheets = google.service("sheets").spreadsheets()
    assert "data" not in sheets.get(spreadsheetId=BOOK).execute()["sheets"][0]
    assert "data" in sheets.get(spreadsheetId=BOOK, includeGridData=True).execute()["sheets"][0]


def test_a_mask_makes_include_grid_data_irrelevant(google: Twin) -> None:
    sheets = google.service("sheets").spreadsheets()
    masked = sheets.get(spreadsheetId=BOOK, includeGridData=True, fields="sheets.properties.title").execute()
    assert masked == {"sheets": [{"properties": {"title": "AGT 26"}}, {"properties": {"title": "Arsip"}}]}


def test_ranges_limit_the_sheets_and_shift_the_grid_data(google: Twin) -> None:
    found = (
        google.service("sheets")
        .spreadsheets()
        .get(spreadsheetId=BOOK, ranges=[f"{TAB}!B3:C3"], fields="sheets(properties/title,data)")
        .execute()
    )
    assert [sheet["properties"]["title"] for sheet in found["sheets"]] == ["AGT 26"]
    data = found["sheets"][0]["data"][0]
    assert (data["startRow"], data["startColumn"]) == (2, 1)
    assert [cell["formattedValue"] for cell in data["rowData"][0]["values"]] == ["Kopi Senja BSD 2", "3"]
    assert len(data["rowMetadata"]) == 1 and len(data["columnMetadata"]) == 2


def test_cells_carry_effective_formats_completed_with_the_defaults(google: Twin) -> None:
    fields = "sheets/data/rowData/values(effectiveFormat(numberFormat,textFormat/strikethrough,backgroundColor))"
    found = google.service("sheets").spreadsheets().get(spreadsheetId=BOOK, fields=fields).execute()
    rows = found["sheets"][0]["data"][0]["rowData"]
    date_format = rows[2]["values"][0]["effectiveFormat"]
    assert date_format["numberFormat"] == {"type": "DATE", "pattern": "dd/mm/yyyy"}
    assert date_format["textFormat"] == {"strikethrough": False}
    assert rows[4]["values"][1]["effectiveFormat"]["textFormat"] == {"strikethrough": True}
    assert rows[1]["values"][0]["effectiveFormat"]["backgroundColor"] == {"red": 1, "green": 1, "blue": 1}
    assert rows[3] == {}


def test_trailing_empty_cells_and_rows_are_dropped_and_a_row_in_between_is_empty(google: Twin) -> None:
    [rows] = read(google, [TAB])
    assert len(rows) == 6
    assert rows[0] == ["Jadwal Agustus"]
    assert rows[3] == []
    assert rows[4] == ["", "Ruko Melati", "1.234,50"]


def test_an_all_empty_range_has_no_values_key(google: Twin) -> None:
    found = google.service("sheets").spreadsheets().values().get(spreadsheetId=BOOK, range=f"{TAB}!F1:H9").execute()
    assert found == {"range": f"{TAB}!F1:H9", "majorDimension": "ROWS"}


@pytest.mark.parametrize(
    ("asked", "returned"),
    [
        (TAB, f"{TAB}!A1:H50"),
        (f"{TAB}!A:A", f"{TAB}!A1:A50"),
        (f"{TAB}!1:2", f"{TAB}!A1:H2"),
        (f"{TAB}!A2:C", f"{TAB}!A2:C50"),
        (f"{TAB}!A1:ZZ900", f"{TAB}!A1:H50"),
        ("B3", f"{TAB}!B3"),
        ("Arsip", "Arsip!A1:Z10"),
        ("'Arsip'!C2:B1", "Arsip!B1:C2"),
        ("arsip!A1", "Arsip!A1"),
    ],
)
def test_the_returned_range_is_canonical_and_clipped_to_the_grid(google: Twin, asked: str, returned: str) -> None:
    found = google.service("sheets").spreadsheets().values().get(spreadsheetId=BOOK, range=asked).execute()
    assert found["range"] == returned


def test_three_render_options_tell_a_cell_in_three_ways(google: Twin) -> None:
    google.gspread().open_by_key(BOOK).worksheet("AGT 26").update([["=1/8"]], "A9", value_input_option="USER_ENTERED")
    cells = [f"{TAB}!A3:E3", f"{TAB}!D6", f"{TAB}!A9"]
    assert read(google, cells) == [[["07/08/2026", "Kopi Senja BSD 2", "3", "done", "TRUE"]], [["#REF!"]], [["0,125"]]]
    assert read(google, cells, valueRenderOption="UNFORMATTED_VALUE") == [
        [[46241, "Kopi Senja BSD 2", 3, "done", True]],
        [["#REF!"]],
        [[0.125]],
    ]
    assert read(google, cells, valueRenderOption="FORMULA") == [
        [[46241, "Kopi Senja BSD 2", 3, "done", True]],
        [["=VLOOKUP(A1,B:C,9)"]],
        [["=1/8"]],
    ]


def test_dates_come_as_serial_numbers_or_as_shown_but_plain_numbers_stay_numbers(google: Twin) -> None:
    options = {"valueRenderOption": "UNFORMATTED_VALUE", "dateTimeRenderOption": "FORMATTED_STRING"}
    assert read(google, [f"{TAB}!A3:C3"], **options) == [[["07/08/2026", "Kopi Senja BSD 2", 3]]]
    assert read(google, [f"{TAB}!A3"], **{**options, "dateTimeRenderOption": "SERIAL_NUMBER"}) == [[[46241]]]


def test_columns_come_turned_and_trimmed(google: Twin) -> None:
    [columns] = read(google, [f"{TAB}!A2:C6"], majorDimension="COLUMNS")
    assert columns[0] == ["Tanggal", "07/08/2026", "", "", "08/08/2026"]
    assert columns[2] == ["Unit", "3", "", "1.234,50"]


def test_merged_cells_have_their_value_in_the_top_left_cell_only(google: Twin) -> None:
    assert read(google, [f"{TAB}!A1:C1"]) == [[["Jadwal Agustus"]]]


def test_hidden_rows_and_hidden_tabs_are_read_like_others(google: Twin) -> None:
    sheet = google.gspread().open_by_key(BOOK)
    sheet.worksheet("Arsip").update([["lama"]], "A1")
    sheet.worksheet("AGT 26").update([["tersembunyi"]], "A4")
    assert read(google, ["Arsip!A1", f"{TAB}!A4"]) == [[["lama"]], [["tersembunyi"]]]


def test_a_missing_tab_fails_the_whole_batch(google: Twin) -> None:
    with pytest.raises(gspread.exceptions.APIError) as refused:
        read(google, [TAB, "'SEP 26'!A1"])
    assert refused.value.code == 400
    assert "Unable to parse range: 'SEP 26'!A1" in str(refused.value)


def test_without_quotes_a_tab_name_that_looks_like_a_cell_is_a_cell(google: Twin) -> None:
    sheets = google.service("sheets").spreadsheets()
    rename = {"properties": {"sheetId": 11, "title": "AGT26"}, "fields": "title"}
    sheets.batchUpdate(spreadsheetId=BOOK, body={"requests": [{"updateSheetProperties": rename}]}).execute()
    assert sheets.values().get(spreadsheetId=BOOK, range="'AGT26'").execute()["range"] == "'AGT26'!A1:H50"
    with pytest.raises(HttpError, match=r"exceeds grid limits\. Max rows: 50, max columns: 8"):
        sheets.values().get(spreadsheetId=BOOK, range="AGT26").execute()


def test_a_tab_name_with_slash_colon_and_quote_can_be_read(google: Twin) -> None:
    sheets = google.service("sheets").spreadsheets()
    rename = {"properties": {"sheetId": 11, "title": "8/26: Budi's"}, "fields": "title"}
    sheets.batchUpdate(spreadsheetId=BOOK, body={"requests": [{"updateSheetProperties": rename}]}).execute()
    name = "'8/26: Budi''s'!A1"
    found = sheets.values().get(spreadsheetId=BOOK, range=name).execute()
    assert (found["range"], found["values"]) == (name, [["Jadwal Agustus"]])


def test_reading_from_outside_the_grid_is_refused(google: Twin) -> None:
    with pytest.raises(HttpError, match=r"Range \('AGT 26'!A51\) exceeds grid limits"):
        google.service("sheets").spreadsheets().values().get(spreadsheetId=BOOK, range=f"{TAB}!A51").execute()


def test_a_missing_spreadsheet_is_not_found_and_one_without_access_is_forbidden(google: Twin) -> None:
    client = google.gspread()
    with pytest.raises(gspread.exceptions.SpreadsheetNotFound):
        client.open_by_key("nowhere")
    google.state.revoked.add((google.credentials().service_account_email, DRIVE))
    with pytest.raises(PermissionError):
        client.open_by_key(BOOK)
    body = google.session().get(f"{google.url}/v4/spreadsheets/{BOOK}").json()
    assert body == {
        "error": {"code": 403, "message": "The caller does not have permission", "status": "PERMISSION_DENIED"}
    }


def test_a_spreadsheet_put_into_the_world_later_is_served(google: Twin) -> None:
    cell = {"userEnteredValue": {"numberValue": 46241}, "effectiveFormat": {"numberFormat": {"type": "DATE"}}}
    sheet = {"properties": {"sheetId": 0, "title": "Baru"}, "data": [{"rowData": [{"values": [cell]}]}]}
    properties = {"title": "Baru", "locale": "id_ID"}
    google.world.spreadsheets["new"] = {"spreadsheetId": "new", "properties": properties, "sheets": [sheet]}
    google.world.drive_files.append({"id": "new", "name": "Baru", "mimeType": SHEET, "driveId": DRIVE})
    assert google.gspread().open_by_key("new").sheet1.get_all_values() == [["07/08/2026"]]
