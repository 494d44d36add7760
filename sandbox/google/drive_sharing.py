"""Drive permissions, shared drives, changes and about."""

from __future__ import annotations

from typing import Any

from sandbox.google import access, discovery, masks
from sandbox.google.call import Call, Reply
from sandbox.google.drive_resource import resource
from sandbox.google.errors import ApiError
from sandbox.google.state import Change, permission_id, rfc3339

PERMISSION_DEFAULT = masks.parse("kind,id,type,role")


def list_permissions(call: Call) -> dict[str, Any]:
    """GET files/{id}/permissions."""
    file = call.file()
    access.require(call.state, file, call.who, "writer" if not file.get("driveId") else "reader")
    tree = discovery.mask("drive", "PermissionList", call.query.get("fields"))
    found = [p for node in access.chain(call.state, file) for p in node.get("permissions", ())]
    answer = {"kind": "drive#permissionList", "permissions": [{"kind": "drive#permission", **p} for p in found]}
    if tree is None:
        answer["permissions"] = [masks.select(p, PERMISSION_DEFAULT) for p in answer["permissions"]]
        return answer
    return masks.select(answer, tree)  # type: ignore[no-any-return]  # a mask keeps a dict a dict


def create_permission(call: Call) -> dict[str, Any]:
    """POST files/{id}/permissions; the same grantee again changes the role."""
    file, wanted = call.file(), call.json()
    access.require(call.state, file, call.who, "writer")
    kind, role = wanted.get("type"), wanted.get("role")
    if kind not in ("user", "group", "domain", "anyone"):
        raise ApiError(
            400,
            "The permission type field is required.",
            reason="required",
            location="permission.type",
            location_type="other",
        )
    if role not in access.RANK:
        raise ApiError(
            400,
            "The permission role field is required.",
            reason="required",
            location="permission.role",
            location_type="other",
        )
    if kind in ("user", "group") and "@" not in str(wanted.get("emailAddress", "")):
        message = "The specified emailAddress is invalid or not applicable for the given permission type."
        raise ApiError(400, message, reason="invalid", location="permission.emailAddress", location_type="other")
    if role == "owner" and not call.flag("transferOwnership"):
        message = "The transferOwnership parameter must be enabled when the permission role is 'owner'."
        raise ApiError(403, message, reason="forbidden", location="transferOwnership")
    who = wanted.get("emailAddress") or wanted.get("domain") or "anyone"
    permission = {
        "kind": "drive#permission",
        "id": "anyoneWithLink" if kind == "anyone" else permission_id(who),
        "type": kind,
        "role": role,
    }
    for name in ("emailAddress", "domain"):
        if name in wanted:
            permission[name] = wanted[name]
    if kind in ("anyone", "domain"):
        permission["allowFileDiscovery"] = wanted.get("allowFileDiscovery", False)
    listed = file.setdefault("permissions", [])
    listed[:] = [p for p in listed if p["id"] != permission["id"]] + [permission]
    call.state.note_change(file["id"], rfc3339(call.state.clock()))
    file["version"] = str(int(file["version"]) + 1)
    tree = discovery.mask("drive", "Permission", call.query.get("fields")) or PERMISSION_DEFAULT
    return masks.select(permission, tree)  # type: ignore[no-any-return]  # a mask keeps a dict a dict


def delete_permission(call: Call) -> Reply:
    """DELETE files/{id}/permissions/{permissionId}."""
    file, wanted = call.file(), call.path["permissionId"]
    access.require(call.state, file, call.who, "writer")
    kept = [p for p in file.get("permissions", []) if p["id"] != wanted]
    if len(kept) == len(file.get("permissions", [])):
        raise ApiError(404, f"Permission not found: {wanted}.", reason="notFound", location="permissionId")
    file["permissions"] = kept
    call.state.note_change(file["id"], rfc3339(call.state.clock()))
    return Reply(b"", 204)


def _drive(call: Call, drive: dict[str, Any], tree: masks.Tree | None) -> dict[str, Any]:
    root = call.state.roots[drive["id"]]
    able = access.capabilities(call.state, root, call.who)
    names = ("canAddChildren", "canComment", "canEdit", "canListChildren", "canShare")
    full = {
        "kind": "drive#drive",
        "id": drive["id"],
        "name": drive["name"],
        "createdTime": root["createdTime"],
        "hidden": False,
        "capabilities": {name: able[name] for name in names},
    }
    return masks.select(full, tree or masks.parse("kind,id,name"))  # type: ignore[no-any-return]  # a mask keeps a dict a dict


def get_drive(call: Call) -> dict[str, Any]:
    """GET drives/{id}."""
    for drive in call.state.drives:
        if drive["id"] == call.path["driveId"] and access.rank(call.state, call.state.roots[drive["id"]], call.who):
            return _drive(call, drive, discovery.mask("drive", "Drive", call.query.get("fields")))
    raise ApiError(404, f"Shared drive not found: {call.path['driveId']}", reason="notFound", location="driveId")


def list_drives(call: Call) -> dict[str, Any]:
    """GET drives."""
    tree = discovery.mask("drive", "DriveList", call.query.get("fields"))
    below = tree.get("drives") if tree else None
    seen = [d for d in call.state.drives if access.rank(call.state, call.state.roots[d["id"]], call.who)]
    answer = {"kind": "drive#driveList", "drives": [_drive(call, d, below) for d in seen]}
    return masks.select(answer, {name: {} for name in tree}) if tree else answer


def start_page_token(call: Call) -> dict[str, Any]:
    """GET changes/startPageToken."""
    return {"kind": "drive#startPageToken", "startPageToken": str(len(call.state.changes) + 1)}


def list_changes(call: Call) -> dict[str, Any]:
    """GET changes: the latest change of each file since the page token."""
    token = call.query.get("pageToken")
    if not token:
        raise ApiError(400, "Required parameter: pageToken", reason="required", location="pageToken")
    if not token.isdigit() or not 1 <= int(token) <= len(call.state.changes) + 1:
        raise ApiError(400, "Invalid Value", reason="invalid", location="pageToken")
    tree = discovery.mask("drive", "ChangeList", call.query.get("fields"))
    size = int(call.query.get("pageSize", "100"))
    latest: dict[str, Change] = {}
    for change in call.state.changes[int(token) - 1 :]:
        if change.removed_for in (None, "*", call.who.email):
            latest[change.file_id] = change
    entries = sorted(latest.values(), key=lambda change: change.number)
    below = tree.get("changes") if tree else None
    found = [item for change in entries if (item := _change(call, change, below)) is not None]
    answer: dict[str, Any] = {"kind": "drive#changeList"}
    if len(found) > size:
        answer["nextPageToken"] = str(entries[entries.index(found[size - 1][0])].number + 1)
    else:
        answer["newStartPageToken"] = str(len(call.state.changes) + 1)
    answer["changes"] = [item for _, item in found[:size]]
    return masks.select(answer, {name: {} for name in tree}) if tree else answer


def _change(call: Call, change: Change, tree: masks.Tree | None) -> tuple[Change, dict[str, Any]] | None:
    file = call.state.find(change.file_id)
    wanted = call.query.get("driveId")
    lost = file is None or access.rank(call.state, file, call.who) == 0
    if file is not None and (
        (file.get("driveId") and not call.flag("includeItemsFromAllDrives"))
        or (wanted and file.get("driveId") != wanted)
    ):
        return None
    if lost and call.query.get("includeRemoved", "true") == "false":
        return None
    full: dict[str, Any] = {
        "kind": "drive#change",
        "type": "file",
        "changeType": "file",
        "time": change.at,
        "fileId": change.file_id,
    }
    full["removed"] = lost
    if file is not None and not lost:
        full["file"] = resource(call.state, file, call.who, tree.get("file") if tree else None)
    return change, masks.select(full, {name: {} for name in tree}) if tree else full


def about(call: Call) -> dict[str, Any]:
    """GET about: who the caller is; `fields` is required, as Drive wants it."""
    if not call.query.get("fields"):
        raise ApiError(400, "The 'fields' parameter is required for this method.", reason="required", location="fields")
    tree = discovery.mask("drive", "About", call.query["fields"])
    name = call.who.email
    user = {
        "kind": "drive#user",
        "displayName": name,
        "me": True,
        "permissionId": permission_id(name),
        "emailAddress": name,
    }
    quota = {
        "limit": "0" if call.who.service_account else "16106127360",
        "usage": "0",
        "usageInDrive": "0",
        "usageInDriveTrash": "0",
    }
    return masks.select({"kind": "drive#about", "user": user, "storageQuota": quota}, tree or {})  # type: ignore[no-any-return]  # a mask keeps a dict a dict
