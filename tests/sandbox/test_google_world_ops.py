"""What people do to trackers and files behind the back of whoever reads them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from gspread.exceptions import APIError

from sandbox.google import world_ops
from sandbox.google.state import State
from tests.sandbox.google_twin import BOOK, CLIENT_FOLDER, Twin

TAB, PERSON = 11, "am@example.com"


def rows(google: Twin, title: str = "AGT 26") -> list[list[str]]:
    found: list[list[str]] = google.gspread().open_by_key(BOOK).worksheet(title).get_all_values()
    return found


def test_an_edited_cell_is_read_as_typed(google: Twin) -> None:
    world_ops.edit_cell(google.state, BOOK, TAB, "A5", "9/8/2026")
    world_ops.edit_cell(google.state, BOOK, TAB, "C3", 5)
    world_ops.edit_cell(google.state, BOOK, TAB, "D3", None)
    found = rows(google)
    assert found[4][0] == "09/08/2026"
    assert found[2][2:4] == ["5", ""]


def test_an_inserted_row_pushes_the_others_down(google: Twin) -> None:
    world_ops.insert_row(google.state, BOOK, TAB, 3, ["10/8/2026", "Kos Baru", 2])
    found = rows(google)
    assert found[2][:3] == ["10/08/2026", "Kos Baru", "2"]
    assert found[3][1] == "Kopi Senja BSD 2"


def test_a_deleted_row_pulls_the_others_up(google: Twin) -> None:
    world_ops.delete_row(google.state, BOOK, TAB, 1)
    assert rows(google)[0][0] == "Tanggal"


def test_a_sorted_tab_keeps_its_rows_whole(google: Twin) -> None:
    world_ops.sort_tab(google.state, BOOK, TAB, "B", 3)
    assert [row[1] for row in rows(google)[2:]] == ["Kopi Senja BSD 2", "Kos Anggrek", "Ruko Melati"]
    world_ops.sort_tab(google.state, BOOK, TAB, "A", 3, descending=True)
    assert [row[:2] for row in rows(google)[2:4]] == [["08/08/2026", "Kos Anggrek"], ["07/08/2026", "Kopi Senja BSD 2"]]


def test_sorting_fills_merged_dates_down_first(google: Twin) -> None:
    sheet = google.world.spreadsheets[BOOK]["sheets"][0]
    merge = {"sheetId": TAB, "startRowIndex": 2, "endRowIndex": 5, "startColumnIndex": 0, "endColumnIndex": 1}
    sheet["merges"].append(merge)
    world_ops.sort_tab(google.state, BOOK, TAB, "B", 3, descending=True)
    assert [row[:2] for row in rows(google)[2:5]] == [
        ["07/08/2026", "Ruko Melati"],
        ["08/08/2026", "Kos Anggrek"],
        ["07/08/2026", "Kopi Senja BSD 2"],
    ]
    assert merge not in sheet["merges"] and len(sheet["merges"]) == 1


def test_a_renamed_tab_keeps_its_id(google: Twin) -> None:
    world_ops.rename_tab(google.state, BOOK, TAB, "AGUSTUS")
    assert google.gspread().open_by_key(BOOK).worksheet("AGUSTUS").id == TAB


def test_an_emptied_tab_is_there_without_content(google: Twin) -> None:
    world_ops.empty_tab(google.state, BOOK, TAB)
    assert rows(google) == [[]]


def test_a_deleted_tab_is_gone(google: Twin) -> None:
    world_ops.delete_tab(google.state, BOOK, TAB)
    assert [w.title for w in google.gspread().open_by_key(BOOK).worksheets()] == ["Arsip"]


def test_a_trashed_spreadsheet_can_still_be_read(google: Twin) -> None:
    world_ops.trash_file(google.state, BOOK)
    file = google.service("drive").files().get(fileId=BOOK, fields="trashed", supportsAllDrives=True).execute()
    assert file == {"trashed": True}
    assert rows(google)[0] == ["Jadwal Agustus", "", "", "", ""]


def test_a_renamed_file_and_a_deleted_one_are_seen_in_drive(google: Twin) -> None:
    world_ops.rename_file(google.state, BOOK, "Tracker Lama")
    world_ops.delete_file(google.state, CLIENT_FOLDER)
    found = google.service("drive").files().list(supportsAllDrives=True, includeItemsFromAllDrives=True).execute()
    assert {file["name"] for file in found["files"]} == {"Tracker Lama", "Tracker", "Folder AM"}


@pytest.mark.parametrize(
    "operation",
    [
        lambda s: world_ops.edit_cell(s, BOOK, TAB, "A9", "x", by=PERSON),
        lambda s: world_ops.insert_row(s, BOOK, TAB, 3, by=PERSON),
        lambda s: world_ops.delete_row(s, BOOK, TAB, 3, by=PERSON),
        lambda s: world_ops.sort_tab(s, BOOK, TAB, "A", 3, by=PERSON),
        lambda s: world_ops.rename_tab(s, BOOK, TAB, "x", by=PERSON),
        lambda s: world_ops.empty_tab(s, BOOK, TAB, by=PERSON),
        lambda s: world_ops.delete_tab(s, BOOK, TAB, by=PERSON),
        lambda s: world_ops.trash_file(s, BOOK, by=PERSON),
        lambda s: world_ops.rename_file(s, BOOK, "x", by=PERSON),
    ],
)
def test_every_edit_bumps_version_time_and_user(google: Twin, operation: Callable[[State], Any]) -> None:
    fields = "version,modifiedTime,lastModifyingUser/emailAddress"
    files = google.service("drive").files()
    before = files.get(fileId=BOOK, fields=fields, supportsAllDrives=True).execute()
    operation(google.state)
    after = files.get(fileId=BOOK, fields=fields, supportsAllDrives=True).execute()
    assert int(after["version"]) > int(before["version"]) and after["modifiedTime"] > before["modifiedTime"]
    assert after["lastModifyingUser"] == {"emailAddress": PERSON}


@pytest.mark.parametrize(
    "operation",
    [
        lambda s: world_ops.edit_cell(s, "nowhere", TAB, "A1", "x"),
        lambda s: world_ops.edit_cell(s, BOOK, 99, "A1", "x"),
        lambda s: world_ops.edit_cell(s, BOOK, TAB, "A99", "x"),
        lambda s: world_ops.delete_row(s, BOOK, TAB, 51),
        lambda s: world_ops.revoke(s, "nowhere"),
    ],
)
def test_what_is_not_there_is_named(google: Twin, operation: Callable[[State], Any]) -> None:
    with pytest.raises(LookupError, match=r"nowhere|99|51"):
        operation(google.state)


def test_a_sheet_that_a_person_shares_can_be_read_and_not_written(google: Twin) -> None:
    cell = {"effectiveValue": {"stringValue": "Tanggal"}, "formattedValue": "Tanggal"}
    tab = {"properties": {"sheetId": 5, "title": "SEPT 2026"}, "data": [{"rowData": [{"values": [cell]}]}]}
    told = {"spreadsheetId": "1baru", "properties": {"title": "Tracker baru"}, "sheets": [tab]}
    made = world_ops.share_sheet(google.state, told, PERSON)
    assert made == {"spreadsheet_id": "1baru", "url": "https://docs.google.com/spreadsheets/d/1baru/edit"}
    shared = google.gspread().open_by_key("1baru").worksheet("SEPT 2026")
    assert shared.get_all_values() == [["Tanggal"]]
    with pytest.raises(APIError, match="permission"):
        shared.update_acell("A1", "x")
    with pytest.raises(LookupError, match="1baru is there already"):
        world_ops.share_sheet(google.state, told, PERSON)
