"""One step that reads Basecamp: who asks, where records are kept, what was counted.

Whoever writes records or takes them up works alone, because a number of a version (`read_no`) must never become visible
after a greater one was taken up.
"""

import hashlib
import json
import logging
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rekap import warehouse
from rekap.errors import PermanentError, Refused, TransientError
from rekap.run import Run
from rekap.sources.basecamp.orders import moment

if TYPE_CHECKING:
    from rekap.services.basecamp import Basecamp

SOURCE = "basecamp"
ACCOUNT = "account"  # the scope of ops.completeness that is Basecamp as a whole
BATCH = 500  # records written at a time: memory stays flat however long a walk is
ROUTES = {"todo": "/todos/{}.json", "comment": "/comments/{}.json", "project": "/projects/{}.json"}
COLUMNS = ("kind", "id", "content_sha256", "payload", "updated_at")
LOCK = 7_135_273  # any fixed number: readings of Basecamp must not run side by side
log = logging.getLogger(__name__)
Json = dict[str, Any]


@dataclass
class Reading:
    """`clock` gives seconds and is only used to tell how fast a long walk goes."""

    connection: warehouse.Connection
    basecamp: "Basecamp"
    run: Run
    clock: Callable[[], float] = time.monotonic
    counts: Counter[str] = field(default_factory=lambda: Counter(read=0, loaded=0))

    def keep(self, kind: str, rows: Sequence[Json], entry: warehouse.Entry) -> None:
        """Write records in the caller's transaction and count them."""
        for at in range(0, len(rows), BATCH):
            items = (
                (kind, int(row["id"]), *_hashed(row), moment(row.get("updated_at"))) for row in rows[at : at + BATCH]
            )
            warehouse.load(self.connection, "raw.basecamp_items", COLUMNS, items)
            done = warehouse.count(self.connection, "10_raw/basecamp_items", {"now": self.run.now})
            entry.received += done["received"]
            entry.loaded += done["loaded"]
            entry.unchanged += done["unchanged"]
            entry.repeated += done["repeated"]
            self.counts["read"] += done["received"]
            self.counts["loaded"] += done["loaded"]

    def ask(self, kind: str, number: int) -> Json | None:
        """One record by itself; None when the source answers 404: it is purged, or out of sight."""
        try:
            found: Json = self.basecamp.get(ROUTES[kind].format(number))
        except Refused as refused:
            if refused.status != 404:
                raise
            return None
        return found

    def completed(self, kind: str, rows: Sequence[Json]) -> list[Json]:
        """To-dos that lack what an order needs are read one by one, unless the warehouse holds them as they are. One
        that vanished in between is left out: without its assignees it would look as if nobody had it."""
        thin = [row for row in rows if kind == "todo" and _is_thin(row)]
        if not thin:
            return list(rows)
        with self.connection.transaction():
            known = {
                row["id"]: row
                for row in warehouse.execute(
                    self.connection, "10_raw/basecamp_known", {"kind": kind, "ids": [row["id"] for row in thin]}
                )
            }
        whole: dict[int, Json | None] = {}
        for row in thin:
            held = known.get(row["id"])
            if held and held["updated_at"] == moment(row.get("updated_at")) and not _is_thin(held["payload"]):
                whole[row["id"]] = held["payload"]
            else:
                whole[row["id"]] = self.ask(kind, int(row["id"]))
        found = (whole.get(row["id"], row) for row in rows)
        return [row for row in found if row is not None]


def alone(connection: warehouse.Connection) -> AbstractContextManager[None]:
    """Nobody else reads Basecamp into this warehouse or takes up what was read, until this ends or its process dies."""
    return warehouse.alone(connection, LOCK, "reading Basecamp")


@contextmanager
def told(reading: Reading) -> Iterator[None]:
    """What goes wrong while Basecamp is read leaves the account incomplete, with the reason."""
    try:
        yield
    except (TransientError, PermanentError) as error:
        connection = reading.connection
        connection.rollback()
        with connection.transaction():
            warehouse.complete(connection, reading.run, SOURCE, ACCOUNT, "incomplete", str(error))
        raise


def _is_thin(row: Json) -> bool:
    return "assignees" not in row or "due_on" not in row or (bool(row.get("subtasks_count")) and "steps" not in row)


def _hashed(payload: Json) -> tuple[str, Json]:
    """sha256 of the canonical record, and the record without what Postgres cannot keep (NUL and lone surrogates)."""
    text = json.dumps(payload, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    clean = text.replace("\\u0000", "").encode("utf-8", "replace")
    if clean.decode() != text:
        payload = json.loads(clean)
    return hashlib.sha256(clean).hexdigest(), payload
