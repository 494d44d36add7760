"""Google: the key, both APIs, the Master Schedule and its protections, trackers, folders on the shared drive."""

from collections.abc import Mapping
from typing import Any

from local.doctor.findings import BAD, GOOD, Findings
from rekap.errors import PermanentError
from rekap.recap import tab
from rekap.services.google import CredentialError, Google
from rekap.settings import Client, Config
from rekap.sources.sheets.headers import letter

FIELDS = "id,name,mimeType,trashed,driveId,capabilities(canEdit,canAddChildren)"
PROTECTED = (
    "sheets(properties(sheetId,title),protectedRanges(range,warningOnly,requestingUserCanEdit,unprotectedRanges))"
)
MONTHS = range(2000_01, 2100_00)  # sheetIds of the tabs that are Rekap's own (rekap.recap.tab.sheet_id)
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


def of_client(google: Google, config: Config, client: Client) -> Findings:
    """What one client needs of Google. Raises as `examine`."""
    yield from of_sheet(google, client.spreadsheet_id or "", f"client {client.slug}: tracker")
    if client.documentation == "drive":
        told = list(_folder(google, client.slug, client.drive_folder_id or ""))
        yield from told or [(GOOD, f"client {client.slug}: its folder is on a shared drive and takes files")]
    yield from _master_schedule(google, config.settings.house.master_schedule_id)


def of_sheet(google: Google, file_id: str, what: str) -> Findings:
    """The connection with both APIs, and one tracker: reachable, where it lies, who may write, what is protected.
    Raises CredentialError as `examine`; everything else is a finding."""
    google.drive.about("user(emailAddress)")
    yield GOOD, f"Drive answers {google.email}"
    try:
        file = google.drive.get(file_id, fields=FIELDS)
        if told := list(_usable(file, what)):
            yield from told
            return
        protected = google.sheets.spreadsheet(file_id, PROTECTED)
    except CredentialError:
        raise
    except PermanentError as error:
        yield BAD, f"{what}: {error}"
        return
    yield GOOD, f"Sheets answers; {what} '{file['name']}' can be read"
    where = "on a shared drive" if file.get("driveId") else "in a person's own Drive, where it may stay"
    may = (
        "could write it, viewer would be enough"
        if file["capabilities"]["canEdit"]
        else "may only read it, as it should"
    )
    yield GOOD, f"{what}: it lies {where}; Rekap {may}: it writes nothing into trackers"
    ranges = sum(len(sheet.get("protectedRanges", ())) for sheet in protected.get("sheets", ()))
    if ranges:
        yield GOOD, f"{what}: {ranges} protected ranges do not hinder reading"


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
        sheets = google.sheets.spreadsheet(file_id, PROTECTED).get("sheets", [])
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
        for sheet in sheets:
            yield from _protected(google, what, sheet)


def _protected(google: Google, what: str, sheet: Mapping[str, Any]) -> Findings:
    """What keeps Rekap from writing its own columns of its own tabs. One protected cell fails the whole write."""
    properties = sheet["properties"]
    if properties.get("sheetId", 0) not in MONTHS:
        return
    for protected in sheet.get("protectedRanges", ()):
        place = protected.get("range", {})
        if protected.get("warningOnly") or protected.get("requestingUserCanEdit"):
            continue
        if place.get("startColumnIndex", 0) >= tab.WIDTH:
            continue
        whole = place.keys() <= {"sheetId"}
        told = "the whole tab" if whole else f"columns {_letters(place)}"
        yield (
            BAD,
            f"{what}: in tab '{properties['title']}' {told} is protected, so the month cannot be written: add"
            f" {google.email} to those who may edit it (Data, Protect sheets and ranges)",
        )


def _letters(place: Mapping[str, Any]) -> str:
    last = place.get("endColumnIndex")
    return f"{letter(place.get('startColumnIndex', 0))} to {letter(last - 1) if last else 'the last'}"


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
