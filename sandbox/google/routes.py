"""Every route of the Google twin: service, HTTP methods, path, the discovery id of its method, handler."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.google import drive_files, drive_sharing, spreadsheets, values
from sandbox.google.call import Call, Reply

Handler = Callable[[Call], "dict[str, Any] | Reply"]


@dataclass(frozen=True)
class GoogleRoute:
    """`access` is read or write: it decides about scopes and, for Sheets, about the quota bucket."""

    service: str
    method: str
    path: str
    name: str
    access: str
    handler: Handler | None = None

    @property
    def template(self) -> str:
        """The path as logs and faults name it: `{range:path}` is `{range}` there."""
        return self.path.replace(":path}", "}")


_BOOK = "/v4/spreadsheets/{spreadsheetId}"
_FILES = "/drive/v3/files"
_UPLOAD = "/upload/drive/v3/files"


def _sheets(method: str, path: str, name: str, access: str, handler: Handler) -> GoogleRoute:
    return GoogleRoute("sheets", method, "/v4/spreadsheets" + path, f"spreadsheets.{name}", access, handler)


def _drive(method: str, path: str, name: str, access: str, handler: Handler) -> GoogleRoute:
    return GoogleRoute("drive", method, "/drive/v3/" + path, name, access, handler)


def _upload(method: str, path: str, name: str) -> GoogleRoute:
    return GoogleRoute("drive", method, "/upload/drive/v3/files" + path, name, "write")


_BOOK = "/{spreadsheetId}"
_CELLS = "/{spreadsheetId}/values/{range:path}"
_FILE = "files/{fileId}"

ROUTES = [
    _sheets("GET", _BOOK + "/values:batchGet", "values.batchGet", "read", values.batch_get),
    _sheets("POST", _BOOK + "/values:batchUpdate", "values.batchUpdate", "write", values.batch_update),
    _sheets("POST", _BOOK + "/values:batchClear", "values.batchClear", "write", values.batch_clear),
    _sheets(
        "POST", _BOOK + "/values:batchGetByDataFilter", "values.batchGetByDataFilter", "read", values.batch_get_filtered
    ),
    _sheets("POST", _CELLS + ":clear", "values.clear", "write", values.clear),
    _sheets("POST", _CELLS + ":append", "values.append", "write", values.append),
    _sheets("GET", _CELLS, "values.get", "read", values.get),
    _sheets("PUT", _CELLS, "values.update", "write", values.update),
    _sheets("POST", _BOOK + ":batchUpdate", "batchUpdate", "write", spreadsheets.batch_update),
    _sheets("GET", _BOOK, "get", "read", spreadsheets.get),
    _sheets("POST", "", "create", "write", spreadsheets.create),
    _drive("GET", "about", "about.get", "read", drive_sharing.about),
    _drive("GET", "files/generateIds", "files.generateIds", "write", drive_files.generate_ids),
    _drive("GET", "files", "files.list", "read", drive_files.list_files),
    _drive("POST", "files", "files.create", "write", drive_files.create),
    _drive("GET", _FILE + "/permissions", "permissions.list", "read", drive_sharing.list_permissions),
    _drive("POST", _FILE + "/permissions", "permissions.create", "write", drive_sharing.create_permission),
    _drive(
        "DELETE",
        _FILE + "/permissions/{permissionId}",
        "permissions.delete",
        "write",
        drive_sharing.delete_permission,
    ),
    _drive("GET", _FILE, "files.get", "read", drive_files.get),
    _drive("PATCH", _FILE, "files.update", "write", drive_files.update),
    _drive("DELETE", _FILE, "files.delete", "write", drive_files.delete),
    _drive("GET", "changes/startPageToken", "changes.getStartPageToken", "read", drive_sharing.start_page_token),
    _drive("GET", "changes", "changes.list", "read", drive_sharing.list_changes),
    _drive("GET", "drives", "drives.list", "read", drive_sharing.list_drives),
    _drive("GET", "drives/{driveId}", "drives.get", "read", drive_sharing.get_drive),
    _upload("POST", "", "files.create"),
    _upload("PATCH", "/{fileId}", "files.update"),
    _upload("PUT", "", "files.create"),
    _upload("PUT", "/{fileId}", "files.update"),
]
"""A route without handler is an upload; PUT there continues a resumable session."""
