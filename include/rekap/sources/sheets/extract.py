"""Reading trackers into the warehouse: grid → raw → rows with their keys → staging and quarantine, one by one."""

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rekap import warehouse
from rekap.errors import PermanentError, RekapError, TransientError
from rekap.run import Run
from rekap.sources.sheets import staging
from rekap.sources.sheets.reader import Tab, read_tabs
from rekap.sources.sheets.watch import FILE, values_of

if TYPE_CHECKING:
    from rekap.services.google import Google

log = logging.getLogger(__name__)


class Incomplete(PermanentError):
    """A tracker that was reached and must not be believed: its last good rows stay."""


@dataclass(frozen=True)
class Tracker:
    """One client's spreadsheet and what tells its outlets from remarks."""

    client: str
    spreadsheet_id: str
    outlets: frozenset[str]


def read(connection: warehouse.Connection, google: "Google", run: Run, clients: Sequence[str]) -> dict[str, int]:
    """Read the trackers of these clients, each in a transaction of its own.

    Returns counts: trackers, failed, changed (rows whose meaning changed, appeared or went), rows, quarantined. A
    tracker that cannot be read marks its client incomplete, keeps its last good rows and is counted in `failed`.
    Raises CredentialError at once; TransientError when every tracker failed for a passing reason; PermanentError, after
    all others were read, when Rekap itself failed on one."""
    from rekap.services.google import CredentialError

    google.sheets.limit(run.config.settings.reading.google_requests_per_minute)
    counts = Counter({"trackers": 0, "failed": 0, "changed": 0, "rows": 0, "quarantined": 0})
    passing: list[TransientError] = []
    broken: list[str] = []
    for client in clients:
        counts["trackers"] += 1
        try:
            counts.update(_read_one(connection, google, run, client))
        except CredentialError:
            raise
        except RekapError as error:
            if isinstance(error, TransientError):
                passing.append(error)
            counts["failed"] += 1
            _incomplete(connection, run, client, str(error))
        except Exception as error:
            # A fault of ours in one tracker must not keep the others from being read; it fails the run at the end.
            log.exception("client %s: the tracker could not be read", client)
            broken.append(f"{client} ({type(error).__name__}: {error})")
            counts["failed"] += 1
            _incomplete(connection, run, client, "Rekap failed while reading this tracker; an engineer was told.")
    if broken:
        raise PermanentError(f"reading these trackers failed in Rekap itself, report it: {'; '.join(broken)}")
    if passing and len(passing) == len(clients):
        raise passing[-1]
    return dict(counts)


def _incomplete(connection: warehouse.Connection, run: Run, client: str, reason: str) -> None:
    log.error("client %s: %s Its last good rows stay.", client, reason)
    connection.rollback()
    with connection.transaction():
        warehouse.complete(connection, run, "sheets", client, "incomplete", reason)


def _read_one(connection: warehouse.Connection, google: "Google", run: Run, client: str) -> dict[str, int]:
    tracker = _tracker(connection, client)
    # Asked before the grid: what is changed after this answer has another version next time.
    file = google.drive.get(tracker.spreadsheet_id, FILE)
    if file.get("trashed"):
        raise Incomplete(f"the tracker {tracker.spreadsheet_id} lies in the bin of Drive: restore it.")
    resource = google.sheets.grid(tracker.spreadsheet_id)
    tabs = read_tabs(resource, as_of=run.today, outlet_names=tracker.outlets)
    with connection.transaction():
        connection.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", (tracker.spreadsheet_id,))
        staging.keep_grids(connection, run, tracker.spreadsheet_id, resource)
    with connection.transaction():
        connection.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", (tracker.spreadsheet_id,))
        _believable(connection, run, tracker, tabs)
        return staging.stage(connection, run, client, values_of(file), tabs)


def _tracker(connection: warehouse.Connection, client: str) -> Tracker:
    row = connection.execute(
        "select c.spreadsheet_id, array(select a.alias from staging.outlet_aliases as a where a.client = c.slug)"
        " as outlets from staging.clients as c where c.slug = %s",
        (client,),
    ).fetchone()
    connection.commit()
    if row is None or row["spreadsheet_id"] is None:
        raise Incomplete(f"the register names no tracker for client {client}: give it spreadsheet_id in clients.yaml.")
    return Tracker(client, row["spreadsheet_id"], frozenset(row["outlets"]))


def _believable(connection: warehouse.Connection, run: Run, tracker: Tracker, tabs: list[Tab]) -> None:
    """Raise Incomplete for a spreadsheet, or a tab that is still there, that lost all of its many rows at once."""
    least = run.config.settings.quality.least_rows_to_judge
    living = {
        int(row["sheet_id"]): int(row["rows"])
        for row in connection.execute(
            "select sheet_id, count(*) as rows from staging.tracker_row_keys"
            " where spreadsheet_id = %s and gone_at is null group by sheet_id",
            (tracker.spreadsheet_id,),
        )
    }
    if sum(living.values()) >= least and not any(tab.lines.rows or tab.lines.rejected for tab in tabs):
        raise Incomplete(
            f"the tracker {tracker.spreadsheet_id} holds no order any more, it had {sum(living.values())}: undo it in"
            " the sheet's version history, or look whether its headings were changed."
        )
    for tab in tabs:
        emptied = tab.kind == "month" and not (tab.lines.rows or tab.lines.rejected)
        if emptied and tab.header is None and tab.lines.skipped and living.get(tab.sheet_id, 0) >= least:
            raise Incomplete(
                f"tab '{tab.title}' of the tracker {tracker.spreadsheet_id} has no heading that can be read any more,"
                f" it had {living[tab.sheet_id]} orders: restore its row of headings."
            )
