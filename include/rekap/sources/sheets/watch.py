"""Which trackers may have changed: Drive is asked once, Sheets not at all.

Drive's list runs from the newest file down and ends where nothing can have changed since the last list; once a day, and
whenever that place is unknown, it runs to the end. What it said is kept in raw.tracker_files, its marks in
ops.watermarks: `drive` is the newest modification time that was ever listed, `drive/whole` the day of the last whole
list; they move in the transaction that keeps the list. `words/SLUG` stands for the client's own words by which its
tracker was last read; it moves in the transaction that stages it.
"""

import json
import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from rekap import warehouse
from rekap.run import Run
from rekap.vocabulary import client_words

if TYPE_CHECKING:
    from rekap.services.google import Google, Listing

log = logging.getLogger(__name__)

FILE = "id,name,modifiedTime,version,trashed,lastModifyingUser(emailAddress)"
SPREADSHEETS = "mimeType = 'application/vnd.google-apps.spreadsheet'"
COLUMNS = ("spreadsheet_id", "name", "modified_at", "version", "trashed", "last_modifying_user")
SOURCE, NEWEST, WHOLE, WORDS = "sheets", "drive", "drive/whole", "words/"
NEWEST_FIRST = "modifiedTime desc"
# An order that edits do not change: nothing moves from a page that is not read yet to one that was.
STANDING = "createdTime"


def changed(connection: warehouse.Connection, google: "Google", run: Run) -> list[list[str]]:
    """Slugs of the clients whose tracker must be read, in batches of at most `reading.trackers_a_batch`.

    A tracker that Drive does not list or that lies in the bin marks its client incomplete; its last good rows stay.
    Raises CredentialError, TransientError or PermanentError of the one Drive call."""
    reading = run.config.settings.reading
    newest = warehouse.watermark(connection, SOURCE, NEWEST)
    listed_whole = warehouse.watermark(connection, SOURCE, WHOLE) == run.today.isoformat()
    connection.commit()  # nothing is held open while Drive is asked
    horizon = None
    if newest and listed_whole:
        # By Drive's own times: what it tells late was changed after the newest file that it told of, or shortly before.
        horizon = datetime.fromisoformat(newest) - timedelta(minutes=reading.drive_overlap_minutes)
    listing = _listed(google, horizon)
    with connection.transaction():
        keep(connection, run, listing.files)
        verdicts = warehouse.execute(
            connection,
            "10_raw/trackers_due",
            {
                "today": run.today, "zone": run.config.settings.timezone, "overlap": reading.drive_overlap_minutes,
                "floor": None if listing.whole else min(filter(None, map(_modified_at, listing.files)), default=None),
                "searched": not listing.incomplete, "proven": listing.pages == 1 or horizon is None,
                "words": json.dumps(_words(run)),
            },
        )  # fmt: skip
        for verdict in verdicts:
            if reason := _reason(verdict, google.email):
                log.error("client %s: %s", verdict["client"], reason)
                warehouse.complete(connection, run, SOURCE, verdict["client"], "incomplete", reason)
        _mark(connection, run, listing, newest)
    due = [verdict["client"] for verdict in verdicts if verdict["verdict"] == "read"]
    log.info("trackers: %d of %d may have changed; Drive was asked %d times", len(due), len(verdicts), listing.pages)
    size = reading.trackers_a_batch
    return [due[at : at + size] for at in range(0, len(due), size)]


def keep_words(connection: warehouse.Connection, run: Run, client: str) -> None:
    """Remember by which words of its own a client's tracker was read, in the transaction that stages it."""
    register = run.config.register.client_by_slug
    words = client_words.fingerprint(register[client].words) if client in register else ""
    if words or warehouse.watermark(connection, SOURCE, WORDS + client):
        warehouse.move_watermark(connection, run, SOURCE, WORDS + client, words)


def _words(run: Run) -> dict[str, str]:
    fingerprints = {client.slug: client_words.fingerprint(client.words) for client in run.config.register.clients}
    return {slug: words for slug, words in fingerprints.items() if words}


def _listed(google: "Google", horizon: datetime | None) -> "Listing":
    def enough(files: list[dict[str, Any]]) -> bool:
        oldest = min(filter(None, map(_modified_at, files)), default=None)
        return horizon is not None and oldest is not None and oldest < horizon

    listing = google.drive.files(SPREADSHEETS, FILE, order=NEWEST_FIRST if horizon else STANDING, enough=enough)
    if listing.incomplete:
        log.warning("Drive did not search everywhere: trackers that it does not list are read all the same")
    return listing


def _mark(connection: warehouse.Connection, run: Run, listing: "Listing", newest: str | None) -> None:
    """Remember how far the list reached. A list that may lack files moves nothing."""
    if listing.incomplete:
        return
    # A file can carry any time that a program gave it: one from the future must not hide what comes after.
    moments = [min(moment, run.now) for moment in map(_modified_at, listing.files) if moment]
    if newest:
        moments.append(datetime.fromisoformat(newest))
    if moments:
        warehouse.move_watermark(connection, run, SOURCE, NEWEST, max(moments).isoformat())
    if listing.whole:
        warehouse.move_watermark(connection, run, SOURCE, WHOLE, run.today.isoformat())


def keep(connection: warehouse.Connection, run: Run, files: Iterable[dict[str, Any]]) -> None:
    """Keep what Drive says of the clients' trackers, in the caller's transaction. Other spreadsheets leave no trace."""
    told = {file["id"]: values_of(file) for file in files}  # a file that moved between two pages stands in both
    warehouse.load(connection, "raw.tracker_files", COLUMNS, (tuple(values.values()) for values in told.values()))
    warehouse.execute(connection, "10_raw/tracker_files", {"now": run.now})


def _modified_at(file: dict[str, Any]) -> datetime | None:
    moment: datetime | None = values_of(file)["modified_at"]
    return moment


def values_of(file: dict[str, Any]) -> dict[str, Any]:
    """A Drive File resource as the columns of raw.tracker_files."""
    changed_at, version = file.get("modifiedTime"), file.get("version")
    return {
        "spreadsheet_id": file["id"],
        "name": str(file.get("name") or ""),
        "modified_at": datetime.fromisoformat(changed_at) if changed_at else None,
        "version": int(version) if version else None,
        "trashed": bool(file.get("trashed")),
        "last_modifying_user": (file.get("lastModifyingUser") or {}).get("emailAddress"),
    }


def _reason(verdict: dict[str, Any], email: str) -> str | None:
    spreadsheet = verdict["spreadsheet_id"]
    if verdict["verdict"] == "trashed":
        return f"the tracker {spreadsheet} lies in the bin of Drive: restore it, or give clients.yaml the new one."
    if verdict["verdict"] == "missing":
        return (
            f"the tracker {spreadsheet} is not among the Google Sheets that {email} can see: share it with this"
            " address, or correct spreadsheet_id in clients.yaml."
        )
    return None
