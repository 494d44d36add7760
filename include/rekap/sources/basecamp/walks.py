"""Walks through `/projects/recordings.json`, newest first: what is new since a watermark, or everything (a sweep).

Rows are committed in batches together with the address of the page that was reached, so that a walk that was killed
goes on there. The watermark moves with the last batch. Addresses of pages are never made, only followed: a page may be
named by a number or by a cursor.

Before a watermark an overlap is read again: a record may come to sight later than its moment says. Where the first page
brings nothing newer than the watermark, the rest of the overlap waits for the walk that brings something: a walk in a
quiet hour costs one request, however busy the minutes before it were. What appears or vanishes meanwhile differs from
the total.
"""

import json
import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any

from rekap import warehouse
from rekap.errors import Refused
from rekap.sources.basecamp.orders import moment
from rekap.sources.basecamp.progress import Progress
from rekap.sources.basecamp.reading import BATCH, SOURCE, Reading

RECORDINGS = "/projects/recordings.json"
log = logging.getLogger(__name__)
Json = dict[str, Any]


@dataclass(frozen=True)
class Scope:
    """What one walk covers: a type of recording in one state, in one project or in all active ones."""

    type: str
    status: str
    project: int | None = None

    @property
    def kind(self) -> str:
        """The type as raw.basecamp_items names it."""
        return self.type.lower()

    @property
    def key(self) -> str:
        return f"{self.kind} {self.status}" + (f" project {self.project}" if self.project else "")

    @property
    def told(self) -> str:
        """For a person: `active to-dos of project 12`."""
        things = {"todo": "to-dos"}.get(self.kind, f"{self.kind}s")
        return f"{self.status} {things}" + (f" of project {self.project}" if self.project else "")

    @property
    def params(self) -> dict[str, str]:
        bucket = {"bucket": str(self.project)} if self.project else {}
        return {"type": self.type, "status": self.status, "sort": "updated_at", "direction": "desc", **bucket}


@dataclass(frozen=True)
class Leg:
    """How far a walk has come. `newest` and `oldest`: the updated_at of its first and of its last kept record; `stop`:
    where it ends, None at the end of the list; `page`: the address of the last page that was kept."""

    stop: str | None = None
    newest: str | None = None
    oldest: str | None = None
    page: str | None = None
    read: int = 0


def walk(reading: Reading, scope: Scope) -> int | None:
    """Read what is new since the watermark, after what a killed walk had left; the source's own count (None when it
    does not say). Commits as it goes. Raises PermanentError or TransientError; what was committed stays."""
    if left := _under_way(reading, scope.key):
        log.info("%s: an earlier walk had come to %d; it goes on there.", scope.told, left.read)
        _go(reading, scope, left, sweep=None)
    with reading.connection.transaction():
        mark = warehouse.watermark(reading.connection, SOURCE, scope.key)
    return _go(reading, scope, Leg(stop=mark), sweep=None)[0]


def sweep(reading: Reading, scope: Scope) -> tuple[str, datetime | None]:
    """Read a scope from end to end and note what was met, going on where a killed sweep stopped. Returns the name under
    which it was noted in raw.basecamp_met, and the newest moment that it met."""
    name = f"sweep {scope.key}"
    left = _under_way(reading, name)
    if left is None:
        end_sweep(reading, name)
    _, leg = _go(reading, scope, left or Leg(), sweep=name)
    return name, moment(leg.newest)


def end_sweep(reading: Reading, name: str) -> None:
    """Forget what a sweep met."""
    with reading.connection.transaction():
        reading.connection.execute("delete from raw.basecamp_met where sweep = %s", (name,))


def total_of(reading: Reading, scope: Scope, projects: Sequence[int] | None = None) -> int | None:
    """The source's own count of a scope, of several projects where they are named; one request."""
    bucket = {"bucket": ",".join(map(str, projects))} if projects else {}
    asked = reading.basecamp.walk(RECORDINGS, scope.params | bucket)
    for _ in asked.each_page():
        break
    return asked.total


def _go(reading: Reading, scope: Scope, leg: Leg, sweep: str | None) -> tuple[int | None, Leg]:
    """Walk one leg to its end; once more from the top when the page at which it should go on is no good."""
    try:
        return _walk(reading, scope, leg, sweep)
    except _Lost as lost:
        log.info("%s: %s; it starts again at the newest.", scope.told, lost)
        return _walk(reading, scope, Leg(stop=leg.stop), sweep)


def _walk(reading: Reading, scope: Scope, leg: Leg, sweep: str | None) -> tuple[int | None, Leg]:
    entry = warehouse.Entry(sweep or f"fetch {scope.key}", SOURCE, "raw.basecamp_items")
    overlap = timedelta(minutes=reading.run.config.settings.reading.basecamp_overlap_minutes)
    until = moment(leg.stop)
    until = until - overlap if until else None
    progress = Progress(scope.told, leg.read, reading.clock)
    walked = reading.basecamp.walk(leg.page or RECORDINGS, None if leg.page else scope.params)
    pages = walked.each_page()
    waiting: list[Json] = []
    resumed = leg.page is not None
    first = not resumed
    while True:
        try:
            address, rows = next(pages)
        except StopIteration:
            break
        except Refused as refused:
            if resumed:
                raise _Lost(f"the page where it stopped is refused ({refused.status})") from refused
            raise
        if resumed and not _joins(rows, leg):
            raise _Lost("records between were removed meanwhile")
        resumed = False
        fresh = list(takewhile(lambda row: not _before(row, until), rows))
        waiting += fresh
        leg = _reached(leg, fresh, address)
        ended = len(fresh) < len(rows) or (first and _nothing_newer(rows, leg))
        first = False
        if len(waiting) >= BATCH and not ended:
            _commit(reading, scope, waiting, leg, entry, sweep, ended=False)
            progress.tell(leg.read, walked.total if until is None else None)
            waiting = []
        if ended:
            break
    entry.source_count = walked.total
    _commit(reading, scope, waiting, leg, entry, sweep, ended=True)
    return walked.total, leg


class _Lost(Exception):
    """A walk cannot go on where it stopped."""


def _commit(
    reading: Reading, scope: Scope, rows: list[Json], leg: Leg, entry: warehouse.Entry, sweep: str | None,
    *, ended: bool,
) -> None:  # fmt: skip
    rows = reading.completed(scope.kind, rows)  # its requests come before the transaction
    under_way = f"{sweep or scope.key} under way"
    connection, run = reading.connection, reading.run
    with connection.transaction():
        reading.keep(scope.kind, rows, entry)
        if sweep:
            met = {"sweep": sweep, "ids": [int(row["id"]) for row in rows]}
            warehouse.execute(connection, "10_raw/basecamp_met", met)
        if not ended:
            warehouse.move_watermark(connection, run, SOURCE, under_way, json.dumps(asdict(leg)))
        else:
            warehouse.drop_watermark(connection, SOURCE, under_way)
            mark = max(filter(None, (moment(leg.newest), moment(leg.stop))), default=None)
            if mark and not sweep:
                warehouse.move_watermark(connection, run, SOURCE, scope.key, mark.isoformat())
        warehouse.record(connection, run, entry)


def _under_way(reading: Reading, name: str) -> Leg | None:
    with reading.connection.transaction():
        kept = warehouse.watermark(reading.connection, SOURCE, f"{name} under way")
    return Leg(**json.loads(kept)) if kept else None


def _reached(leg: Leg, rows: Sequence[Json], page: str) -> Leg:
    if not rows:
        return replace(leg, page=page)
    return Leg(
        stop=leg.stop,
        newest=leg.newest or rows[0].get("updated_at"),
        oldest=rows[-1].get("updated_at") or leg.oldest,
        page=page,
        read=leg.read + len(rows),
    )


def _joins(rows: Sequence[Json], leg: Leg) -> bool:
    """Whether a page read again still reaches up to what was kept: else records above it were removed meanwhile, and
    others moved up past it unread."""
    first, oldest = moment(rows[0].get("updated_at")) if rows else None, moment(leg.oldest)
    return first is not None and (oldest is None or first >= oldest)


def _nothing_newer(rows: Sequence[Json], leg: Leg) -> bool:
    newest, mark = moment(rows[0].get("updated_at")) if rows else None, moment(leg.stop)
    return newest is not None and mark is not None and newest <= mark


def _before(row: Json, until: datetime | None) -> bool:
    at = moment(row.get("updated_at"))
    return at is not None and until is not None and at < until
