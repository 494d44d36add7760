"""The Google client against the twin: what it sends, what it repeats, and what its refusals say."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

import pytest

from rekap.errors import PermanentError, TransientError, UnknownOutcome
from rekap.services.google import CredentialError, Google
from tests.sandbox.google_twin import BOOK, CLIENT_FOLDER, DRIVE, MINE, Twin, behind, serving

BOOK_ROUTE = "/v4/spreadsheets/{spreadsheetId}"
FILES_ROUTE = "/drive/v3/files"
UPLOAD_ROUTE = "/upload/drive/v3/files"


@pytest.fixture(scope="module")
def twin() -> Iterator[Twin]:
    with serving() as door, behind(door) as made:
        yield made


class Naps(list[float]):
    """Stands in for sleeping: keeps the seconds."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)


def mapping(twin: Twin, **extra: Any) -> dict[str, Any]:
    keyfile = twin.app.state.accounts.keyfile(twin.url + "/token")
    return {"extra": {"keyfile_dict": keyfile, "sheets_endpoint": twin.url, "drive_endpoint": twin.url, **extra}}


@pytest.fixture
def naps() -> Naps:
    return Naps()


@pytest.fixture
def google(twin: Twin, naps: Naps) -> Google:
    return Google.from_connection(mapping(twin), sleep=naps)


def calls(twin: Twin, route: str) -> int:
    return sum(1 for _, method, path, _, _ in twin.calls if f"{method} {path}" == route)


def test_a_grid_is_one_request_with_values_formats_merges_and_hidden_flags(twin: Twin, google: Google) -> None:
    before = calls(twin, f"GET {BOOK_ROUTE}")
    found = google.sheets.grid(BOOK)
    assert calls(twin, f"GET {BOOK_ROUTE}") == before + 1
    month, archive = found["sheets"]
    assert archive["properties"]["hidden"] is True
    assert month["merges"]
    assert month["data"][0]["rowMetadata"][3]["hiddenByUser"] is True
    cells = month["data"][0]["rowData"][2]["values"]
    assert cells[0]["effectiveValue"] == {"numberValue": 46241}
    assert cells[0]["effectiveFormat"]["numberFormat"]["type"] == "DATE"
    assert month["data"][0]["rowData"][4]["values"][1]["effectiveFormat"]["textFormat"]["strikethrough"] is True


def test_the_keyfile_may_be_text_and_may_come_from_airflows_own_connection_type(twin: Twin) -> None:
    extra = mapping(twin)["extra"]
    extra["extra__google_cloud_platform__keyfile_dict"] = json.dumps(extra.pop("keyfile_dict"))
    found = Google.from_connection({"extra": extra})
    assert found.email.endswith("gserviceaccount.com")
    assert found.sheets.spreadsheet(BOOK, "properties(title)") == {"properties": {"title": "Tracker Kopi Senja"}}


def test_values_are_written_raw_so_that_no_text_becomes_a_formula(google: Google) -> None:
    google.sheets.values_batch_update(BOOK, [{"range": "'AGT 26'!H40", "values": [['=IMPORTDATA("http://x")']]}])
    assert google.sheets.values_get(BOOK, "'AGT 26'!H40:H40", render="FORMULA") == [['=IMPORTDATA("http://x")']]
    cell = google.sheets.spreadsheet(BOOK, "sheets(data(rowData(values(userEnteredValue))))")["sheets"][0]
    assert "stringValue" in cell["data"][0]["rowData"][39]["values"][7]["userEnteredValue"]


def test_a_read_is_repeated_and_waits_as_long_as_the_server_asks(twin: Twin, google: Google, naps: Naps) -> None:
    twin.plan_fault(
        f"GET {BOOK_ROUTE}", 429, {"retry-after": "7"}, {"error": {"code": 429, "message": "Quota exceeded"}}
    )
    twin.plan_fault(f"GET {BOOK_ROUTE}", 503, {"content-type": "text/html"}, b"<html>503</html>")
    twin.plan_fault(f"GET {BOOK_ROUTE}", 503, {}, {"error": "a proxy wrote this"})
    assert google.sheets.spreadsheet(BOOK, "spreadsheetId") == {"spreadsheetId": BOOK}
    assert naps[0] == 7.0
    assert len([nap for nap in naps if nap < 6]) == 2


def test_a_wait_of_more_than_a_minute_is_left_to_the_task(twin: Twin, google: Google, naps: Naps) -> None:
    twin.plan_fault(
        f"GET {BOOK_ROUTE}", 429, {"retry-after": "300"}, {"error": {"code": 429, "message": "Quota exceeded"}}
    )
    with pytest.raises(TransientError) as caught:
        google.sheets.spreadsheet(BOOK, "spreadsheetId")
    assert caught.value.retry_after == 300
    assert naps == []


def test_a_batch_update_whose_answer_is_lost_is_not_sent_again(twin: Twin, google: Google) -> None:
    route = f"POST {BOOK_ROUTE}:batchUpdate"
    before = calls(twin, route)
    twin.plan_fault(route, 503, {}, b"<html>503</html>", True)
    with pytest.raises(UnknownOutcome):
        google.sheets.batch_update(BOOK, [{"addSheet": {"properties": {"sheetId": 77, "title": "Baru"}}}])
    assert calls(twin, route) == before + 1
    titles = [sheet["properties"]["title"] for sheet in google.sheets.spreadsheet(BOOK, "sheets(properties)")["sheets"]]
    assert titles.count("Baru") == 1


def test_a_batch_update_that_the_quota_refused_is_sent_again(twin: Twin, google: Google) -> None:
    twin.plan_fault(f"POST {BOOK_ROUTE}:batchUpdate", 429, {}, {"error": {"code": 429, "message": "Quota exceeded"}})
    request = {"addSheet": {"properties": {"sheetId": 78, "title": "Lagi"}}}
    assert google.sheets.batch_update(BOOK, [request])["replies"]


def test_a_file_that_is_not_shared_is_named_with_the_address_to_share_it_with(twin: Twin, google: Google) -> None:
    with pytest.raises(PermanentError, match=r"not shared with rekap@.*share it or correct the id.*rekap_google"):
        google.drive.get("no-such-file", "id")
    with pytest.raises(PermanentError, match="rekap_google"):
        google.sheets.grid("no-such-book")


def test_a_disabled_key_says_what_to_do_for_sheets_and_for_drive(twin: Twin) -> None:
    google = Google.from_connection(mapping(twin))
    twin.app.state.accounts.disabled = True
    try:
        with pytest.raises(CredentialError, match=r"rekap_google.*invalid_grant.*make a new key"):
            google.sheets.grid(BOOK)
        with pytest.raises(CredentialError, match=r"rekap_google.*invalid_grant.*make a new key"):
            google.drive.generate_ids(1)
    finally:
        twin.app.state.accounts.disabled = False


def test_a_subject_without_delegation_says_so(twin: Twin) -> None:
    with pytest.raises(CredentialError, match="domain-wide delegation"):
        Google.from_connection(mapping(twin, subject="am@example.com")).sheets.grid(BOOK)


@pytest.mark.parametrize(
    "extra", [{}, {"keyfile_dict": "{"}, {"keyfile_dict": {"type": "service_account"}}, {"keyfile_path": "/nowhere"}]
)
def test_a_connection_without_a_usable_key_is_refused_by_name(extra: dict[str, Any]) -> None:
    with pytest.raises(CredentialError, match="rekap_google"):
        Google.from_connection({"extra": extra})


def test_a_switched_off_api_is_a_matter_of_the_credential(twin: Twin, google: Google) -> None:
    detail = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "SERVICE_DISABLED"}
    body = {"error": {"code": 403, "message": "Google Sheets API has not been used", "details": [detail]}}
    twin.plan_fault(f"GET {BOOK_ROUTE}", 403, {}, body)
    with pytest.raises(CredentialError, match="enable Google Sheets API"):
        google.sheets.grid(BOOK)


def test_a_token_that_ran_out_is_renewed(twin: Twin, google: Google) -> None:
    google.sheets.spreadsheet(BOOK, "spreadsheetId")
    google.drive.get(BOOK, "id")
    twin.app.state.accounts.expire_tokens()
    assert google.sheets.spreadsheet(BOOK, "spreadsheetId")
    assert google.drive.get(BOOK, "id")


def test_files_on_shared_drives_are_listed_page_by_page(google: Google, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rekap.services.google.drive.PAGE", 1)
    found = google.drive.files("trashed = false", "id")
    assert {CLIENT_FOLDER, BOOK, MINE} <= {file["id"] for file in found.files}
    assert found.incomplete is False
    on_drive = google.drive.files("trashed = false", "id", drive=DRIVE)
    assert MINE not in {file["id"] for file in on_drive.files}


def test_a_folder_is_made_once_under_its_reserved_id(google: Google) -> None:
    [reserved] = google.drive.generate_ids(1)
    made = google.drive.create_folder(reserved, "2026-09", CLIENT_FOLDER, {"rekap_order": "0"})
    again = google.drive.create_folder(reserved, "2026-09", CLIENT_FOLDER, {"rekap_order": "0"})
    assert made["id"] == again["id"] == reserved
    named = google.drive.files(f"'{CLIENT_FOLDER}' in parents and name = '2026-09' and trashed = false", "id")
    assert [file["id"] for file in named.files] == [reserved]


@pytest.mark.parametrize("size", [0, 40_000, 9_000_000])
def test_content_arrives_whole_in_one_piece_or_many(twin: Twin, google: Google, size: int) -> None:
    content = bytes(range(256)) * (size // 256)
    [reserved] = google.drive.generate_ids(1)
    made = google.drive.upload(reserved, "foto.jpg", CLIENT_FOLDER, content, "image/jpeg", {"rekap_photo": "a"})
    assert made["md5Checksum"] == hashlib.md5(content, usedforsecurity=False).hexdigest()
    assert google.drive.upload(reserved, "foto.jpg", CLIENT_FOLDER, content, "image/jpeg")["id"] == reserved


def test_an_upload_whose_answer_is_lost_is_found_and_not_made_twice(twin: Twin, google: Google, naps: Naps) -> None:
    [reserved] = google.drive.generate_ids(1)
    twin.plan_fault(f"POST {UPLOAD_ROUTE}", 503, {}, b"<html>503</html>", True)
    made = google.drive.upload(reserved, "hilang.jpg", CLIENT_FOLDER, b"abc", "image/jpeg")
    assert made["id"] == reserved
    assert len(naps) == 1
    named = google.drive.files("name = 'hilang.jpg' and trashed = false", "id")
    assert [file["id"] for file in named.files] == [reserved]


def test_a_piece_that_fails_is_sent_again(twin: Twin, google: Google, naps: Naps) -> None:
    content = b"x" * 9_000_000
    [reserved] = google.drive.generate_ids(1)
    twin.plan_fault(f"PUT {UPLOAD_ROUTE}", 503, {}, b"")
    made = google.drive.upload(reserved, "besar.jpg", CLIENT_FOLDER, content, "image/jpeg")
    assert made["md5Checksum"] == hashlib.md5(content, usedforsecurity=False).hexdigest()
    assert len(naps) == 1


def test_an_id_that_holds_other_content_is_never_overwritten(google: Google) -> None:
    [reserved] = google.drive.generate_ids(1)
    google.drive.upload(reserved, "satu.jpg", CLIENT_FOLDER, b"one", "image/jpeg")
    with pytest.raises(PermanentError, match="another content"):
        google.drive.upload(reserved, "satu.jpg", CLIENT_FOLDER, b"two", "image/jpeg")


def test_no_storage_of_a_service_account_is_explained(google: Google) -> None:
    [reserved] = google.drive.generate_ids(1)
    with pytest.raises(PermanentError, match=r"owns no storage.*shared drive.*content manager"):
        google.drive.upload(reserved, "foto.jpg", MINE, b"abc", "image/jpeg")


def test_drives_own_kind_of_quota_refusal_is_waited_for(twin: Twin, google: Google, naps: Naps) -> None:
    body = {"error": {"code": 403, "message": "User rate limit", "errors": [{"reason": "userRateLimitExceeded"}]}}
    twin.plan_fault(f"GET {FILES_ROUTE}", 403, {}, body)
    assert google.drive.files("trashed = false", "id").files
    assert len(naps) == 1
