"""Uploads: media, multipart and resumable."""

from __future__ import annotations

import json
import re
import secrets
from dataclasses import dataclass
from typing import Any

from sandbox.google import access
from sandbox.google.call import Call, Reply
from sandbox.google.drive_files import change_file, check_creation, file_mask, new_file
from sandbox.google.drive_resource import resource
from sandbox.google.errors import ApiError

CHUNK = 262_144
_RANGE = re.compile(r"bytes (?:(\d+)-(\d+)|\*)/(\d+|\*)")


@dataclass
class Session:
    """One resumable upload: what was announced and what has arrived."""

    metadata: dict[str, Any]
    mime: str | None
    file_id: str | None
    total: int | None
    received: bytes = b""
    done: dict[str, Any] | None = None


class Sessions:
    """Open resumable uploads by upload id."""

    def __init__(self) -> None:
        self._open: dict[str, Session] = {}

    def start(self, session: Session) -> str:
        """The id of a new session."""
        upload_id = "AB" + secrets.token_urlsafe(48)
        self._open[upload_id] = session
        return upload_id

    def get(self, upload_id: str) -> Session:
        """An open session. Raises ApiError 404."""
        if upload_id not in self._open:
            raise ApiError(404, "Not Found", reason="notFound")
        return self._open[upload_id]

    def forget_all(self) -> None:
        """Sessions expire after a week; this lets them expire now."""
        self._open.clear()


def upload(call: Call, sessions: Sessions) -> dict[str, Any] | Reply:
    """POST /upload/drive/v3/files and PATCH /upload/drive/v3/files/{id}, by uploadType."""
    kind = call.query.get("uploadType", "")
    if kind == "media":
        return _store(call, {}, call.body, call.headers.get("content-type"))
    if kind == "multipart":
        metadata, content, mime = multipart(call)
        return _store(call, metadata, content, mime)
    if kind == "resumable":
        return _start(call, sessions)
    raise ApiError(400, f"Invalid upload type: {kind}", reason="invalid", location="uploadType")


def _store(call: Call, metadata: dict[str, Any], content: bytes, mime: str | None) -> dict[str, Any]:
    if "fileId" in call.path:
        file = change_file(call, call.file(), metadata, content, mime)
    else:
        file = new_file(call, metadata, content, mime)
    return resource(call.state, file, call.who, file_mask(call))


def multipart(call: Call) -> tuple[dict[str, Any], bytes, str | None]:
    """(metadata, content, media type) of a multipart/related body with CRLF or bare LF ends. Raises ApiError 400."""
    boundary = re.search(r'boundary="?([^";,]+)"?', call.headers.get("content-type", ""))
    if not boundary:
        raise ApiError(400, "Missing multipart boundary", reason="badContent")
    parts = re.split(rb"(?:^|\r?\n)--" + re.escape(boundary[1].encode()) + rb"(?:--)?[ \t]*(?:\r?\n|$)", call.body)
    found = []
    for part in parts[1:]:
        if not part.strip():
            continue
        split = re.search(rb"\r?\n\r?\n", part)
        if split is None:
            raise ApiError(400, "Malformed multipart body.", reason="badContent")
        head = part[: split.start()].decode("latin-1")
        media = re.search(r"(?im)^content-type:\s*([^\r\n]+)", head)
        found.append((part[split.end() :], media[1].strip() if media else None))
    if len(found) != 2:
        raise ApiError(400, "Malformed multipart body.", reason="badContent")
    try:
        metadata = json.loads(found[0][0])
    except ValueError as bad:
        raise ApiError(400, "Parse Error", reason="parseError") from bad
    return metadata, found[1][0], found[1][1]


def _start(call: Call, sessions: Sessions) -> Reply:
    metadata, announced = call.json(), call.headers.get("x-upload-content-length")
    if "fileId" in call.path:
        access.require(call.state, call.file(), call.who, "writer")
    else:
        check_creation(call, metadata)
    file_mask(call)
    mime = call.headers.get("x-upload-content-type")
    session = Session(metadata, mime, call.path.get("fileId"), int(announced) if announced else None)
    upload_id = sessions.start(session)
    path = "/upload/drive/v3/files" + (f"/{session.file_id}" if session.file_id else "")
    query = "&".join(f"{name}={value}" for name, value in call.query.multi_items() if name != "upload_id")
    return Reply(
        b"", 200, {"location": f"{call.origin}{path}?{query}&upload_id={upload_id}", "x-guploader-uploadid": upload_id}
    )


def resume(call: Call, sessions: Sessions, complete: bool = True) -> dict[str, Any] | Reply:
    """PUT to a session: a chunk, or with `bytes */total` the question what has arrived. `complete` is false for a body
    that the client cut off: whole 256 KiB blocks of it are kept."""
    session = sessions.get(call.query.get("upload_id", ""))
    if session.done is not None:
        return session.done
    text = call.headers.get("content-range")
    if text is None:
        start, chunk, total = 0, call.body, len(call.body) if complete else session.total
    else:
        match = _RANGE.fullmatch(text)
        if not match:
            raise ApiError(400, f"Failed to parse Content-Range header: {text}", reason="badContent")
        total = int(match[3]) if match[3] != "*" else session.total
        if match[1] is None:
            if total is not None and total == len(session.received) and total == 0:
                return _finish(call, session)
            return _incomplete(session)
        start, chunk = int(match[1]), call.body
        if complete and len(chunk) != int(match[2]) - start + 1:
            raise ApiError(400, "The chunk is not as long as its Content-Range says.", reason="badContent")
    if start > len(session.received):
        raise ApiError(
            400,
            f"Invalid request. There were {len(session.received)} byte(s) received, the chunk starts at {start}.",
            reason="badRequest",
        )
    chunk = chunk[len(session.received) - start :]
    last = complete and total is not None and len(session.received) + len(chunk) >= total
    if not complete:
        chunk = chunk[: len(chunk) // CHUNK * CHUNK]
    elif not last and len(chunk) % CHUNK:
        raise ApiError(
            400,
            f"Invalid request. The number of bytes uploaded is required to be equal to or a multiple of {CHUNK}.",
            reason="badRequest",
        )
    session.received += chunk
    return _finish(call, session) if last else _incomplete(session)


def _finish(call: Call, session: Session) -> dict[str, Any]:
    session.done = _store(call, session.metadata, session.received, session.mime)
    session.received = b""
    return session.done


def _incomplete(session: Session) -> Reply:
    arrived = {"range": f"bytes=0-{len(session.received) - 1}"} if session.received else {}
    return Reply(b"", 308, arrived)
