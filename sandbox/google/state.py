"""What the Google twin knows: the world's spreadsheets and files, contents, shared drives and the change log."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sandbox.google import cells

Book = dict[str, Any]
File = dict[str, Any]

SPREADSHEET = "application/vnd.google-apps.spreadsheet"
FOLDER = "application/vnd.google-apps.folder"
NATIVE = "application/vnd.google-apps."
LAGGING = ("version", "modifiedTime", "lastModifyingUser")


@dataclass(frozen=True)
class Principal:
    """Who calls: an address and whether it is a service account (which has no storage of its own)."""

    email: str
    scopes: frozenset[str] = frozenset()
    service_account: bool = True


@dataclass
class Change:
    """One entry of the change log; `removed` for a file that this user lost."""

    number: int
    file_id: str
    at: str
    removed_for: str | None = None


@dataclass
class Switches:
    """Behaviours that can be turned."""

    #: Drive's list shows version, time and user of a file as they were before the first edit since this was turned on
    drive_lag: bool = False
    #: Drive's list says that it may not have looked everywhere
    incomplete_search: bool = False


@dataclass
class State:
    """State in memory. Every reader and writer holds `lock`; `clock()` gives the twin's now, asked for writes only."""

    world: Any
    clock: Callable[[], datetime]
    quota_per_minute: int | None = 60
    lock: threading.RLock = field(default_factory=threading.RLock)
    content: dict[str, bytes] = field(default_factory=dict)
    roots: dict[str, File] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    reserved: set[str] = field(default_factory=set)
    revoked: set[tuple[str, str]] = field(default_factory=set)
    switches: Switches = field(default_factory=Switches)
    _behind: dict[str, File] = field(default_factory=dict)
    _files: dict[str, File] = field(default_factory=dict)
    _indexed: int = 0

    def __post_init__(self) -> None:
        self.lock = getattr(self.world, "lock", None) or self.lock
        self.drives: list[dict[str, Any]] = list(getattr(self.world, "shared_drives", None) or [])
        known = {drive["id"] for drive in self.drives}
        for file in self.world.drive_files:
            drive_id = file.get("driveId")
            if drive_id and drive_id not in known:
                known.add(drive_id)
                named = file["name"] if file["id"] == drive_id else "Shared drive"
                self.drives.append({"id": drive_id, "name": named})
        self._adopted: set[str] = set()
        for spreadsheet_id in self.world.spreadsheets:
            self.book(spreadsheet_id)
        for drive in self.drives:
            self._add_root(drive["id"], drive["name"], drive["id"])
        with_file = {file["id"] for file in self.world.drive_files}
        for spreadsheet_id, book in self.world.spreadsheets.items():
            if spreadsheet_id not in with_file:
                file = {"id": spreadsheet_id, "name": book["properties"]["title"], "mimeType": SPREADSHEET}
                self.world.drive_files.append(file)
        self._index()

    def _add_root(self, file_id: str, name: str, drive_id: str | None) -> File:
        root: File = {
            "id": file_id,
            "name": name,
            "mimeType": FOLDER,
            "modifiedTime": self._first_moment(),
            "trashed": False,
            "version": "1",
        }
        root["createdTime"] = root["modifiedTime"]
        if drive_id:
            root["driveId"] = drive_id
        self.roots[file_id] = root
        return root

    def _first_moment(self) -> str:
        moments = [f["modifiedTime"] for f in self.world.drive_files if f.get("modifiedTime")]
        return rfc3339(min(parse_time(m) for m in moments)) if moments else "2026-01-01T00:00:00.000Z"

    def _index(self) -> None:
        files = self.world.drive_files
        for file in files[self._indexed :]:
            if file["id"] not in self._files:
                adopt_file(file, self._first_moment)
                self._files[file["id"]] = file
        self._indexed = len(files)

    def root_of(self, email: str) -> File:
        """The My Drive folder of a user."""
        file_id = "0A" + "".join(c for c in email.title() if c.isalnum())[:16] + "PVA"
        if file_id not in self.roots:
            root = self._add_root(file_id, "My Drive", None)
            root["permissions"] = [owner_permission(email)]
        return self.roots[file_id]

    def find(self, file_id: str) -> File | None:
        """The stored file, folder or drive root with this id."""
        if len(self.world.drive_files) != self._indexed:
            self._index()
        return self._files.get(file_id) or self.roots.get(file_id)

    def files(self) -> Iterable[File]:
        """All files and folders, roots left out."""
        if len(self.world.drive_files) != self._indexed:
            self._index()
        return list(self._files.values())

    def add(self, file: File) -> None:
        """Stores a new file."""
        self.world.drive_files.append(file)
        self._index()

    def forget(self, file_id: str) -> None:
        """Removes a file for ever."""
        self.world.drive_files[:] = [f for f in self.world.drive_files if f["id"] != file_id]
        self._files.pop(file_id, None)
        self._indexed = len(self.world.drive_files)
        self.content.pop(file_id, None)
        self.world.spreadsheets.pop(file_id, None)

    def book(self, spreadsheet_id: str) -> Book | None:
        """The spreadsheet resource; one that was put into the world later is brought into form first."""
        book: Book | None = self.world.spreadsheets.get(spreadsheet_id)
        if book is not None and spreadsheet_id not in self._adopted:
            self._adopted.add(spreadsheet_id)
            adopt_book(book)
        return book

    def touch(self, file_id: str, email: str, *, at: datetime | None = None) -> None:
        """Records a change of a file by a user: version, modifiedTime, lastModifyingUser, change log."""
        file = self.find(file_id)
        if file is None:
            return
        stamp = rfc3339(at or self.clock())
        if self.switches.drive_lag:
            self._behind.setdefault(file_id, {name: file[name] for name in LAGGING if name in file})
        file["version"] = str(int(file.get("version", "0")) + 1)
        file["modifiedTime"] = stamp
        file["lastModifyingUser"] = user_of(email)
        self.note_change(file_id, stamp)

    def as_listed(self, file: File) -> File:
        """The file as Drive's list knows it, which may lag behind."""
        return {**file, **self._behind[file["id"]]} if file["id"] in self._behind else file

    def follow_switches(self) -> None:
        """Lists catch up when they no longer lag."""
        if not self.switches.drive_lag:
            self._behind.clear()

    def note_change(self, file_id: str, stamp: str, removed_for: str | None = None) -> None:
        """Appends to the change log without touching the file."""
        self.changes.append(Change(len(self.changes) + 1, file_id, stamp, removed_for))


def adopt_book(book: Book) -> None:
    """Fills in what the API always returns and turns cells into the form the twin edits."""
    book.setdefault("namedRanges", [])
    properties = book.setdefault("properties", {})
    for name, value in (
        ("title", "Untitled spreadsheet"),
        ("locale", "en_US"),
        ("timeZone", "Etc/GMT"),
        ("autoRecalc", "ON_CHANGE"),
    ):
        properties.setdefault(name, value)
    properties.setdefault("defaultFormat", cells.DEFAULT_FORMAT)
    for index, sheet in enumerate(book.setdefault("sheets", [])):
        adopt_sheet(sheet, index, properties["locale"])
    book["spreadsheetUrl"] = f"https://docs.google.com/spreadsheets/d/{book['spreadsheetId']}/edit"
    if not book["namedRanges"]:
        del book["namedRanges"]


def adopt_sheet(sheet: dict[str, Any], index: int, locale: str) -> None:
    """Completes one sheet resource in place."""
    properties = sheet.setdefault("properties", {})
    properties.setdefault("sheetId", index)
    properties.setdefault("title", f"Sheet{index + 1}")
    properties["index"] = index
    properties.setdefault("sheetType", "GRID")
    data = sheet.setdefault("data", [])
    if not data:
        data.append({})
    rows = data[0].setdefault("rowData", [])
    size = properties.setdefault("gridProperties", {})
    size["rowCount"] = max(size.get("rowCount", 1000), len(rows))
    size["columnCount"] = max(size.get("columnCount", 26), max((len(r.get("values", ())) for r in rows), default=0))
    seen: dict[int, tuple[Any, dict[str, Any]]] = {}
    for row in rows:
        values = row.get("values")
        if values:
            row["values"] = [_adopt_cell(cell, locale, seen) if cell else {} for cell in values]


def adopt_cell(cell: cells.Cell, locale: str) -> cells.Cell:
    """One cell in the form the twin edits."""
    return _adopt_cell(cell, locale, {}) if cell else {}


def _adopt_cell(cell: cells.Cell, locale: str, seen: dict[int, tuple[Any, dict[str, Any]]]) -> cells.Cell:
    full = dict(cell)
    own = full.get("userEnteredFormat") or full.get("effectiveFormat")
    if "effectiveValue" in full and "userEnteredValue" not in full:
        full["userEnteredValue"] = full["effectiveValue"]
    if own:
        full["userEnteredFormat"] = own
        if id(own) not in seen:
            seen[id(own)] = (own, cells.effective_format(own))
        full["effectiveFormat"] = seen[id(own)][1]
    elif full:
        full["effectiveFormat"] = cells.DEFAULT_FORMAT
    if "effectiveValue" not in full or "formattedValue" not in full:
        computed = cells.settle(full, locale)
        for name in ("effectiveValue", "formattedValue"):
            if name in computed:
                full.setdefault(name, computed[name])
    return full


def adopt_file(file: File, first_moment: Callable[[], str]) -> None:
    """Completes one file resource in place; times become UTC with milliseconds."""
    file.setdefault("mimeType", "application/octet-stream")
    file["modifiedTime"] = rfc3339(parse_time(file["modifiedTime"])) if file.get("modifiedTime") else first_moment()
    file["createdTime"] = rfc3339(parse_time(file["createdTime"])) if file.get("createdTime") else file["modifiedTime"]
    file.setdefault("trashed", False)
    file.setdefault("version", "1")
    file["version"] = str(file["version"])
    file.setdefault("parents", [file["driveId"]] if file.get("driveId") else [])


def rfc3339(moment: datetime) -> str:
    """UTC with milliseconds and Z, as Drive writes times."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def parse_time(text: str) -> datetime:
    """An RFC 3339 time; without zone it is UTC, as in a Drive query. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def user_of(email: str) -> dict[str, Any]:
    """Drive's User resource."""
    name = email.split("@")[0].replace(".", " ").title() if not email.endswith("gserviceaccount.com") else email
    return {
        "kind": "drive#user",
        "displayName": name,
        "me": False,
        "permissionId": permission_id(email),
        "emailAddress": email,
    }


def permission_id(address: str) -> str:
    """A stable 20 digit id for a user, group or domain."""
    number = 0
    for letter in address.casefold():
        number = (number * 131 + ord(letter)) % 10**19
    return f"{10**19 + number}"


def owner_permission(email: str) -> dict[str, Any]:
    """The permission of a My Drive file's owner."""
    return {
        "id": permission_id(email),
        "type": "user",
        "kind": "drive#permission",
        "role": "owner",
        "emailAddress": email,
    }
