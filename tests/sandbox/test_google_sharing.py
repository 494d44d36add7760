"""Access, permissions, shared drives and changes at the twin."""

from __future__ import annotations

import pytest
from googleapiclient.errors import HttpError

from sandbox.google import world_ops
from tests.sandbox.google_twin import BOOK, CLIENT_FOLDER, DRIVE, MINE, TRACKERS, Twin

EVERYWHERE = {"supportsAllDrives": True, "includeItemsFromAllDrives": True}


def test_access_taken_from_a_folder_is_gone_for_all_below_it(google: Twin) -> None:
    files = google.service("drive").files()
    world_ops.revoke(google.state, TRACKERS)
    for lost in (TRACKERS, BOOK):
        with pytest.raises(HttpError, match=f"File not found: {lost}") as missing:
            files.get(fileId=lost, supportsAllDrives=True).execute()
        assert missing.value.status_code == 404
    assert {f["name"] for f in files.list(**EVERYWHERE).execute()["files"]} == {"Kopi Senja", "Folder AM"}
    with pytest.raises(PermissionError):
        google.gspread().open_by_key(BOOK)
    world_ops.restore(google.state, TRACKERS)
    assert files.get(fileId=BOOK, supportsAllDrives=True).execute()["id"] == BOOK


def test_a_permission_is_created_once_per_grantee_and_listed(google: Twin) -> None:
    permissions = google.service("drive").permissions()
    for role in ("reader", "writer"):
        made = permissions.create(
            fileId=CLIENT_FOLDER,
            body={"type": "user", "role": role, "emailAddress": "client@example.com"},
            sendNotificationEmail=False,
            supportsAllDrives=True,
        ).execute()
        assert set(made) == {"kind", "id", "type", "role"}
    fields = "permissions(id,role,emailAddress)"
    listed = permissions.list(fileId=CLIENT_FOLDER, supportsAllDrives=True, fields=fields).execute()
    assert listed == {"permissions": [{"id": made["id"], "role": "writer", "emailAddress": "client@example.com"}]}
    permissions.delete(fileId=CLIENT_FOLDER, permissionId=made["id"], supportsAllDrives=True).execute()
    assert permissions.list(fileId=CLIENT_FOLDER, supportsAllDrives=True).execute()["permissions"] == []


def test_a_link_for_anyone_is_not_to_be_found_by_search(google: Twin) -> None:
    body = {"type": "anyone", "role": "reader"}
    create = google.service("drive").permissions().create
    made = create(fileId=CLIENT_FOLDER, body=body, supportsAllDrives=True, fields="*").execute()
    assert (made["id"], made["allowFileDiscovery"]) == ("anyoneWithLink", False)


@pytest.mark.parametrize("body", [{"role": "reader"}, {"type": "user", "role": "reader"}, {"type": "anyone"}])
def test_an_incomplete_permission_is_refused(google: Twin, body: dict[str, str]) -> None:
    with pytest.raises(HttpError) as refused:
        google.service("drive").permissions().create(fileId=CLIENT_FOLDER, body=body, supportsAllDrives=True).execute()
    assert refused.value.status_code == 400


def test_a_reader_of_a_shared_drive_may_not_add_files(google: Twin) -> None:
    robot = google.credentials().service_account_email
    google.world.shared_drives[0]["members"] = [{"type": "user", "emailAddress": robot, "role": "reader"}]
    files = google.service("drive").files()
    fields = "capabilities(canAddChildren,canEdit)"
    found = files.get(fileId=CLIENT_FOLDER, fields=fields, supportsAllDrives=True).execute()
    assert found == {"capabilities": {"canAddChildren": False, "canEdit": False}}
    with pytest.raises(HttpError) as refused:
        files.create(body={"name": "x", "parents": [CLIENT_FOLDER]}, supportsAllDrives=True).execute()
    assert refused.value.error_details[0]["reason"] == "insufficientFilePermissions"


def test_shared_drives_are_listed_and_found_by_id(google: Twin) -> None:
    drives = google.service("drive").drives()
    assert drives.list().execute()["drives"] == [{"kind": "drive#drive", "id": DRIVE, "name": "Operasional"}]
    fields = "name,capabilities/canAddChildren"
    assert drives.get(driveId=DRIVE, fields=fields).execute() == {
        "name": "Operasional",
        "capabilities": {"canAddChildren": True},
    }
    with pytest.raises(HttpError, match="Shared drive not found"):
        drives.get(driveId="0AOther").execute()


def test_the_root_of_a_shared_drive_is_a_folder_with_its_id(google: Twin) -> None:
    files = google.service("drive").files()
    root = files.get(fileId=DRIVE, fields="id,name,parents,driveId", supportsAllDrives=True).execute()
    assert root == {"id": DRIVE, "name": "Operasional", "driveId": DRIVE}
    found = files.list(q=f"'{DRIVE}' in parents", orderBy="name", **EVERYWHERE).execute()["files"]
    assert [file["id"] for file in found] == [CLIENT_FOLDER, TRACKERS]


def test_changes_tell_each_changed_file_once_and_what_was_lost(google: Twin) -> None:
    changes = google.service("drive").changes()
    token = changes.getStartPageToken(supportsAllDrives=True).execute()["startPageToken"]
    assert changes.list(pageToken=token, **EVERYWHERE).execute()["changes"] == []
    world_ops.edit_cell(google.state, BOOK, 11, "D6", "done")
    world_ops.rename_tab(google.state, BOOK, 11, "AGUSTUS")
    world_ops.revoke(google.state, CLIENT_FOLDER)
    fields = "nextPageToken,newStartPageToken,changes(fileId,removed,file(name))"
    page = changes.list(pageToken=token, fields=fields, **EVERYWHERE).execute()
    assert page["changes"] == [
        {"fileId": BOOK, "removed": False, "file": {"name": "Tracker Kopi Senja"}},
        {"fileId": CLIENT_FOLDER, "removed": True},
    ]
    assert changes.list(pageToken=page["newStartPageToken"], **EVERYWHERE).execute()["changes"] == []


def test_changes_come_in_pages(google: Twin) -> None:
    changes = google.service("drive").changes()
    token = changes.getStartPageToken().execute()["startPageToken"]
    for file_id in (CLIENT_FOLDER, TRACKERS, BOOK):
        google.state.touch(file_id, "am@example.com")
    first = changes.list(pageToken=token, pageSize=2, **EVERYWHERE).execute()
    assert [c["fileId"] for c in first["changes"]] == [CLIENT_FOLDER, TRACKERS]
    assert "newStartPageToken" not in first
    second = changes.list(pageToken=first["nextPageToken"], pageSize=2, **EVERYWHERE).execute()
    assert [c["fileId"] for c in second["changes"]] == [BOOK]
    with pytest.raises(HttpError) as refused:
        changes.list(pageToken="99").execute()
    assert refused.value.error_details[0]["location"] == "pageToken"


def test_about_tells_who_the_caller_is_and_needs_a_mask(google: Twin) -> None:
    about = google.service("drive").about()
    found = about.get(fields="user/emailAddress,storageQuota/limit").execute()
    robot = google.credentials().service_account_email
    assert found == {"user": {"emailAddress": robot}, "storageQuota": {"limit": "0"}}
    with pytest.raises(HttpError, match="'fields' parameter is required"):
        about.get().execute()


def test_a_my_drive_folder_shared_by_a_person_can_be_read(google: Twin) -> None:
    found = google.service("drive").files().get(fileId=MINE, fields="name,capabilities/canEdit").execute()
    assert found == {"name": "Folder AM", "capabilities": {"canEdit": True}}
