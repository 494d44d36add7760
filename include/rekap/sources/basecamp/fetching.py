"""Basecamp → raw.basecamp_items: walks sorted by updated_at, newest first, that stop at their watermark.

A quiet tick asks for six pages: to-dos in three states, comments in two, projects. People, archived projects and
comments in the third state are asked for once a day. Rows and watermark of a walk are committed together.
"""

import hashlib
import json
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

from rekap import warehouse
from rekap.errors import PermanentError, TransientError
from rekap.run import Run
from rekap.sources.basecamp.orders import moment
from rekap.sources.basecamp.reader import Reader

if TYPE_CHECKING:
    from rekap.services.basecamp import Basecamp

BATCH = 200  # rows written at a time: memory stays flat however long a walk is
MOST_LOOKED_UP = 500  # records asked for one by one in one run
SOURCE = "basecamp"
ACCOUNT = "account"
TICK = (("Todo", "active"), ("Todo", "archived"), ("Todo", "trashed"), ("Comment", "active"), ("Comment", "trashed"))
DAILY = (("Comment", "archived"),)
ROUTES = {"todo": "/todos/{}.json", "comment": "/comments/{}.json", "project": "/projects/{}.json"}
COLUMNS = ("kind", "id", "content_sha256", "payload", "updated_at")
log = logging.getLogger(__name__)
Json = dict[str, Any]


def fetch(connection: warehouse.Connection, basecamp: "Basecamp", run: Run) -> dict[str, int]:
    """Read what is new since the last run. Commits walk by walk; a walk that fails leaves the others, marks the account
    incomplete with the reason and is raised at the end. Keys: read, loaded, requests, total (to-dos at the source)."""
    connection.commit()
    before = basecamp.requests.total()
    counts = {"read": 0, "loaded": 0, "total": 0}
    try:
        daily = _is_due(connection, run)
        if daily:
            _check_robot(basecamp, run)
        _read_list(connection, basecamp, run, counts, "project", "/projects.json", {})
        if daily:
            _read_list(connection, basecamp, run, counts, "project", "/projects.json", {"status": "archived"})
            _read_list(connection, basecamp, run, counts, "person", "/people.json", {})
        differences: list[str] = []
        for kind, status in TICK + (DAILY if daily else ()):
            differences += _walk_whole(connection, basecamp, run, counts, kind, status)
        _read_lists(connection, basecamp, run, counts)
    except (TransientError, PermanentError) as error:
        connection.rollback()
        with connection.transaction():
            warehouse.complete(connection, run, SOURCE, ACCOUNT, "incomplete", str(error))
        raise
    with connection.transaction():
        if daily:
            warehouse.move_watermark(connection, run, SOURCE, "daily", run.today.isoformat())
        state = "incomplete" if differences else "complete"
        warehouse.complete(
            connection, run, SOURCE, ACCOUNT, state, "; ".join(differences) or None, expected=counts["total"]
        )
    return counts | {"requests": basecamp.requests.total() - before}


def _is_due(connection: warehouse.Connection, run: Run) -> bool:
    with connection.transaction():
        return warehouse.watermark(connection, SOURCE, "daily") != run.today.isoformat()


def _check_robot(basecamp: "Basecamp", run: Run) -> None:
    """Whose comments are Rekap's own is known by the robot's id: a wrong one would make Rekap answer itself."""
    profile = basecamp.get("/my/profile.json")
    robots = {person.basecamp_id for person in run.config.register.with_role("robot")}
    if profile.get("id") not in robots:
        raise PermanentError(
            f"the connection 'basecamp_default' signs in as {profile.get('name')} ({profile.get('id')}), who is not the"
            " person with the role robot in clients.yaml: correct basecamp_id there, or let the right user consent with"
            " `make connect-basecamp`."
        )


def _read_list(
    connection: warehouse.Connection, basecamp: "Basecamp", run: Run, counts: dict[str, int], kind: str, path: str,
    params: Mapping[str, str],
) -> None:  # fmt: skip
    """A list that is short enough to be read whole each time."""
    step = f"fetch {kind} {params.get('status', 'active')}"
    with connection.transaction():
        entry = warehouse.Entry(step, SOURCE, "raw.basecamp_items")
        walk = basecamp.walk(path, params)
        rows = list(walk)
        _write(connection, run, kind, rows, entry, lambda batch: batch)
        entry.source_count = walk.total
        if kind == "project" and not params:
            _settle_projects(connection, basecamp, run, [int(row["id"]) for row in rows], entry)
        _note(connection, run, entry, counts)


def _settle_projects(
    connection: warehouse.Connection, basecamp: "Basecamp", run: Run, met: list[int], entry: warehouse.Entry
) -> None:
    """A project that left the list of active ones was archived or trashed, or cannot be seen any more: ask which."""
    unmet = warehouse.execute(connection, "10_raw/basecamp_projects_unseen", {"seen": met})
    settled = [_asked(basecamp, "project", row) for row in unmet]
    _write(connection, run, "project", settled, entry, lambda batch: batch)


def _asked(basecamp: "Basecamp", kind: str, row: Json) -> Json:
    """The record by itself; what was known of it with the status `gone` when the source answers 404."""
    try:
        found: Json = basecamp.get(ROUTES[kind].format(row["id"]))
    except PermanentError as error:
        if " answered 404;" not in str(error):
            raise
        return {**row["payload"], "status": "gone"}
    return found


def _walk_whole(
    connection: warehouse.Connection, basecamp: "Basecamp", run: Run, counts: dict[str, int], kind: str, status: str
) -> list[str]:
    """Walk one kind in one state up to its watermark; when the source's own count does not fit the warehouse, once more
    from end to end. What still does not fit is told."""
    name = kind.lower()
    total = _walk(connection, basecamp, run, counts, kind, status, whole=False)
    if kind == "Todo":
        counts["total"] += total or 0
    if total is None or total == _counted(connection, name, status):
        return []
    log.info("%s %s: the source counts %s, the warehouse otherwise: read once more.", status, name, total)
    total = _walk(connection, basecamp, run, counts, kind, status, whole=True)
    counted = _counted(connection, name, status)
    return [] if total in (None, counted) else [f"{status} {name}s: Basecamp counts {total}, read were {counted}"]


def _counted(connection: warehouse.Connection, kind: str, status: str) -> int:
    with connection.transaction():
        parameters = {"kind": kind, "status": status}
        return warehouse.count(connection, "10_raw/basecamp_counts", parameters)["counted"]


def _walk(
    connection: warehouse.Connection, basecamp: "Basecamp", run: Run, counts: dict[str, int], kind: str, status: str,
    *, whole: bool,
) -> int | None:  # fmt: skip
    """One walk in one transaction; returns the source's own count. A whole walk also settles what it did not meet."""
    name, scope = kind.lower(), f"{kind.lower()} {status}"
    overlap = timedelta(minutes=run.config.settings.reading.basecamp_overlap_minutes)
    with connection.transaction():
        mark = None if whole else moment(warehouse.watermark(connection, SOURCE, scope))
        entry = warehouse.Entry(f"{'sweep' if whole else 'fetch'} {scope}", SOURCE, "raw.basecamp_items")
        params = {"type": kind, "status": status, "sort": "updated_at", "direction": "desc"}
        walk = basecamp.walk("/projects/recordings.json", params)
        newest: list[datetime] = []
        met: list[int] = []

        def fresh() -> Iterator[Json]:
            for row in walk:
                at = moment(row.get("updated_at"))
                if at and not newest:
                    newest.append(at)
                if at and mark and at < mark - overlap:
                    return
                if whole:
                    met.append(int(row["id"]))
                yield row

        _write(connection, run, name, fresh(), entry, lambda batch: _completed(connection, basecamp, name, batch))
        if whole:
            _settle_unmet(connection, basecamp, run, name, status, met, entry)
        at = max([*newest, *([mark] if mark else [])], default=None)
        if at:
            warehouse.move_watermark(connection, run, SOURCE, scope, at.isoformat())
        entry.source_count = walk.total
        _note(connection, run, entry, counts)
    return walk.total


def _write(
    connection: warehouse.Connection, run: Run, kind: str, rows: Iterable[Json], entry: warehouse.Entry,
    complete: Callable[[list[Json]], list[Json]],
) -> None:  # fmt: skip
    """Stream rows into raw.basecamp_items, a batch at a time."""
    source = iter(rows)
    while batch := list(islice(source, BATCH)):
        items = ((kind, int(row["id"]), *_hashed(row), moment(row.get("updated_at"))) for row in complete(batch))
        warehouse.load(connection, "raw.basecamp_items", COLUMNS, items)
        done = warehouse.count(connection, "10_raw/basecamp_items", {"now": run.now})
        entry.received += done["received"]
        entry.loaded += done["loaded"]
        entry.unchanged += done["unchanged"]
        entry.repeated += done["repeated"]


def _completed(
    connection: warehouse.Connection, basecamp: "Basecamp", kind: str, batch: list[Json]
) -> list[Json]:  # fmt: skip
    """Rows of the walk that lack what an order needs, read one by one; what the warehouse holds already is not asked
    for again."""
    thin = [row for row in batch if kind == "todo" and _is_thin(row)]
    if not thin:
        return batch
    known = {
        row["id"]: row
        for row in warehouse.execute(
            connection, "10_raw/basecamp_known", {"kind": kind, "ids": [row["id"] for row in thin]}
        )
    }
    whole: dict[int, Json] = {}
    for row in thin:
        held = known.get(row["id"])
        if held and held["updated_at"] == moment(row.get("updated_at")) and not _is_thin(held["payload"]):
            whole[row["id"]] = held["payload"]
        else:
            whole[row["id"]] = basecamp.get(ROUTES[kind].format(row["id"]))
    return [whole.get(row["id"], row) for row in batch]


def _is_thin(row: Json) -> bool:
    return "assignees" not in row or "due_on" not in row or (bool(row.get("subtasks_count")) and "steps" not in row)


def _settle_unmet(
    connection: warehouse.Connection, basecamp: "Basecamp", run: Run, kind: str, status: str, met: list[int],
    entry: warehouse.Entry,
) -> None:  # fmt: skip
    """What stands in the warehouse with this state and was not met by a whole walk moved to another state, or is gone:
    each is asked for by itself, and only its own 404 beside its absence makes it gone."""
    unmet = warehouse.execute(connection, "10_raw/basecamp_unseen", {"kind": kind, "status": status, "seen": met})
    settled = (_asked(basecamp, kind, row) for row in unmet[:MOST_LOOKED_UP])
    _write(connection, run, kind, settled, entry, lambda batch: batch)


def _read_lists(
    connection: warehouse.Connection, basecamp: "Basecamp", run: Run, counts: dict[str, int]
) -> None:  # fmt: skip
    """Groups do not say in the to-do to which list they belong: each is asked for once, where lists decide."""
    projects = Reader(run.config.register).list_projects
    if not projects:
        return
    with connection.transaction():
        entry = warehouse.Entry("fetch todolist", SOURCE, "raw.basecamp_items")
        unknown = warehouse.execute(connection, "10_raw/basecamp_lists_unknown", {"projects": projects})
        found = (basecamp.get(f"/todolists/{row['id']}.json") for row in unknown[:MOST_LOOKED_UP])
        _write(connection, run, "todolist", found, entry, lambda batch: batch)
        _note(connection, run, entry, counts)


def _note(connection: warehouse.Connection, run: Run, entry: warehouse.Entry, counts: dict[str, int]) -> None:
    warehouse.record(connection, run, entry)
    counts["read"] += entry.received
    counts["loaded"] += entry.loaded


def _hashed(payload: Json) -> tuple[str, Json]:
    """sha256 of the canonical record, and the record without what Postgres cannot keep (NUL and lone surrogates)."""
    text = json.dumps(payload, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    clean = text.replace("\\u0000", "").encode("utf-8", "replace")
    if clean.decode() != text:
        payload = json.loads(clean)
    return hashlib.sha256(clean).hexdigest(), payload
