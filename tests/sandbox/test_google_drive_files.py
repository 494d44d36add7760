"""Drive files at the twin through google-api-python-client: metadata, queries, pages, ids, moves."""

from __future__ import annotations

from typing import Any

import pytest
from googleapiclient.errors import HttpError

from tests.sandbox.google_twin import AM, BOOK, CLIENT_FOLDER, DRIVE, FOLDER, MINE, SHEET, TRACKERS, Twin

EVERYWHERE = {"supportsAllDrives": True, "includeItemsFromAllDrives": True}


def make(google: Twin, name: str, parent: str = CLIENT_FOLDER, **more: Any) -> dict[str, Any]:
    body = {"name": name, "parents": [parent], "mimeType": "text/plain", **more}
    made: dict[str, Any] = google.service("drive").files().create(body=body, supportsAllDrives=True).execute()
    return made


def names(google: Twin, q: str, **more: Any) -> list[str]:
    found = google.service("drive").files().list(q=q, **{**EVERYWHERE, "orderBy": "name", **more}).execute()
    return [file["name"] for file in found["files"]]


def refusal(error: pytest.ExceptionInfo[HttpError]) -> tuple[int, str]:
    return error.value.status_code, error.value.error_details[0]["reason"]


def test_without_a_mask_a_file_has_four_fields(google: Twin) -> None:
    files = google.service("drive").files()
    assert files.get(fileId=BOOK, supportsAllDrives=True).execute() == {
        "kind": "drive#file",
        "id": BOOK,
        "name": "Tracker Kopi Senja",
        "mimeType": SHEET,
    }
    listed = files.list(q=f"'{TRACKERS}' in parents", **EVERYWHERE).execute()
    assert set(listed) == {"kind", "incompleteSearch", "files"}
    assert set(listed["files"][0]) == {"kind", "id", "name", "mimeType"}


def test_a_mask_selects_nested_fields_and_an_unknown_one_is_refused(google: Twin) -> None:
    files = google.service("drive").files()
    fields = "driveId,capabilities/canAddChildren,lastModifyingUser(emailAddress)"
    assert files.get(fileId=BOOK, fields=fields, supportsAllDrives=True).execute() == {
        "driveId": DRIVE,
        "capabilities": {"canAddChildren": False},
        "lastModifyingUser": {"emailAddress": AM},
    }
    with pytest.raises(HttpError, match=r"Invalid field selection files\.colour"):
        files.list(fields="files(id,colour)").execute()


def test_capabilities_tell_where_a_service_account_may_add_files(google: Twin) -> None:
    files = google.service("drive").files()
    fields = "driveId,capabilities(canAddChildren,canEdit)"
    found = files.get(fileId=CLIENT_FOLDER, fields=fields, supportsAllDrives=True).execute()
    assert found == {"driveId": DRIVE, "capabilities": {"canAddChildren": True, "canEdit": True}}
    assert "driveId" not in files.get(fileId=MINE, fields=fields, supportsAllDrives=True).execute()


def test_files_of_a_shared_drive_exist_only_for_who_asks_for_them(google: Twin) -> None:
    files = google.service("drive").files()
    with pytest.raises(HttpError, match=f"File not found: {BOOK}") as missing:
        files.get(fileId=BOOK).execute()
    assert refusal(missing) == (404, "notFound")
    assert [f["name"] for f in files.list(supportsAllDrives=True).execute()["files"]] == ["Folder AM"]
    with pytest.raises(HttpError, match="supportsAllDrives"):
        files.list(includeItemsFromAllDrives=True).execute()


def test_a_list_of_one_drive_needs_its_id(google: Twin) -> None:
    make(google, "catatan")
    assert names(google, "", corpora="drive", driveId=DRIVE) == [
        "catatan",
        "Kopi Senja",
        "Tracker",
        "Tracker Kopi Senja",
    ]
    with pytest.raises(HttpError, match="driveId parameter must be specified"):
        names(google, "", corpora="drive")
    with pytest.raises(HttpError, match="Shared drive not found"):
        names(google, "", corpora="drive", driveId="0AOther")


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("name = 'Foto Budi\\'s'", ["Foto Budi's"]),
        ("name = 'FOTO A'", ["foto a"]),
        ("name != 'foto a' and mimeType = 'text/plain'", ["Foto Budi's", "laporan"]),
        ("name contains 'foto'", ["foto a", "Foto Budi's"]),
        ("name contains 'oto'", []),
        ("mimeType contains 'text/'", ["foto a", "Foto Budi's", "laporan"]),
        (f"'{CLIENT_FOLDER}' in parents", ["foto a", "Foto Budi's"]),
        (f"not '{CLIENT_FOLDER}' in parents and mimeType = 'text/plain'", ["laporan"]),
        ("appProperties has { key='rekap_photo' and value='abc' }", ["foto a"]),
        ("appProperties has { key='rekap_photo' and value='x' }", []),
        ("trashed = true", []),
        ("(name = 'foto a' or name = 'laporan') and trashed = false", ["foto a", "laporan"]),
        ("name = 'foto a' or name = 'laporan' and trashed = true", ["foto a"]),
        ("modifiedTime > '2026-10-06T04:30:00.001'", ["Foto Budi's", "laporan"]),
        ("modifiedTime <= '2026-10-06T11:30:00.001+07:00' and mimeType = 'text/plain'", ["foto a"]),
        (f"mimeType = '{SHEET}' and modifiedTime < '2026-10-06T00:00:00'", ["Tracker Kopi Senja"]),
    ],
)
def test_a_query_finds_exactly_what_it_says(google: Twin, q: str, found: list[str]) -> None:
    make(google, "foto a", appProperties={"rekap_photo": "abc"})
    make(google, "Foto Budi's", appProperties={"rekap_photo": "def"})
    make(google, "laporan", TRACKERS)
    assert names(google, q) == found


@pytest.mark.parametrize(
    "q",
    [
        "colour = 'red'",
        "name like 'x'",
        "name > 'x'",
        "name = 'x",
        "name = 'x' and",
        "(name = 'x'",
        "trashed",
        "modifiedTime > 'yesterday'",
        "appProperties has { key='x' }",
        "'x' in colours",
        "name = x",
    ],
)
def test_a_query_with_an_unknown_word_is_refused(google: Twin, q: str) -> None:
    with pytest.raises(HttpError) as refused:
        names(google, q)
    assert refusal(refused) == (400, "invalid")
    assert refused.value.error_details[0]["location"] == "q"


def test_pages_hold_every_file_once_and_need_their_own_query(google: Twin) -> None:
    for number in range(5):
        make(google, f"f{number}")
    files = google.service("drive").files()
    q, seen, token = "mimeType = 'text/plain'", [], None
    while True:
        options = {"q": q, "pageSize": 2, "orderBy": "name desc", "fields": "nextPageToken,files(name)", **EVERYWHERE}
        page = files.list(pageToken=token, **options).execute()
        seen.append([file["name"] for file in page["files"]])
        token = page.get("nextPageToken")
        if not token:
            break
        last_token = token
    assert seen == [["f4", "f3"], ["f2", "f1"], ["f0"]]
    with pytest.raises(HttpError) as refused:
        files.list(q="trashed = false", pageToken=last_token, **EVERYWHERE).execute()
    assert refused.value.error_details[0]["location"] == "pageToken"


def test_order_by_several_keys_and_an_unknown_key_is_refused(google: Twin) -> None:
    make(google, "b10")
    make(google, "B9")
    assert names(google, "not name contains 'x'", orderBy="folder,name_natural") == [
        *["Folder AM", "Kopi Senja", "Tracker", "B9", "b10", "Tracker Kopi Senja"]
    ]
    with pytest.raises(HttpError, match="orderBy"):
        names(google, "", orderBy="colour")


def test_a_reserved_id_is_taken_once_and_then_refused(google: Twin) -> None:
    files = google.service("drive").files()
    ids = files.generateIds(count=3).execute()["ids"]
    assert len(set(ids)) == 3
    assert make(google, "2026-09", id=ids[0], mimeType=FOLDER)["id"] == ids[0]
    with pytest.raises(HttpError) as taken:
        make(google, "2026-09", id=ids[0], mimeType=FOLDER)
    assert refusal(taken) == (409, "fileIdInUse")
    with pytest.raises(HttpError, match="The provided file ID is not usable"):
        make(google, "x", id="1inventedbymyself")
    with pytest.raises(HttpError, match="Generated IDs are not supported for Docs Editors formats"):
        make(google, "x", id=ids[1], mimeType=SHEET)
    with pytest.raises(HttpError, match="count"):
        files.generateIds(count=1001).execute()


def test_a_service_account_cannot_own_files(google: Twin) -> None:
    for parents in ([], [MINE]):
        with pytest.raises(HttpError, match="Service Accounts do not have storage quota") as refused:
            google.service("drive").files().create(
                body={"name": "x", "parents": parents}, supportsAllDrives=True
            ).execute()
        assert refusal(refused) == (403, "storageQuotaExceeded")
        assert refused.value.error_details[0]["domain"] == "usageLimits"
    with pytest.raises(HttpError, match="The caller does not have permission"):
        google.service("sheets").spreadsheets().create(body={"properties": {"title": "x"}}).execute()


def test_a_person_for_whom_the_account_acts_can(google: Twin) -> None:
    google.app.state.accounts.delegated.add(AM)
    files = google.service("drive", subject=AM).files()
    made = files.create(body={"name": "x"}, fields="ownedByMe,owners/emailAddress,parents").execute()
    assert made["ownedByMe"] is True and made["owners"] == [{"emailAddress": AM}]
    assert files.list(q="'root' in parents").execute()["files"][0]["name"] == "x"


def test_names_are_not_unique_in_a_folder(google: Twin) -> None:
    assert make(google, "2026-09", mimeType=FOLDER)["id"] != make(google, "2026-09", mimeType=FOLDER)["id"]


def test_a_new_file_stands_on_its_parents_drive_with_times_and_version(google: Twin) -> None:
    made = make(google, "x")
    fields = "parents,driveId,createdTime,modifiedTime,version,trashed,owners"
    found = google.service("drive").files().get(fileId=made["id"], fields=fields, supportsAllDrives=True).execute()
    assert found["createdTime"] == found["modifiedTime"] == "2026-10-06T04:30:00.001Z"
    assert (found["parents"], found["driveId"], found["version"]) == ([CLIENT_FOLDER], DRIVE, "1")
    assert found["trashed"] is False and "owners" not in found


def test_a_parent_that_is_missing_or_no_folder_is_refused(google: Twin) -> None:
    with pytest.raises(HttpError, match="File not found: nowhere"):
        make(google, "x", "nowhere")
    with pytest.raises(HttpError, match="not a folder"):
        make(google, "x", BOOK)


def test_a_spreadsheet_made_in_drive_is_a_spreadsheet(google: Twin) -> None:
    made = make(google, "Rekap", mimeType=SHEET)
    sheet = google.gspread().open_by_key(made["id"])
    sheet.sheet1.update([["a"]], "A1")
    assert sheet.title == "Rekap" and sheet.sheet1.get_all_values() == [["a"]]


def test_app_properties_are_merged_and_null_removes_one(google: Twin) -> None:
    made = make(google, "x", appProperties={"a": "1", "b": "2"})
    files = google.service("drive").files()
    body = {"appProperties": {"b": None, "c": "3"}}
    found = files.update(fileId=made["id"], body=body, fields="appProperties", supportsAllDrives=True).execute()
    assert found == {"appProperties": {"a": "1", "c": "3"}}
    with pytest.raises(HttpError, match="124 bytes"):
        make(google, "x", appProperties={"a": "é" * 62})


def test_a_move_needs_both_parents(google: Twin) -> None:
    made, files = make(google, "x"), google.service("drive").files()
    with pytest.raises(HttpError) as refused:
        files.update(fileId=made["id"], addParents=TRACKERS, supportsAllDrives=True).execute()
    assert refusal(refused) == (403, "cannotAddParent")
    move = {"addParents": TRACKERS, "removeParents": CLIENT_FOLDER, "fields": "parents", "supportsAllDrives": True}
    assert files.update(fileId=made["id"], **move).execute() == {"parents": [TRACKERS]}
    with pytest.raises(HttpError, match="not directly writable"):
        files.update(fileId=made["id"], body={"parents": [CLIENT_FOLDER]}, supportsAllDrives=True).execute()


def test_what_lies_in_a_trashed_folder_is_trashed_but_not_by_itself(google: Twin) -> None:
    folder = make(google, "2026-09", mimeType=FOLDER)
    make(google, "foto", folder["id"])
    files = google.service("drive").files()
    files.update(fileId=folder["id"], body={"trashed": True}, supportsAllDrives=True).execute()
    assert names(google, "name = 'foto' and trashed = false") == []
    fields = "files(name,trashed,explicitlyTrashed)"
    found = files.list(q="name = 'foto'", fields=fields, **EVERYWHERE).execute()
    assert found["files"] == [{"name": "foto", "trashed": True, "explicitlyTrashed": False}]


def test_a_content_manager_may_trash_but_not_delete(google: Twin) -> None:
    made, files = make(google, "x"), google.service("drive").files()
    with pytest.raises(HttpError) as refused:
        files.delete(fileId=made["id"], supportsAllDrives=True).execute()
    assert refusal(refused) == (403, "insufficientFilePermissions")
    files.update(fileId=made["id"], body={"trashed": True}, supportsAllDrives=True).execute()
    robot = google.credentials().service_account_email
    google.world.shared_drives[0]["members"] = [{"type": "user", "emailAddress": robot, "role": "organizer"}]
    files.delete(fileId=made["id"], supportsAllDrives=True).execute()
    with pytest.raises(HttpError, match="File not found"):
        files.get(fileId=made["id"], supportsAllDrives=True).execute()


def test_somebody_elses_my_drive_file_cannot_be_trashed(google: Twin) -> None:
    with pytest.raises(HttpError) as refused:
        google.service("drive").files().update(fileId=MINE, body={"trashed": True}).execute()
    assert refusal(refused) == (403, "insufficientFilePermissions")


def test_a_renamed_spreadsheet_file_has_the_new_title_in_sheets(google: Twin) -> None:
    google.service("drive").files().update(fileId=BOOK, body={"name": "Baru"}, supportsAllDrives=True).execute()
    assert google.gspread().open_by_key(BOOK).title == "Baru"


def test_a_very_long_query_arrives_as_post_with_method_override(google: Twin) -> None:
    long = " or ".join(f"name = 'tidak ada {number}'" for number in range(200)) + " or name = 'Tracker'"
    assert names(google, long) == ["Tracker"]
    assert google.calls[-1][1:3] == ("GET", "/drive/v3/files")
