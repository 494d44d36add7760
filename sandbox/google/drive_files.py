"""Drive files: create, get, list, update, delete, generateIds."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import secrets
import string
from typing import Any

from sandbox.google import access, discovery, drive_query, masks
from sandbox.google.call import Call, Reply
from sandbox.google.drive_resource import resource
from sandbox.google.errors import ApiError
from sandbox.google.state import FOLDER, NATIVE, SPREADSHEET, File, adopt_book, owner_permission, parse_time, rfc3339

NO_STORAGE = (
    "Service Accounts do not have storage quota. Leverage shared drives "
    "(https://developers.google.com/workspace/drive/api/guides/about-shareddrives), or use OAuth delegation "
    "(http://support.google.com/a/answer/7281227) instead."
)
WRITABLE = {
    *("id", "name", "mimeType", "description", "starred", "trashed", "parents", "appProperties", "properties"),
    *("createdTime", "modifiedTime", "folderColorRgb", "originalFilename", "writersCanShare"),
    "copyRequiresWriterPermission",
}
ORDERS = {
    *("createdTime", "folder", "modifiedByMeTime", "modifiedTime", "name", "name_natural", "quotaBytesUsed"),
    *("recency", "sharedWithMeTime", "starred", "viewedByMeTime"),
}
_LETTERS = string.ascii_letters + string.digits + "-_"


def file_mask(call: Call) -> masks.Tree | None:
    """The `fields` mask of a call that answers with a file."""
    return discovery.mask("drive", "File", call.query.get("fields"))


def get(call: Call) -> dict[str, Any] | Reply:
    """GET files/{id}, with alt=media the content."""
    file = call.file()
    if call.query.get("alt") == "media":
        return _content(call, file)
    return resource(call.state, file, call.who, file_mask(call))


def _content(call: Call, file: File) -> Reply:
    if file["mimeType"].startswith(NATIVE):
        raise ApiError(
            403, "Only files with binary content can be downloaded. Use Export with Docs Editors files.",
            reason="fileNotDownloadable", location="alt",
        )  # fmt: skip
    content = call.state.content.get(file["id"], b"")
    headers = {"content-type": file["mimeType"]}
    wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", call.headers.get("range", ""))
    if not wanted:
        return Reply(content, headers=headers)
    start, end = int(wanted[1]), min(int(wanted[2] or len(content) - 1), len(content) - 1)
    if start > end:
        return Reply(b"", 416, {"content-range": f"bytes */{len(content)}"})
    headers["content-range"] = f"bytes {start}-{end}/{len(content)}"
    return Reply(content[start : end + 1], 206, headers)


def list_files(call: Call) -> dict[str, Any]:
    """GET files: query, order, pages; files on shared drives only when the call asks for them."""
    tree = discovery.mask("drive", "FileList", call.query.get("fields"))
    size = _page_size(call, 1000)
    query, order = call.query.get("q", ""), call.query.get("orderBy", "")
    test = drive_query.parse(query, call.state.root_of(call.who.email)["id"]) if query.strip() else None
    in_reach = _corpus(call)
    found = []
    for stored in call.state.files():
        view = file = call.state.as_listed(stored)
        if not file.get("trashed") and any(node.get("trashed") for node in access.chain(call.state, file)[1:]):
            view = {**file, "trashed": True}
        if in_reach(file) and (test is None or test(view)) and access.rank(call.state, file, call.who) > 0:
            found.append(file)
    _sort(found, order)
    start = _page_start(call, query, order)
    answer: dict[str, Any] = {"kind": "drive#fileList", "incompleteSearch": call.state.switches.incomplete_search}
    if start + size < len(found):
        answer["nextPageToken"] = _page_token(start + size, query, order)
    below = tree.get("files", {}) if tree and "files" in tree else None
    if tree and "*" in tree:
        below = tree["*"]
    answer["files"] = [resource(call.state, file, call.who, below) for file in found[start : start + size]]
    return masks.select(answer, {name: {} for name in tree} if tree else {})  # type: ignore[no-any-return]  # a mask keeps a dict a dict


def _corpus(call: Call) -> Any:
    corpora, drive_id = call.query.get("corpora", "user"), call.query.get("driveId")
    all_drives = call.flag("includeItemsFromAllDrives")
    if corpora not in ("user", "domain", "drive", "allDrives"):
        raise ApiError(400, "Invalid Value", reason="invalid", location="corpora")
    if bool(drive_id) != (corpora == "drive"):
        raise ApiError(
            400,
            "The driveId parameter must be specified if and only if corpora is set to drive.",
            reason="invalid",
            location="driveId",
        )
    if corpora in ("drive", "allDrives") and not all_drives:
        raise ApiError(
            403,
            "The includeItemsFromAllDrives parameter must be true for this corpora.",
            reason="teamDrivesParentLimit",
        )
    if all_drives and not call.flag("supportsAllDrives"):
        raise ApiError(
            403,
            "The supportsAllDrives parameter must be set to true when includeItemsFromAllDrives is true.",
            reason="insufficientParameters",
        )
    if drive_id:
        if drive_id not in {d["id"] for d in call.state.drives}:
            raise ApiError(404, f"Shared drive not found: {drive_id}", reason="notFound", location="driveId")
        return lambda file: file.get("driveId") == drive_id
    return lambda file: all_drives or not file.get("driveId")


def _page_size(call: Call, most: int) -> int:
    text = call.query.get("pageSize", "100")
    if not text.isdigit() or not 1 <= int(text) <= most:
        raise ApiError(
            400,
            f"Invalid value '{text}'. Values must be within the range: [1, {most}]",
            reason="invalidParameter",
            location="pageSize",
        )
    return int(text)


def _page_token(start: int, *query: str) -> str:
    return base64.urlsafe_b64encode(f"{start}|{_fingerprint(*query)}".encode()).decode()


def _page_start(call: Call, *query: str) -> int:
    token = call.query.get("pageToken")
    if not token:
        return 0
    try:
        start, _, mark = base64.urlsafe_b64decode(token).decode().partition("|")
        if mark != _fingerprint(*query):
            raise ValueError(token)
        return int(start)
    except ValueError as bad:
        raise ApiError(400, "Invalid Value", reason="invalid", location="pageToken") from bad


def _fingerprint(*query: str) -> str:
    return hashlib.sha256(json.dumps(query).encode()).hexdigest()[:16]


def _sort(files: list[File], order: str) -> None:
    keys = [part.split() for part in order.split(",") if part.strip()] or [["modifiedTime", "desc"]]
    for words in reversed(keys):
        name = words[0]
        if name not in ORDERS or words[1:] not in ([], ["desc"], ["asc"]):
            raise ApiError(400, f"Invalid value for sort order: {order}", reason="invalid", location="orderBy")
        files.sort(key=lambda file: _order_key(file, name), reverse=words[1:] == ["desc"])


def _order_key(file: File, name: str) -> Any:
    if name == "folder":
        return file["mimeType"] != FOLDER
    if name == "name_natural":
        return [
            (0, int(part), "") if part.isdigit() else (1, 0, part)
            for part in re.split(r"(\d+)", file["name"].casefold())
        ]
    if name in ("recency", "modifiedByMeTime"):
        return str(file.get("modifiedTime", ""))
    if name == "quotaBytesUsed":
        return int(file.get("size", 0))
    return file.get(name, False) if name == "starred" else str(file.get(name, "")).casefold()


def create(call: Call) -> dict[str, Any]:
    """POST files: metadata only."""
    return resource(call.state, new_file(call, call.json(), None), call.who, file_mask(call))


def new_file(call: Call, metadata: dict[str, Any], content: bytes | None, mime: str | None = None) -> File:
    """Creates a file, folder or spreadsheet from writable metadata. Raises ApiError 400, 403, 404 or 409."""
    check_creation(call, metadata)
    state, who = call.state, call.who
    parents = metadata.get("parents") or [state.root_of(who.email)["id"]]
    parent = access.visible(state, parents[0], who, call.flag("supportsAllDrives"))
    file_id = metadata.get("id") or new_id()
    now = rfc3339(state.clock())
    file: File = {
        "name": "Untitled",
        **{k: v for k, v in metadata.items() if k in WRITABLE},
        "id": file_id,
        "parents": [parent["id"]],
    }
    file["mimeType"] = metadata.get("mimeType") or mime or "application/octet-stream"
    file |= {"createdTime": _time_given(metadata, "createdTime") or now, "trashed": False, "version": "0"}
    if parent.get("driveId"):
        file["driveId"] = parent["driveId"]
    else:
        file["permissions"] = [owner_permission(who.email)]
    state.add(file)
    if not file["mimeType"].startswith(NATIVE):
        set_content(call, file, content or b"")
    if file["mimeType"] == SPREADSHEET:
        book = {
            "spreadsheetId": file_id,
            "properties": {"title": file["name"]},
            "sheets": [{"properties": {"sheetId": 0, "title": "Sheet1"}}],
        }
        adopt_book(book)
        state.world.spreadsheets[file_id] = book
    state.touch(file_id, who.email)
    file["modifiedTime"] = _time_given(metadata, "modifiedTime") or now
    return file


def check_creation(call: Call, metadata: dict[str, Any]) -> None:
    """Raises what a creation with this metadata would be refused with; nothing is created."""
    state, who = call.state, call.who
    parents = metadata.get("parents") or []
    if len(parents) > 1:
        raise ApiError(403, "A file cannot be added to more than one parent.", reason="cannotAddParent")
    file_id, mime = metadata.get("id"), metadata.get("mimeType", "")
    if file_id:
        if mime.startswith(NATIVE) and mime != FOLDER:
            raise ApiError(
                400,
                "Generated IDs are not supported for Docs Editors formats.",
                reason="invalid",
                location="file.id",
                location_type="other",
            )
        if state.find(file_id) is not None:
            raise ApiError(
                409,
                "A file already exists with the provided ID.",
                reason="fileIdInUse",
                location="file.id",
                location_type="other",
            )
        if file_id not in state.reserved:
            raise ApiError(
                400, "The provided file ID is not usable.", reason="invalid", location="file.id", location_type="other"
            )
    parent = (
        access.visible(state, parents[0], who, call.flag("supportsAllDrives")) if parents else state.root_of(who.email)
    )
    if parent["mimeType"] != FOLDER:
        raise ApiError(403, "The specified parent is not a folder.", reason="parentNotAFolder")
    access.require(state, parent, who, "writer")
    if who.service_account and not parent.get("driveId"):
        raise ApiError(403, NO_STORAGE, reason="storageQuotaExceeded", domain="usageLimits")
    for name in ("createdTime", "modifiedTime"):
        _time_given(metadata, name)
    _check_properties(metadata)


def _check_properties(metadata: dict[str, Any]) -> None:
    for name in ("appProperties", "properties"):
        for key, value in (metadata.get(name) or {}).items():
            if len(key.encode()) + len(str(value or "").encode()) > 124:
                raise ApiError(400, "The property exceeds 124 bytes.", reason="invalid", location=name)


def _time_given(metadata: dict[str, Any], name: str) -> str | None:
    if not metadata.get(name):
        return None
    try:
        return rfc3339(parse_time(metadata[name]))
    except ValueError as bad:
        raise ApiError(
            400, f"Invalid value for: {metadata[name]} is not a valid RFC 3339 time", reason="invalid", location=name
        ) from bad


def set_content(call: Call, file: File, content: bytes) -> None:
    """Stores bytes with their size and checksums."""
    call.state.content[file["id"]] = content
    file["size"] = str(len(content))
    file["md5Checksum"] = hashlib.md5(content, usedforsecurity=False).hexdigest()
    file["sha1Checksum"] = hashlib.sha1(content, usedforsecurity=False).hexdigest()
    file["sha256Checksum"] = hashlib.sha256(content).hexdigest()
    file["headRevisionId"] = "0B" + hashlib.sha256(content + file["id"].encode()).hexdigest()[:40]


def update(call: Call) -> dict[str, Any]:
    """PATCH files/{id}: metadata only."""
    return resource(call.state, change_file(call, call.file(), call.json(), None), call.who, file_mask(call))


def change_file(
    call: Call, file: File, metadata: dict[str, Any], content: bytes | None, mime: str | None = None
) -> File:
    """Applies metadata, moves (addParents with removeParents) and new content. Raises ApiError 403 or 404."""
    state, who = call.state, call.who
    access.require(state, file, who, "writer")
    if "parents" in metadata:
        message = (
            "The parents field is not directly writable in update requests. "
            "Use the addParents and removeParents parameters instead."
        )
        raise ApiError(403, message, reason="fieldNotWritable")
    if "id" in metadata and metadata["id"] != file["id"]:
        raise ApiError(
            403, "The resource body includes fields which are not directly writable.", reason="fieldNotWritable"
        )
    _check_properties(metadata)
    if "trashed" in metadata and not access.capabilities(state, file, who)["canTrash"]:
        raise ApiError(
            403, "The user does not have sufficient permissions for this file.", reason="insufficientFilePermissions"
        )
    _move(call, file)
    for name in WRITABLE:
        if name in ("id", "parents", "createdTime") or name not in metadata:
            continue
        if name in ("appProperties", "properties"):
            merged = {**file.get(name, {}), **(metadata[name] or {})}
            file[name] = {key: value for key, value in merged.items() if value is not None}
        elif name != "modifiedTime":
            file[name] = metadata[name]
    if content is not None:
        if mime and "mimeType" not in metadata:
            file["mimeType"] = mime
        set_content(call, file, content)
    if file["id"] in state.world.spreadsheets and "name" in metadata:
        book = state.world.spreadsheets[file["id"]]
        book["properties"] = {**book["properties"], "title": metadata["name"]}
    state.touch(file["id"], who.email)
    file["modifiedTime"] = _time_given(metadata, "modifiedTime") or file["modifiedTime"]
    return file


def _move(call: Call, file: File) -> None:
    added = [part for part in call.query.get("addParents", "").split(",") if part]
    removed = [part for part in call.query.get("removeParents", "").split(",") if part]
    if not added:
        if removed and file.get("driveId"):
            raise ApiError(403, "Shared drive items must have exactly one parent.", reason="teamDrivesParentLimit")
        file["parents"] = [parent for parent in file.get("parents", []) if parent not in removed]
        return
    parent = access.visible(call.state, added[0], call.who, call.flag("supportsAllDrives"))
    access.require(call.state, parent, call.who, "writer")
    kept = [p for p in file.get("parents", []) if p not in removed and p != parent["id"]]
    if len(added) > 1 or kept:
        raise ApiError(
            403,
            "A file cannot be added to more than one parent: give removeParents together with addParents.",
            reason="cannotAddParent",
        )
    if any(node["id"] == file["id"] for node in access.chain(call.state, parent)):
        raise ApiError(403, "A folder cannot be moved below itself.", reason="cannotAddParent")
    file["parents"] = [parent["id"]]
    file.pop("driveId", None)
    if parent.get("driveId"):
        file["driveId"] = parent["driveId"]


def delete(call: Call) -> Reply:
    """DELETE files/{id}: for ever, with all below it; owner, or organizer on a shared drive."""
    file = call.file()
    if file["id"] in call.state.roots:
        raise ApiError(403, "The root folder cannot be deleted.", reason="insufficientFilePermissions")
    access.require(call.state, file, call.who, "organizer" if file.get("driveId") else "owner")
    doomed = [f for f in call.state.files() if any(node["id"] == file["id"] for node in access.chain(call.state, f))]
    stamp = rfc3339(call.state.clock())
    for item in doomed:
        call.state.forget(item["id"])
        call.state.note_change(item["id"], stamp)
    return Reply(b"", 204)


def generate_ids(call: Call) -> dict[str, Any]:
    """GET files/generateIds: ids for files.create."""
    text = call.query.get("count", "10")
    if not text.isdigit() or not 1 <= int(text) <= 1000:
        raise ApiError(
            400,
            f"Invalid value '{text}'. Values must be within the range: [1, 1000]",
            reason="invalidParameter",
            location="count",
        )
    ids = [new_id() for _ in range(int(text))]
    call.state.reserved.update(ids)
    answer = {"kind": "drive#generatedIds", "space": call.query.get("space", "drive"), "ids": ids}
    tree = discovery.mask("drive", "GeneratedIds", call.query.get("fields"))
    return masks.select(answer, tree) if tree else answer


def new_id() -> str:
    """A fresh file id in Drive's form."""
    return "1" + "".join(secrets.choice(_LETTERS) for _ in range(32))
