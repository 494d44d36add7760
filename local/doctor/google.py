"""Google: the key, both APIs, the Master Schedule, every tracker, every client's folder on the shared drive."""

from collections.abc import Mapping
from typing import Any

from local.doctor.findings import BAD, GOOD, Findings
from rekap.errors import PermanentError
from rekap.services.google import CredentialError, Google
from rekap.settings import Config

FIELDS = "id,name,mimeType,trashed,driveId,capabilities(canEdit,canAddChildren)"
SHEET = "application/vnd.google-apps.spreadsheet"


def examine(google: Google, config: Config) -> Findings:
    """Raises CredentialError when no file at all can be reached."""
    yield from _master_schedule(google, config.settings.house.master_schedule_id)
    trackers = [client for client in config.register.clients if client.spreadsheet_id]
    unreadable = 0
    for client in trackers:
        told = list(_tracker(google, client.slug, client.spreadsheet_id or ""))
        unreadable += bool(told)
        yield from told
    yield GOOD, f"{len(trackers) - unreadable} of {len(trackers)} trackers can be read"
    for client in config.register.clients:
        if client.documentation == "drive":
            yield from _folder(google, client.slug, client.drive_folder_id or "")


def _master_schedule(google: Google, file_id: str) -> Findings:
    what = "Master Schedule"
    if not file_id:
        yield (
            BAD,
            f"{what}: house.master_schedule_id in rekap.yaml is empty: make a spreadsheet, share it with {google.email}"
            " as editor and write its id there",
        )
        return
    try:
        file = google.drive.get(file_id, fields=FIELDS)
        google.sheets.spreadsheet(file_id, "properties.title")
    except CredentialError:
        raise
    except PermanentError as error:
        yield BAD, f"{what}: {error}"
        return
    if told := list(_usable(file, what)):
        yield from told
    elif not file["capabilities"]["canEdit"]:
        yield BAD, f"{what}: '{file['name']}' can only be read: share it with {google.email} as editor"
    else:
        yield GOOD, f"both APIs answer {google.email}; '{file['name']}' can be written"


def _tracker(google: Google, client: str, file_id: str) -> Findings:
    what = f"client {client}: tracker"
    try:
        file = google.drive.get(file_id, fields=FIELDS)
    except CredentialError:
        raise
    except PermanentError as error:
        yield BAD, f"{what}: {error}"
        return
    yield from _usable(file, what)


def _usable(file: Mapping[str, Any], what: str) -> Findings:
    if file.get("trashed"):
        yield BAD, f"{what}: '{file['name']}' lies in the bin: restore it or correct its id"
    elif file["mimeType"] != SHEET:
        yield BAD, f"{what}: '{file['name']}' is no Google Sheet: save it as Google Sheets and use the new id"


def _folder(google: Google, client: str, folder_id: str) -> Findings:
    what = f"client {client}: folder"
    try:
        folder = google.drive.get(folder_id, fields=FIELDS)
    except CredentialError:
        raise
    except PermanentError as error:
        yield BAD, f"{what}: {error}"
        return
    if folder.get("trashed"):
        yield BAD, f"{what} '{folder['name']}' lies in the bin: restore it or correct drive_folder_id in clients.yaml"
    elif not folder.get("driveId"):
        yield (
            BAD,
            f"{what} '{folder['name']}' is on no shared drive, and a service account has no storage of its own: move"
            " the folder to a shared drive",
        )
    elif not folder["capabilities"]["canAddChildren"]:
        yield (
            BAD,
            f"{what} '{folder['name']}' takes no files: make {google.email} a content manager of its shared drive",
        )
