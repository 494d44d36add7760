"""Drive and Sheets against docs/assumptions.md; at most 13 calls of Drive and one read of Sheets."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

import psycopg

from local.doctor.assumptions import Check, assumed, differs, told, unchecked, unseen
from local.doctor.findings import Finding, Findings
from rekap import warehouse
from rekap.errors import PermanentError
from rekap.services.google import CredentialError, Google, Listing
from rekap.settings import Config

FILE = "id,modifiedTime,version,trashed,lastModifyingUser(emailAddress)"
SPREADSHEETS = "mimeType = 'application/vnd.google-apps.spreadsheet'"
LOOKED_AT = 10  # files asked for one by one
Json = dict[str, Any]


class Cabinet:
    """What is read of Drive and Sheets once and looked at by several checks."""

    def __init__(self, google: Google, config: Config) -> None:
        self.google, self.config = google, config
        self._ids = [client.spreadsheet_id for client in config.register.clients if client.spreadsheet_id]

    @cached_property
    def listing(self) -> Listing:
        return self.google.drive.files(SPREADSHEETS, FILE)

    @cached_property
    def files(self) -> list[Json]:
        """Trackers asked for one by one, the ones that the list says were changed last first."""
        known = [file for file in self.listing.files if file["id"] in self._ids and not file.get("trashed")]
        known.sort(key=lambda file: str(file.get("modifiedTime")), reverse=True)
        return [self.google.drive.get(file["id"], FILE) for file in known[:LOOKED_AT]]

    @cached_property
    def grid(self) -> Json | None:
        """The tracker that was changed last; None when there is none or it cannot be read."""
        try:
            return self.google.sheets.grid(self.files[0]["id"]) if self.files else None
        except CredentialError:
            raise
        except PermanentError:
            return None


def examine(cabinet: Cabinet, now: datetime, dsn: str) -> Findings:
    """`now` judges how far Drive's list lags; without a DSN nothing is compared with an earlier reading."""
    numbers: list[Check] = [
        ((6,), lambda: [_lag(cabinet, now)]),
        ((8,), lambda: [_storage(cabinet.google)]),
        ((9,), lambda: [_ids(cabinet.google)]),
        ((26,), lambda: [_versions(cabinet.listing, dsn)]),
        ((27,), lambda: [_everywhere(cabinet.listing)]),
        ((28, 29), lambda: _grid(cabinet)),
        ((30,), lambda: [_users(cabinet)]),
        ((), lambda: unchecked(7, 32, 35)),
    ]
    yield from told(numbers)


def _everywhere(listing: Listing) -> Finding:
    if listing.incomplete:
        return differs(27, "it did not")
    return assumed(27, f"{len(listing.files)} spreadsheets listed")


def _lag(cabinet: Cabinet, now: datetime) -> Finding:
    listed = {file["id"]: file for file in cabinet.listing.files}
    behind = [
        now - _at(file)
        for file in cabinet.files
        if file["modifiedTime"] != listed[file["id"]].get("modifiedTime")
        or file.get("version") != listed[file["id"]].get("version")
    ]
    allowed = timedelta(minutes=cabinet.config.settings.reading.drive_overlap_minutes)
    if not cabinet.files:
        return unseen(6, "the list shows no tracker of the register")
    if not behind:
        return assumed(6, f"the list knows the newest of {len(cabinet.files)} files")
    minutes = max(behind) // timedelta(minutes=1)
    seen = f"the list is behind {len(behind)} of {len(cabinet.files)} files, for {minutes} minutes or more"
    return differs(6, seen) if max(behind) > allowed else assumed(6, seen)


def _storage(google: Google) -> Finding:
    quota = google.drive.about("storageQuota(limit)").get("storageQuota", {})
    if "limit" not in quota:
        return differs(8, f"{google.email} has storage without a limit")
    given = int(quota["limit"])
    return differs(8, f"{google.email} has {given:,} bytes") if given else assumed(8, "its limit is 0")


def _ids(google: Google) -> Finding:
    try:
        found = google.drive.generate_ids(2)
    except CredentialError:
        raise
    except PermanentError as error:
        return differs(9, str(error).rstrip("."))
    return assumed(9, "two came") if len(set(found)) == 2 else differs(9, "two equal ids came")


def _versions(listing: Listing, dsn: str) -> Finding:
    if not dsn:
        return unseen(26, "no warehouse knows earlier ones")
    with warehouse.connect(dsn) as connection:
        try:
            before = {
                row["spreadsheet_id"]: row
                for row in connection.execute("select spreadsheet_id, modified_at, version from raw.tracker_files")
            }
        except psycopg.errors.UndefinedTable:
            before = {}
    moved = [
        (int(file["version"]), before[file["id"]]["version"])
        for file in listing.files
        if file["id"] in before and file.get("version") and _at(file) > before[file["id"]]["modified_at"]
    ]
    if not moved:
        return unseen(26, "no file has changed since Rekap last looked")
    stuck = sum(new <= old for new, old in moved)
    seen = f"of {len(moved)} files that changed since Rekap last looked, {stuck} kept their version"
    return differs(26, seen) if stuck else assumed(26, f"of {len(moved)} files that changed")


def _grid(cabinet: Cabinet) -> Findings:
    if not cabinet.files:
        yield unseen(28, "the list shows no tracker of the register")
        yield unseen(29, "the list shows no tracker of the register")
        return
    grid = cabinet.grid
    data = [part for sheet in (grid or {}).get("sheets", []) for part in sheet.get("data", [])]
    if not grid or not data or not any("rowMetadata" in part for part in data):
        yield differs(28, "the read is refused" if not grid else "rows or their flags are missing")
    else:
        yield assumed(28, f"{len(grid['sheets'])} tabs")
    kinds = [
        (cell.get("effectiveFormat") or {}).get("numberFormat", {}).get("type")
        for cell in _cells(data)
        if "numberValue" in (cell.get("effectiveValue") or {}) and _looks_like_a_date(cell.get("formattedValue"))
    ]
    if not kinds:
        yield unseen(29, "no cell of the tracker shows a date that is a number")
    elif strange := [kind for kind in kinds if kind not in ("DATE", "DATE_TIME")]:
        yield differs(29, f"{len(strange)} of {len(kinds)} have the type {strange[0]}")
    else:
        yield assumed(29, f"{len(kinds)} cells")


def _cells(data: list[Json]) -> Iterator[Json]:
    for part in data:
        for row in part.get("rowData", []):
            yield from row.get("values", [])


def _looks_like_a_date(shown: object) -> bool:
    """12/10/2026, 2026-10-12, 12 Okt 2026; not a phone number in groups."""
    text = str(shown or "")
    marked = text.count("/") == 2 or text.count("-") == 2
    named = text.count(" ") == 2 and any(sign.isalpha() for sign in text)
    return len(text) < 20 and sum(sign.isdigit() for sign in text) >= 3 and (marked or named)


def _users(cabinet: Cabinet) -> Finding:
    if not cabinet.files:
        return unseen(30, "the list shows no tracker of the register")
    lacking = sum(not (file.get("lastModifyingUser") or {}).get("emailAddress") for file in cabinet.files)
    seen = f"{lacking} of {len(cabinet.files)} files do not"
    return differs(30, seen) if lacking else assumed(30, f"{len(cabinet.files)} files")


def _at(file: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(str(file["modifiedTime"]))
