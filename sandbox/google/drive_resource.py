"""A file as Drive shows it to one caller: stored fields plus the ones computed on the way out."""

from __future__ import annotations

from typing import Any

from sandbox.google import access, masks
from sandbox.google.state import FOLDER, NATIVE, SPREADSHEET, File, Principal, State, permission_id, user_of

DEFAULT_FIELDS = masks.parse("kind,id,name,mimeType")


def resource(state: State, file: File, who: Principal, tree: masks.Tree | None) -> dict[str, Any]:
    """The file resource under a mask (None: the four default fields)."""
    tree = DEFAULT_FIELDS if tree is None else tree
    full = {
        name: value
        for name, value in file.items()
        if name not in ("permissions", "md5Checksum", "sha256Checksum", "size")
    }
    full["kind"] = "drive#file"
    if file["id"] in state.roots and file["id"] == file.get("driveId"):
        full["name"] = "Drive" if not file.get("name") else file["name"]
    full.setdefault("explicitlyTrashed", bool(file.get("trashed")))
    if not file.get("trashed"):
        trashed_above = any(node.get("trashed") for node in access.chain(state, file)[1:])
        full["trashed"] = trashed_above
    full.setdefault("starred", False)
    full.setdefault("spaces", ["drive"])
    if not file.get("parents"):
        full.pop("parents", None)
    if not file["mimeType"].startswith(NATIVE):
        for name in ("md5Checksum", "sha256Checksum", "size"):
            if name in file:
                full[name] = file[name]
        full["originalFilename"] = file.get("originalFilename", file["name"])
        full["fileExtension"] = file["name"].rpartition(".")[2] if "." in file["name"] else ""
        full["webContentLink"] = f"https://drive.google.com/uc?id={file['id']}&export=download"
    full["webViewLink"] = _link(file)
    full["quotaBytesUsed"] = file.get("size", "0")
    if "lastModifyingUser" in file:
        full["lastModifyingUser"] = _seen_user(file["lastModifyingUser"], who)
        full["modifiedByMe"] = file["lastModifyingUser"].get("emailAddress") == who.email
    if file.get("driveId"):
        full["teamDriveId"] = file["driveId"]
        full["ownedByMe"] = False
    else:
        _add_ownership(full, file, who)
    if masks.wants(tree, "capabilities"):
        full["capabilities"] = access.capabilities(state, file, who)
    answer: dict[str, Any] = masks.select(full, tree)
    return answer


def _add_ownership(full: dict[str, Any], file: File, who: Principal) -> None:
    permissions = file.get("permissions")
    owners = [p["emailAddress"] for p in permissions or () if p["role"] == "owner"]
    if owners:
        full["owners"] = [_seen_user(user_of(owners[0]), who)]
    full["ownedByMe"] = owners == [who.email] or any(o.get("emailAddress") == who.email for o in file.get("owners", ()))
    full["shared"] = len(permissions or ()) > 1 if permissions else file.get("shared", True)
    if permissions:
        full["permissions"] = permissions
        full["permissionIds"] = [p["id"] for p in permissions]


def _seen_user(user: dict[str, Any], who: Principal) -> dict[str, Any]:
    address = user.get("emailAddress", "")
    return {
        "kind": "drive#user",
        "displayName": address,
        "permissionId": permission_id(address),
        **user,
        "me": address == who.email,
    }


def _link(file: File) -> str:
    if file["mimeType"] == FOLDER:
        return f"https://drive.google.com/drive/folders/{file['id']}"
    if file["mimeType"] == SPREADSHEET:
        return f"https://docs.google.com/spreadsheets/d/{file['id']}/edit?usp=drivesdk"
    return f"https://drive.google.com/file/d/{file['id']}/view?usp=drivesdk"
