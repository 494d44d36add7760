"""A small world and a running Google twin for tests, reached by the real clients."""

from __future__ import annotations

import functools
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import gspread
import requests
import uvicorn
from google.auth.transport.requests import AuthorizedSession
from google.oauth2 import service_account
from google_auth_httplib2 import AuthorizedHttp
from googleapiclient.discovery import build_from_document
from googleapiclient.discovery_cache import get_static_doc
from googleapiclient.http import build_http

from sandbox.google.accounts import PREFIX, Accounts
from sandbox.google.app import create
from sandbox.google.state import State
from tests.sandbox.discovery import Validated

FOLDER = "application/vnd.google-apps.folder"
SHEET = "application/vnd.google-apps.spreadsheet"
DRIVE, CLIENT_FOLDER, TRACKERS = "0ADrive", "folder-client", "folder-trackers"
BOOK, MINE, AM = "book-1", "folder-of-am", "am@example.com"
NOW = datetime(2026, 10, 6, 4, 30, tzinfo=UTC)


def text(value: str, **fmt: Any) -> dict[str, Any]:
    """A cell with a text."""
    value_part = {"stringValue": value}
    cell: dict[str, Any] = {"userEnteredValue": value_part, "effectiveValue": value_part, "formattedValue": value}
    return {**cell, "effectiveFormat": fmt} if fmt else cell


def number(value: float, shown: str, **fmt: Any) -> dict[str, Any]:
    """A cell with a number and what it shows."""
    part = {"numberValue": value}
    return {"userEnteredValue": part, "effectiveValue": part, "formattedValue": shown, "effectiveFormat": fmt}


def date_cell(serial: int, shown: str) -> dict[str, Any]:
    """A true date cell."""
    return number(serial, shown, numberFormat={"type": "DATE", "pattern": "dd/mm/yyyy"})


def tracker() -> dict[str, Any]:
    """Tabs "AGT 26" (a title, a header, rows with a gap, a struck row, a merge, a hidden row) and a hidden "Arsip"."""
    rows: list[dict[str, Any]] = [
        {"values": [text("Jadwal Agustus")]},
        {"values": [text(h) for h in ("Tanggal", "Outlet", "Unit", "Status", "Ok")]},
        {"values": [date_cell(46241, "07/08/2026"), text("Kopi Senja BSD 2"), number(3, "3"), text("done"), {}]},
        {},
        {"values": [{}, text("Ruko Melati", textFormat={"strikethrough": True}), number(1234.5, "1.234,50"), {}, {}]},
        {"values": [date_cell(46242, "08/08/2026"), text("Kos Anggrek"), {}, {}, {}]},
    ]
    rows[2]["values"][4] = {"effectiveValue": {"boolValue": True}, "formattedValue": "TRUE"}
    rows[5]["values"][3] = {
        "userEnteredValue": {"formulaValue": "=VLOOKUP(A1,B:C,9)"},
        "effectiveValue": {"errorValue": {"type": "REF", "message": "out of range"}},
        "formattedValue": "#REF!",
    }
    month = {
        "properties": {"sheetId": 11, "title": "AGT 26", "gridProperties": {"rowCount": 50, "columnCount": 8}},
        "merges": [{"sheetId": 11, "startRowIndex": 0, "endRowIndex": 1, "startColumnIndex": 0, "endColumnIndex": 3}],
        "data": [{"rowData": rows, "rowMetadata": [{}, {}, {}, {"hiddenByUser": True}]}],
    }
    archive = {
        "properties": {"sheetId": 12, "title": "Arsip", "hidden": True, "gridProperties": {"rowCount": 10}},
        "data": [{"rowData": []}],
    }
    properties = {"title": "Tracker Kopi Senja", "locale": "id_ID", "timeZone": "Asia/Jakarta"}
    return {"spreadsheetId": BOOK, "properties": properties, "sheets": [month, archive]}


@dataclass
class TinyWorld:
    """One tracker on a shared drive, one client folder, one folder that a person shared from My Drive."""

    spreadsheets: dict[str, dict[str, Any]] = field(default_factory=lambda: {BOOK: tracker()})
    shared_drives: list[dict[str, Any]] = field(default_factory=lambda: [{"id": DRIVE, "name": "Operasional"}])
    drive_files: list[dict[str, Any]] = field(
        default_factory=lambda: [
            {"id": CLIENT_FOLDER, "name": "Kopi Senja", "mimeType": FOLDER, "parents": [DRIVE], "driveId": DRIVE},
            {"id": TRACKERS, "name": "Tracker", "mimeType": FOLDER, "parents": [DRIVE], "driveId": DRIVE},
            {
                "id": BOOK,
                "name": "Tracker Kopi Senja",
                "mimeType": SHEET,
                "parents": [TRACKERS],
                "driveId": DRIVE,
                "modifiedTime": "2026-10-05T17:00:00+07:00",
                "lastModifyingUser": {"emailAddress": AM},
            },
            {"id": MINE, "name": "Folder AM", "mimeType": FOLDER, "parents": []},
        ]
    )


class Ticking:
    """A clock that stands at NOW and moves a millisecond with every write."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now


@dataclass
class Twin:
    """A running twin: its address, its state, its log and clients for it."""

    url: str
    app: Any
    world: TinyWorld
    clock: Ticking
    calls: list[tuple[str, str, str, str, int]]
    faults: list[tuple[str, tuple[Any, ...]]]
    validated: Validated

    @property
    def state(self) -> State:
        found: State = self.app.state.google
        return found

    def credentials(self, *scopes: str, subject: str | None = None) -> service_account.Credentials:
        """Service account credentials from the twin's key file."""
        signing = _signing(self.url)
        wanted = [PREFIX + scope for scope in scopes or ("spreadsheets", "drive")]
        made: service_account.Credentials = signing.with_scopes(wanted).with_subject(subject)
        return made

    def session(self, *scopes: str, subject: str | None = None) -> AuthorizedSession:
        """A requests session with a token."""
        return AuthorizedSession(self.credentials(*scopes, subject=subject))

    def gspread(self) -> gspread.Client:
        """The real gspread, its endpoint swapped in a subclass of its HTTPClient."""
        return gspread.Client(auth=self.credentials(), http_client=functools.partial(EndpointClient, self.url))

    def service(self, name: str, subject: str | None = None) -> Any:
        """The real google-api-python-client for "sheets" or "drive"."""
        service, through = _built(self.url, name, subject)
        through.http = AuthorizedHttp(self.credentials(subject=subject), http=build_http())
        return service

    def plan_fault(self, route: str, *answer: Any) -> None:
        """The next request to `route` ("GET /v4/…") meets this fault."""
        self.faults.append((route, answer))


class Through:
    """What a service asks for its transport: building a service takes long, so one serves all tests."""

    http: Any = None

    def request(self, *args: Any, **kwargs: Any) -> Any:
        return self.http.request(*args, **kwargs)


@functools.cache
def _signing(url: str) -> service_account.Credentials:
    keyfile = Accounts().keyfile(url + "/token")  # the key is the process's, the same for every twin
    found: service_account.Credentials = service_account.Credentials.from_service_account_info(keyfile)
    return found


@functools.cache
def _built(url: str, name: str, subject: str | None) -> tuple[Any, Through]:
    document = json.loads(get_static_doc(name, {"sheets": "v4", "drive": "v3"}[name]))
    document.update(rootUrl=url + "/", baseUrl=url + ("/" if name == "sheets" else "/drive/v3/"))
    through = Through()
    return build_from_document(document, http=through), through


class EndpointClient(gspread.HTTPClient):
    """gspread's client with another origin."""

    def __init__(self, origin: str, auth: Any, session: Any = None) -> None:
        super().__init__(auth, session)
        self.origin = origin

    def request(self, method: str, endpoint: str, *args: Any, **kwargs: Any) -> requests.Response:
        for prefix in ("https://sheets.googleapis.com", "https://www.googleapis.com"):
            endpoint = endpoint.replace(prefix, self.origin)
        answer: requests.Response = super().request(method, endpoint, *args, **kwargs)
        return answer


class Door:
    """What the server serves: the application of whichever test runs."""

    app: Any = None

    def __init__(self) -> None:
        self.listener = socket.socket()
        self.listener.bind(("127.0.0.1", 0))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.listener.getsockname()[1]}"

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.app(scope, receive, send)


@contextmanager
def serving() -> Iterator[Door]:
    """A uvicorn server on a free port, whose application is set later."""
    door = Door()
    server = uvicorn.Server(uvicorn.Config(door, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [door.listener]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.005)
    try:
        yield door
    finally:
        server.should_exit = True
        thread.join(timeout=5)
        door.listener.close()


@contextmanager
def behind(door: Door, quota_per_minute: int | None = None) -> Iterator[Twin]:
    """A fresh twin behind a server; at the end every request and answer must have fitted the discovery documents."""
    world, clock = TinyWorld(), Ticking()
    calls: list[tuple[str, str, str, str, int]] = []
    faults: list[tuple[str, tuple[Any, ...]]] = []

    def fault(service: str, method: str, route: str) -> tuple[Any, ...] | None:
        for entry in faults:
            if entry[0] == f"{method} {route}":
                faults.remove(entry)
                return entry[1]
        return None

    app = create(world, lambda *call: calls.append(call), clock, fault, quota_per_minute)
    door.app = validated = Validated(app)
    yield Twin(door.url, app, world, clock, calls, faults, validated)
    assert validated.problems == []
