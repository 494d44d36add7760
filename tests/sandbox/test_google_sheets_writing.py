"""Writing values at the twin through gspread and google-api-python-client."""

from __future__ import annotations

from typing import Any

import gspread
import pytest
from googleapiclient.errors import HttpError

from tests.sandbox.google_twin import AM, BOOK, Twin

TAB = "'AGT 26'"


def worksheet(google: Twin) -> gspread.Worksheet:
    return google.gspread().open_by_key(BOOK).worksheet("AGT 26")


def entered(google: Twin, text: str) -> tuple[Any, dict[str, Any]]:
    """(unformatted value, number format) after a person's typing of `text` into A20."""
    sheet = worksheet(google)
    sheet.update([[text]], "A20", value_input_option="USER_ENTERED")
    [[value]] = sheet.get("A20", value_render_option="UNFORMATTED_VALUE")
    cell = google.world.spreadsheets[BOOK]["sheets"][0]["data"][0]["rowData"][19]["values"][0]
    return value, cell["effectiveFormat"].get("numberFormat", {})


def test_raw_keeps_texts_as_they_are(google: Twin) -> None:
    texts = ["0042", '=IMPORTDATA("https://example.com")', "07/08/2026", "TRUE", "'apostrof"]
    sheet = worksheet(google)
    sheet.update([texts], "A20", value_input_option="RAW")
    assert sheet.get("A20:E20", value_render_option="UNFORMATTED_VALUE") == [texts]
    assert sheet.get("A20:E20", value_render_option="FORMULA") == [texts]


def test_raw_keeps_numbers_and_booleans_as_such(google: Twin) -> None:
    sheet = worksheet(google)
    sheet.update([[3, 2.5, True]], "A20", value_input_option="RAW")
    assert sheet.get("A20:C20", value_render_option="UNFORMATTED_VALUE") == [[3, 2.5, True]]


@pytest.mark.parametrize(
    ("text", "value", "kind"),
    [
        ("0042", 42, None),
        ("1.234,50", 1234.5, "NUMBER"),
        ("12,5%", 0.125, "PERCENT"),
        ("7/8/2026", 46241, "DATE"),
        ("2026-08-07", 46241, "DATE"),
        ("14.30", 14.5 / 24, "TIME"),
        ("true", True, None),
        ("'0042", "0042", None),
        ("31/2/2026", "31/2/2026", None),
        ("cuci 3", "cuci 3", None),
    ],
)
def test_user_entered_reads_like_typing_in_the_sheets_locale(
    google: Twin, text: str, value: object, kind: str | None
) -> None:
    found, number_format = entered(google, text)
    assert found == value
    assert number_format.get("type") == kind


def test_user_entered_makes_a_live_formula(google: Twin) -> None:
    sheet = worksheet(google)
    sheet.update([["= 1 / 1024", '=HYPERLINK("https://example.com","buka")']], "A20", raw=False)
    assert sheet.get("A20:B20", value_render_option="FORMULA")[0][0] == "= 1 / 1024"
    assert sheet.get("A20:B20", value_render_option="UNFORMATTED_VALUE") == [[1 / 1024, "buka"]]


def test_null_leaves_a_cell_alone_and_an_empty_text_empties_it(google: Twin) -> None:
    sheet = worksheet(google)
    answer = sheet.update([[None, "", 4]], "A3")
    assert answer["updatedCells"] == 2
    assert sheet.get("A3:D3") == [["07/08/2026", "", "4", "done"]]


def test_a_value_written_over_a_date_keeps_the_cells_format(google: Twin) -> None:
    sheet = worksheet(google)
    sheet.update([[46243]], "A3", value_input_option="RAW")
    assert sheet.get("A3") == [["09/08/2026"]]


def test_the_answer_counts_what_was_written(google: Twin) -> None:
    values = google.service("sheets").spreadsheets().values()
    body = {
        "valueInputOption": "RAW",
        "data": [
            {"range": f"{TAB}!A20:B21", "values": [["a", "b"], ["c"]]},
            {"range": "Arsip!A1", "majorDimension": "COLUMNS", "values": [["x", "y"]]},
        ],
    }
    answer = values.batchUpdate(spreadsheetId=BOOK, body=body).execute()
    counts = {name: value for name, value in answer.items() if name.startswith("total")}
    assert counts == {
        "totalUpdatedRows": 4,
        "totalUpdatedColumns": 3,
        "totalUpdatedCells": 5,
        "totalUpdatedSheets": 2,
    }
    assert [part["updatedRange"] for part in answer["responses"]] == [f"{TAB}!A20:B21", "Arsip!A1:A2"]
    assert values.get(spreadsheetId=BOOK, range="Arsip").execute()["values"] == [["x"], ["y"]]


def test_the_answer_repeats_the_values_when_asked(google: Twin) -> None:
    values = google.service("sheets").spreadsheets().values()
    answer = values.update(
        spreadsheetId=BOOK,
        range=f"{TAB}!A20",
        body={"values": [[46241]]},
        valueInputOption="RAW",
        includeValuesInResponse=True,
    ).execute()
    assert answer["updatedData"] == {"range": f"{TAB}!A20", "majorDimension": "ROWS", "values": [["46241"]]}


def test_writing_outside_the_grid_is_refused_and_writes_nothing(google: Twin) -> None:
    body = {
        "valueInputOption": "RAW",
        "data": [
            {"range": f"{TAB}!A20", "values": [["fits"]]},
            {"range": f"{TAB}!A50", "values": [["fits"], ["not"]]},
        ],
    }
    with pytest.raises(
        HttpError, match=r"Range \('AGT 26'!A50:A51\) exceeds grid limits. Max rows: 50, max columns: 8"
    ):
        google.service("sheets").spreadsheets().values().batchUpdate(spreadsheetId=BOOK, body=body).execute()
    assert worksheet(google).get("A20") == [[]]


def test_more_values_than_the_range_are_refused(google: Twin) -> None:
    with pytest.raises(gspread.exceptions.APIError, match="tried writing to row"):
        worksheet(google).update([["a"], ["b"]], "A20:B20")
    with pytest.raises(gspread.exceptions.APIError, match=r"tried writing to column \[C\]"):
        worksheet(google).update([["a", "b", "c"]], "A20:B20")


def test_value_input_option_is_required(google: Twin) -> None:
    values = google.service("sheets").spreadsheets().values()
    with pytest.raises(HttpError, match="valueInputOption"):
        values.update(spreadsheetId=BOOK, range=f"{TAB}!A20", body={"values": [["a"]]}).execute()


def test_a_body_with_an_unknown_name_is_refused(google: Twin) -> None:
    url = f"{google.url}/v4/spreadsheets/{BOOK}/values:batchUpdate"
    answer = google.session().post(url, json={"valueInputOption": "RAW", "data": [{"rang": "A1"}]})
    assert answer.status_code == 400
    assert answer.json()["error"]["message"] == (
        "Invalid JSON payload received. Unknown name \"rang\" at 'data[0]': Cannot find field."
    )


def test_clearing_takes_values_and_leaves_formats(google: Twin) -> None:
    sheet = worksheet(google)
    sheet.batch_clear(["A3:B3"])
    assert sheet.get("A3:D3") == [["", "", "3", "done"]]
    sheet.update([[46241]], "A3", value_input_option="RAW")
    assert sheet.get("A3") == [["07/08/2026"]]


def test_append_goes_below_the_table_and_keeps_the_tables_column(google: Twin) -> None:
    sheet = worksheet(google)
    sheet.update([["", "", "x"]], "A20")
    answer = sheet.append_row(["gap"], table_range="A20:H20")
    assert answer["updates"]["updatedRange"] == f"{TAB}!C21"


def test_a_protected_cell_refuses_the_whole_batch_for_non_editors(google: Twin) -> None:
    protected = {
        "protectedRangeId": 7,
        "range": {"sheetId": 11, "startRowIndex": 1, "endRowIndex": 2},
        "editors": {"users": [AM]},
    }
    google.world.spreadsheets[BOOK]["sheets"][0]["protectedRanges"] = [protected]
    sheet = worksheet(google)
    with pytest.raises(gspread.exceptions.APIError, match="You are trying to edit a protected cell or object"):
        sheet.batch_update([{"range": "A20", "values": [["a"]]}, {"range": "B2", "values": [["b"]]}])
    assert sheet.get("A20") == [[]]
    protected["editors"]["users"].append(google.credentials().service_account_email)  # type: ignore[index]  # a dict
    sheet.update([["b"]], "B2")
    assert sheet.get("B2") == [["b"]]


def test_metadata_tells_whether_the_caller_may_edit_a_protected_range(google: Twin) -> None:
    for number, users in ((1, [AM]), (2, [google.credentials().service_account_email])):
        google.world.spreadsheets[BOOK]["sheets"][0].setdefault("protectedRanges", []).append(
            {"protectedRangeId": number, "range": {"sheetId": 11, "endRowIndex": number}, "editors": {"users": users}}
        )
    fields = "sheets/protectedRanges(protectedRangeId,requestingUserCanEdit)"
    found = google.service("sheets").spreadsheets().get(spreadsheetId=BOOK, fields=fields).execute()
    assert found["sheets"][0]["protectedRanges"] == [
        {"protectedRangeId": 1},
        {"protectedRangeId": 2, "requestingUserCanEdit": True},
    ]


def test_readers_may_not_write(google: Twin) -> None:
    robot = google.credentials().service_account_email
    google.world.shared_drives[0]["members"] = [{"type": "user", "emailAddress": robot, "role": "reader"}]
    with pytest.raises(gspread.exceptions.APIError, match="The caller does not have permission"):
        worksheet(google).update([["a"]], "A20")


def test_a_write_bumps_version_time_and_last_user_in_drive(google: Twin) -> None:
    files = google.service("drive").files()
    fields = "version,modifiedTime,lastModifyingUser/emailAddress"
    before = files.get(fileId=BOOK, fields=fields, supportsAllDrives=True).execute()
    assert before["lastModifyingUser"] == {"emailAddress": AM}
    worksheet(google).update([["a"]], "A20")
    after = files.get(fileId=BOOK, fields=fields, supportsAllDrives=True).execute()
    assert int(after["version"]) > int(before["version"])
    assert after["modifiedTime"] > before["modifiedTime"]
    assert after["lastModifyingUser"] == {"emailAddress": google.credentials().service_account_email}


def test_reading_leaves_version_and_time_alone(google: Twin) -> None:
    files = google.service("drive").files()
    before = files.get(fileId=BOOK, fields="*", supportsAllDrives=True).execute()
    worksheet(google).get_all_values()
    assert files.get(fileId=BOOK, fields="*", supportsAllDrives=True).execute() == before
