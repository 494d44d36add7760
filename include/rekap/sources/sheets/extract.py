"""Reading trackers into the warehouse: grid → raw → rows with their keys → staging and quarantine, one by one."""

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rekap import warehouse
from rekap.errors import PermanentError, RekapError, TransientError
from rekap.run import Run
from rekap.sources.register import technicians_by_name
from rekap.sources.sheets import belief, keys, staging, watch
from rekap.sources.sheets.belief import Incomplete
from rekap.sources.sheets.reader import read_tabs
from rekap.vocabulary import lexicon

if TYPE_CHECKING:
    from rekap.services.google import Google

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Tracker:
    """One client's spreadsheet; `outlets`: every normalised spelling of an outlet → its code."""

    client: str
    spreadsheet_id: str
    outlets: dict[str, str]


def read(connection: warehouse.Connection, google: "Google", run: Run, clients: Sequence[str]) -> dict[str, int]:
    """Read the trackers of these clients, each in a transaction of its own.

    Returns counts: trackers, failed, changed (rows whose meaning changed, appeared or went), rows, quarantined. A
    tracker that cannot be read marks its client incomplete, keeps its last good rows and is counted in `failed`.
    Raises CredentialError at once; TransientError when every tracker failed for a passing reason, or when the quota is
    used up for longer than a task should wait: then the rest of the batch is left, as incomplete, to the next attempt;
    PermanentError, after all others were read, when Rekap itself failed on one."""
    from rekap.services.google import CredentialError, QuotaUsedUp

    google.sheets.limit(run.config.settings.reading.google_requests_per_minute)
    counts = Counter({"trackers": 0, "failed": 0, "changed": 0, "rows": 0, "quarantined": 0})
    passing: list[TransientError] = []
    broken: list[str] = []
    crew = technicians_by_name(run.config.register)
    for number, client in enumerate(clients):
        counts["trackers"] += 1
        try:
            counts.update(_read_one(connection, google, run, client, crew))
        except CredentialError:
            raise
        except QuotaUsedUp as error:
            # It counts for the credential: asking for the others would only be refused, and prolong it.
            for left in clients[number:]:
                _incomplete(connection, run, left, str(error))
            passing = [error] * len(clients)
            break
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


def _read_one(
    connection: warehouse.Connection, google: "Google", run: Run, client: str, crew: Mapping[str, set[str]]
) -> dict[str, int]:  # fmt: skip
    tracker = _tracker(connection, client)
    # Before the grid is asked for: what is changed after this word has another version in the next list.
    file = _file(connection, google, run, tracker.spreadsheet_id)
    if file["trashed"]:
        raise Incomplete(f"the tracker {tracker.spreadsheet_id} lies in the bin of Drive: restore it.")
    resource = google.sheets.grid(tracker.spreadsheet_id)
    register = run.config.register.client_by_slug
    words = register[client].words if client in register else None
    with lexicon.of_client(words):
        return _stage(connection, run, tracker, file, resource, crew)


def _stage(
    connection: warehouse.Connection, run: Run, tracker: Tracker, file: dict[str, Any], resource: dict[str, Any],
    crew: Mapping[str, set[str]],
) -> dict[str, int]:  # fmt: skip
    """The grid into raw and its rows into staging, by the client's own words where those are in force."""
    tabs = read_tabs(resource, as_of=run.today, outlet_names=tracker.outlets)
    with connection.transaction():
        connection.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", (tracker.spreadsheet_id,))
        staging.keep_grids(connection, run, tracker.spreadsheet_id, resource)
    with connection.transaction():
        connection.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", (tracker.spreadsheet_id,))
        matched = keys.matched(connection, tracker.spreadsheet_id, tracker.outlets, crew, tabs)
        belief.check(run, tracker.spreadsheet_id, tabs, matched)
        watch.keep_words(connection, run, tracker.client)
        return staging.stage(connection, run, tracker.client, file, tabs, matched, crew)


def _tracker(connection: warehouse.Connection, client: str) -> Tracker:
    row = connection.execute("select spreadsheet_id from staging.clients where slug = %s", (client,)).fetchone()
    aliases = connection.execute("select alias, outlet from staging.outlet_aliases where client = %s", (client,))
    outlets = {alias["alias"]: alias["outlet"] for alias in aliases}
    connection.commit()
    if row is None or row["spreadsheet_id"] is None:
        raise Incomplete(f"the register names no tracker for client {client}: give it spreadsheet_id in clients.yaml.")
    return Tracker(client, row["spreadsheet_id"], outlets)


def _file(connection: warehouse.Connection, google: "Google", run: Run, spreadsheet_id: str) -> dict[str, Any]:
    """What Drive said of a tracker: by its last list, or asked now where no list named it or it lay in the bin."""
    listed = "select * from raw.tracker_files where spreadsheet_id = %s and not trashed and version is not null"
    found = connection.execute(listed, (spreadsheet_id,)).fetchone()
    connection.commit()
    if found:
        return found
    file = google.drive.get(spreadsheet_id, watch.FILE)
    with connection.transaction():
        watch.keep(connection, run, [file])
    return watch.values_of(file)
