"""Which trackers may have changed: Drive is asked once, Sheets not at all."""

import logging
from datetime import datetime
from typing import TYPE_CHECKING, Any

from rekap import warehouse
from rekap.run import Run

if TYPE_CHECKING:
    from rekap.services.google import Google

log = logging.getLogger(__name__)

FILE = "id,name,modifiedTime,version,trashed,lastModifyingUser(emailAddress)"
SPREADSHEETS = "mimeType = 'application/vnd.google-apps.spreadsheet'"
COLUMNS = ("spreadsheet_id", "name", "modified_at", "version", "trashed", "last_modifying_user")


def changed(connection: warehouse.Connection, google: "Google", run: Run) -> list[list[str]]:
    """Slugs of the clients whose tracker must be read, in batches of at most `reading.trackers_a_batch`.

    A tracker that Drive does not list or that lies in the bin marks its client incomplete; its last good rows stay.
    Raises CredentialError, TransientError or PermanentError of the one Drive call."""
    reading = run.config.settings.reading
    listing = google.drive.files(SPREADSHEETS, FILE)
    if listing.incomplete:
        log.warning("Drive did not search everywhere: trackers that it does not list are read all the same")
    with connection.transaction():
        warehouse.load(connection, "raw.tracker_files", COLUMNS, (_line(file) for file in listing.files))
        verdicts = warehouse.execute(
            connection,
            "10_raw/trackers_due",
            {
                "today": run.today, "zone": run.config.settings.timezone, "overlap": reading.drive_overlap_minutes,
                "searched": not listing.incomplete,
            },
        )  # fmt: skip
        for verdict in verdicts:
            if reason := _reason(verdict, google.email):
                log.error("client %s: %s", verdict["client"], reason)
                warehouse.complete(connection, run, "sheets", verdict["client"], "incomplete", reason)
    due = [verdict["client"] for verdict in verdicts if verdict["verdict"] == "read"]
    log.info("trackers: %d of %d may have changed", len(due), len(verdicts))
    size = reading.trackers_a_batch
    return [due[at : at + size] for at in range(0, len(due), size)]


def _line(file: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(values_of(file).values())


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
