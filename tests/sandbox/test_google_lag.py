"""Drive's list may lag behind the edits of a file, and may say that it did not look everywhere."""

from __future__ import annotations

from typing import Any

from sandbox.google import world_ops
from tests.sandbox.google_twin import BOOK, Twin

FIELDS = "id,version,modifiedTime,lastModifyingUser/emailAddress"


def listed(google: Twin, **more: Any) -> dict[str, Any]:
    answer = (
        google.service("drive")
        .files()
        .list(
            fields=f"incompleteSearch,files({FIELDS})", supportsAllDrives=True, includeItemsFromAllDrives=True, **more
        )
    )
    found: dict[str, Any] = answer.execute()
    return found


def book(google: Twin) -> dict[str, Any]:
    return next(file for file in listed(google)["files"] if file["id"] == BOOK)


def test_a_lagging_list_shows_files_as_they_were_until_it_is_told_to_catch_up(google: Twin) -> None:
    before = book(google)
    google.state.switches.drive_lag = True
    for value in ("1", "2"):
        world_ops.edit_cell(google.state, BOOK, 11, "A9", value)
    assert book(google) == before
    files = google.service("drive").files()
    assert int(files.get(fileId=BOOK, fields=FIELDS, supportsAllDrives=True).execute()["version"]) == (
        int(before["version"]) + 2
    )
    changed = f"modifiedTime > '{before['modifiedTime']}'"
    assert BOOK not in {file["id"] for file in listed(google, q=changed)["files"]}
    google.state.switches.drive_lag = False
    google.state.follow_switches()
    assert int(book(google)["version"]) == int(before["version"]) + 2
    assert BOOK in {file["id"] for file in listed(google, q=changed)["files"]}


def test_a_list_can_say_that_it_is_incomplete(google: Twin) -> None:
    assert listed(google)["incompleteSearch"] is False
    google.state.switches.incomplete_search = True
    assert listed(google)["incompleteSearch"] is True
