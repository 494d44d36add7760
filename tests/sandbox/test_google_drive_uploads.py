"""Uploads and downloads at the twin: simple, multipart and resumable, through the real client and on the wire."""

from __future__ import annotations

import hashlib
import io
import socket
from typing import Any

import pytest
from googleapiclient.errors import HttpError
from googleapiclient.http import MediaIoBaseDownload, MediaIoBaseUpload

from tests.sandbox.google_twin import BOOK, CLIENT_FOLDER, MINE, Twin

BLOCK = 262_144
# Line ends and dashes as in the separators of a multipart body, then bytes of every value.
NASTY = b"\r\n--==\n--\r\n" + bytes(range(256)) * 40 + b"\n\r\n"


def upload(google: Twin, content: bytes, resumable: bool = False, **body: Any) -> dict[str, Any]:
    media = MediaIoBaseUpload(io.BytesIO(content), "image/jpeg", chunksize=BLOCK, resumable=resumable)
    body = {"name": "foto.jpg", "parents": [CLIENT_FOLDER], **body}
    made: dict[str, Any] = (
        google.service("drive")
        .files()
        .create(
            body=body, media_body=media, supportsAllDrives=True, fields="id,size,md5Checksum,sha256Checksum,mimeType"
        )
        .execute()
    )
    return made


def download(google: Twin, file_id: str) -> bytes:
    received = io.BytesIO()
    request = google.service("drive").files().get_media(fileId=file_id, supportsAllDrives=True)
    reader, done = MediaIoBaseDownload(received, request, chunksize=BLOCK), False
    while not done:
        _, done = reader.next_chunk()
    return received.getvalue()


def start_session(google: Twin, **headers: str) -> str:
    address = f"{google.url}/upload/drive/v3/files?uploadType=resumable&supportsAllDrives=true&fields=id,size"
    body = {"name": "foto.jpg", "parents": [CLIENT_FOLDER]}
    answer = google.session().post(address, json=body, headers=headers)
    assert answer.status_code == 200
    location: str = answer.headers["location"]
    return location


@pytest.mark.parametrize("resumable", [False, True])
@pytest.mark.parametrize("content", [NASTY, b"", b"x" * (BLOCK * 2), b"y" * (BLOCK * 2 + 7)])
def test_what_is_uploaded_is_stored_byte_by_byte(google: Twin, content: bytes, resumable: bool) -> None:
    made = upload(google, content, resumable)
    assert made["size"] == str(len(content))
    assert made["md5Checksum"] == hashlib.md5(content, usedforsecurity=False).hexdigest()
    assert made["sha256Checksum"] == hashlib.sha256(content).hexdigest()
    assert made["mimeType"] == "image/jpeg"
    assert download(google, made["id"]) == content


def test_an_upload_takes_a_reserved_id_once(google: Twin) -> None:
    [file_id] = google.service("drive").files().generateIds(count=1).execute()["ids"]
    assert upload(google, NASTY, id=file_id)["id"] == file_id
    for resumable in (False, True):
        with pytest.raises(HttpError) as taken:
            upload(google, NASTY, resumable, id=file_id)
        assert taken.value.status_code == 409


def test_an_upload_without_metadata_is_refused_to_a_service_account(google: Twin) -> None:
    answer = google.session().post(f"{google.url}/upload/drive/v3/files?uploadType=media", data=b"abc")
    assert answer.status_code == 403
    assert answer.json()["error"]["errors"][0]["reason"] == "storageQuotaExceeded"


def test_an_upload_session_is_refused_before_any_byte_where_there_is_no_storage(google: Twin) -> None:
    with pytest.raises(HttpError, match="do not have storage quota"):
        upload(google, NASTY, resumable=True, parents=[MINE])


def test_new_content_for_a_file_changes_its_checksum_and_version(google: Twin) -> None:
    made = upload(google, b"old")
    media = MediaIoBaseUpload(io.BytesIO(b"new"), "image/png")
    files, fields = google.service("drive").files(), "version,md5Checksum,mimeType,modifiedTime"
    before = files.get(fileId=made["id"], fields=fields, supportsAllDrives=True).execute()
    after = files.update(fileId=made["id"], media_body=media, fields=fields, supportsAllDrives=True).execute()
    assert after["md5Checksum"] == hashlib.md5(b"new", usedforsecurity=False).hexdigest() != before["md5Checksum"]
    assert int(after["version"]) > int(before["version"]) and after["modifiedTime"] > before["modifiedTime"]
    assert after["mimeType"] == "image/png"


def test_a_multipart_body_may_end_its_lines_with_cr_lf_or_bare_lf(google: Twin) -> None:
    for end in (b"\r\n", b"\n"):
        head = b'{"name":"foto.jpg","parents":["' + CLIENT_FOLDER.encode() + b'"]}'
        parts = [b"--abc", b"Content-Type: application/json; charset=UTF-8", b"", head]
        parts += [b"--abc", b"Content-Type: image/jpeg", b"", NASTY, b"--abc--", b""]
        answer = google.session().post(
            f"{google.url}/upload/drive/v3/files?uploadType=multipart&supportsAllDrives=true&fields=md5Checksum",
            data=end.join(parts),
            headers={"content-type": 'multipart/related; boundary="abc"'},
        )
        assert answer.json() == {"md5Checksum": hashlib.md5(NASTY, usedforsecurity=False).hexdigest()}


def test_a_resumable_session_tells_what_has_arrived(google: Twin) -> None:
    location, total = start_session(google), BLOCK * 2 + 3
    session, content = google.session(), b"z" * (BLOCK * 2 + 3)
    asked = session.put(location, headers={"content-range": f"bytes */{total}"})
    assert asked.status_code == 308 and "range" not in asked.headers
    first = session.put(location, content[:BLOCK], headers={"content-range": f"bytes 0-{BLOCK - 1}/{total}"})
    assert (first.status_code, first.headers["range"]) == (308, f"bytes=0-{BLOCK - 1}")
    asked = session.put(location, headers={"content-range": f"bytes */{total}"})
    assert (asked.status_code, asked.headers["range"]) == (308, f"bytes=0-{BLOCK - 1}")
    last = session.put(location, content[BLOCK:], headers={"content-range": f"bytes {BLOCK}-{total - 1}/{total}"})
    assert (last.status_code, last.json()["size"]) == (200, str(total))
    again = session.put(location, headers={"content-range": f"bytes */{total}"})
    assert again.json() == last.json()
    assert len([f for f in google.world.drive_files if f["name"] == "foto.jpg"]) == 1


def test_a_chunk_in_the_middle_must_be_a_multiple_of_256_kib_and_leave_no_gap(google: Twin) -> None:
    location, session = start_session(google), google.session()
    odd = session.put(location, b"x" * 1000, headers={"content-range": "bytes 0-999/5000"})
    assert odd.status_code == 400
    gap = session.put(location, b"x" * BLOCK, headers={"content-range": f"bytes {BLOCK}-{2 * BLOCK - 1}/{3 * BLOCK}"})
    assert gap.status_code == 400


def test_an_unknown_session_is_not_found(google: Twin) -> None:
    location = start_session(google)
    google.app.state.uploads.forget_all()
    asked = google.session().put(location, headers={"content-range": "bytes */10"})
    assert asked.status_code == 404


def test_a_body_that_the_client_cuts_off_keeps_its_whole_blocks(google: Twin) -> None:
    location, total = start_session(google), BLOCK * 3
    host, port = google.url.removeprefix("http://").split(":")
    path = location.removeprefix(google.url)
    lines = [
        f"PUT {path} HTTP/1.1",
        "Host: x",
        f"Content-Length: {total}",
        f"Content-Range: bytes 0-{total - 1}/{total}",
    ]
    head = "\r\n".join([*lines, "", ""])
    with socket.create_connection((host, int(port))) as wire:
        wire.sendall(head.encode() + b"x" * (BLOCK + 500))
    asked = None
    while asked is None or "range" not in asked.headers:  # the server sees the end of the connection a moment later
        asked = google.session().put(location, headers={"content-range": f"bytes */{total}"})
    assert asked.headers["range"] == f"bytes=0-{BLOCK - 1}"


def test_the_client_resumes_after_an_error_in_the_middle(google: Twin) -> None:
    content = bytes(range(256)) * 3000
    media = MediaIoBaseUpload(io.BytesIO(content), "image/jpeg", chunksize=BLOCK, resumable=True)
    body = {"name": "foto.jpg", "parents": [CLIENT_FOLDER]}
    create = google.service("drive").files().create
    request = create(body=body, media_body=media, supportsAllDrives=True, fields="md5Checksum")
    request.next_chunk()
    google.plan_fault("PUT /upload/drive/v3/files", 503, {}, b"<html>502</html>")
    with pytest.raises(HttpError):
        request.next_chunk()
    answer = None
    while answer is None:
        _, answer = request.next_chunk()
    assert answer == {"md5Checksum": hashlib.md5(content, usedforsecurity=False).hexdigest()}


def test_a_part_of_a_file_can_be_read(google: Twin) -> None:
    made = upload(google, b"0123456789")
    url = f"{google.url}/drive/v3/files/{made['id']}?alt=media&supportsAllDrives=true"
    answer = google.session().get(url, headers={"range": "bytes=2-4"})
    assert (answer.status_code, answer.content, answer.headers["content-range"]) == (206, b"234", "bytes 2-4/10")


def test_a_spreadsheet_cannot_be_downloaded_as_it_is(google: Twin) -> None:
    with pytest.raises(HttpError, match="Only files with binary content can be downloaded"):
        download(google, BOOK)
