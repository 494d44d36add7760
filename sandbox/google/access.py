"""Who may do what with which file: permissions are inherited from folders and from the shared drive."""

from __future__ import annotations

from typing import Any

from sandbox.google.errors import ApiError, no_such_file
from sandbox.google.state import File, Principal, State

RANK = {"reader": 1, "commenter": 2, "writer": 3, "fileOrganizer": 4, "organizer": 5, "owner": 6}


def chain(state: State, file: File) -> list[File]:
    """The file and its folders up to the root."""
    found, node = [file], file
    while node.get("parents"):
        parent = state.find(node["parents"][0])
        if parent is None or parent in found:
            break
        found.append(parent)
        node = parent
    drive_id = file.get("driveId")
    if drive_id and found[-1]["id"] != drive_id and drive_id in state.roots:
        found.append(state.roots[drive_id])
    return found


def rank(state: State, file: File, who: Principal) -> int:
    """Rank of the best role that `who` has on the file, 0 for none.

    A file on which the world names no permission is open to everybody who has a token: content manager on a shared
    drive, writer elsewhere.
    """
    nodes = chain(state, file)
    if any((address, node["id"]) in state.revoked for node in nodes for address in (who.email, "*")):
        return 0
    listed = [p for node in nodes for p in node.get("permissions", ())]
    members = next((d.get("members") for d in state.drives if d["id"] == file.get("driveId")), None)
    if not listed and not members:
        return RANK["fileOrganizer"] if file.get("driveId") else RANK["writer"]
    best = RANK["fileOrganizer"] if file.get("driveId") and not members else 0
    for permission in [*listed, *(members or ())]:
        if _matches(permission, who):
            best = max(best, RANK.get(permission["role"], 0))
    return best


def _matches(permission: dict[str, Any], who: Principal) -> bool:
    if permission["type"] == "anyone":
        return True
    if permission["type"] == "domain":
        return who.email.endswith("@" + permission.get("domain", ""))
    return str(permission.get("emailAddress", "")).casefold() == who.email.casefold()


def visible(state: State, file_id: str, who: Principal, all_drives: bool) -> File:
    """The file, when the caller may see it and asked for shared drives where needed. Raises ApiError 404."""
    file = state.root_of(who.email) if file_id == "root" else state.find(file_id)
    if file is None or rank(state, file, who) == 0 or (file.get("driveId") and not all_drives):
        raise no_such_file(file_id)
    return file


def require(state: State, file: File, who: Principal, role: str) -> None:
    """Raises ApiError 403 when the caller's role on the file is below `role`."""
    if rank(state, file, who) < RANK[role]:
        raise ApiError(
            403, "The user does not have sufficient permissions for this file.", reason="insufficientFilePermissions"
        )


def capabilities(state: State, file: File, who: Principal) -> dict[str, bool]:
    """The capabilities part of a file resource."""
    level = rank(state, file, who)
    folder = file["mimeType"] == "application/vnd.google-apps.folder"
    writes, trashed = level >= RANK["writer"], bool(file.get("trashed"))
    on_drive = bool(file.get("driveId"))
    trashes = level >= (RANK["fileOrganizer"] if on_drive else RANK["owner"])
    return {
        "canAddChildren": folder and writes and not trashed,
        "canComment": level >= RANK["commenter"],
        "canCopy": not folder,
        "canDelete": level >= (RANK["organizer"] if on_drive else RANK["owner"]),
        "canDownload": True,
        "canEdit": writes,
        "canListChildren": folder,
        "canModifyContent": writes,
        "canRename": writes,
        "canShare": writes,
        "canTrash": trashes,
        "canUntrash": trashes,
    }
