"""Basecamp's projects: which are active, what became of those that are not, and those that cannot be seen.

Walks cover active projects only. An archived project that the register names is read list by list, once for each time
that it changed. To-dos that lie in no list can only be listed where the account answers the to-do set's `todos_url`
(basecamp-cli issue 474), so the to-do sets' own counts are held against what was read.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rekap import warehouse
from rekap.errors import Refused
from rekap.sources.basecamp import absences
from rekap.sources.basecamp.reading import SOURCE, Reading
from rekap.sources.basecamp.totals import Proof, active_projects, incomplete_projects

STATES = ("active", "archived", "trashed")
CLOSED = ({"status": "archived"}, {"status": "trashed"})
LISTS: tuple[dict[str, str], ...] = ({}, *CLOSED)
IN_EACH_STATE: tuple[dict[str, str], ...] = ({}, {"completed": "true"}, *CLOSED)
log = logging.getLogger(__name__)
Json = dict[str, Any]


def read_list(reading: Reading, kind: str, path: str, params: Mapping[str, str] | None = None) -> None:
    """A list that is short enough to be read whole each time."""
    walk = reading.basecamp.walk(path, params)
    _keep(reading, kind, (params or {}).get("status", "active"), list(walk), walk.total)


def read_active(reading: Reading, *, whole: bool, weekly: bool = False) -> None:
    """The list of active projects, newest first. Unless it must be read whole, its first page is enough when it names
    no new one and the list is as long as it was. One that left it was archived or trashed, or is out of sight: ask
    which."""
    walk = reading.basecamp.walk("/projects.json")
    rows: list[Json] = []
    known = set(active_projects(reading))
    for _, page in walk.each_page():
        rows += page
        if not whole and walk.total == len(known) and {int(row["id"]) for row in page} <= known:
            _keep(reading, "project", "active", rows, walk.total)
            return
    _keep(reading, "project", "active", rows, walk.total)
    with reading.connection.transaction():
        unseen = warehouse.execute(
            reading.connection, "10_raw/basecamp_projects_unseen",
            {"seen": [int(row["id"]) for row in rows], "weekly": weekly},
        )  # fmt: skip
    absences.settle(reading, "project", [row["id"] for row in unseen], weekly=weekly)


def _keep(reading: Reading, kind: str, status: str, rows: list[Json], total: int | None) -> None:
    entry = warehouse.Entry(f"fetch {kind} {status}", SOURCE, "raw.basecamp_items", source_count=total)
    with reading.connection.transaction():
        reading.keep(kind, rows, entry)
        warehouse.record(reading.connection, reading.run, entry)


def read_closed(reading: Reading) -> None:
    """The lists of archived and of trashed projects."""
    for status in ("archived", "trashed"):
        read_list(reading, "project", "/projects.json", {"status": status})


def look_at_register(reading: Reading, proof: Proof, *, daily: bool) -> None:
    """Each project that a client's scope names must be seen; an archived one is read list by list when it changed, and
    once a day while its counts do not fit."""
    doubted = set(incomplete_projects(reading))
    wanted: dict[int, list[str]] = {}
    for client in reading.run.config.register.clients:
        for scope in client.scopes:
            wanted.setdefault(scope.project_id, []).append(client.slug)
    with reading.connection.transaction():
        known = {
            row["id"]: row
            for row in warehouse.execute(
                reading.connection, "10_raw/basecamp_projects_known", {"ids": sorted(wanted)}
            )
        }  # fmt: skip
    for project, clients in wanted.items():
        row = known.get(project)
        if row is None or row["is_missing"] or row["status"] not in STATES:
            proof.off(
                project,
                f"project {project} of client {', '.join(dict.fromkeys(clients))} cannot be seen by Rekap's Basecamp"
                " user: add that user to the project, or correct project_id in clients.yaml",
            )
        elif row["status"] == "archived" and _is_unread(reading, row["payload"], daily=daily):
            _read_archived(reading, row["payload"], proof)
        elif row["status"] == "trashed" and project in doubted:
            proof.counted.add(project)


def _is_unread(reading: Reading, project: Json, *, daily: bool) -> bool:
    with reading.connection.transaction():
        read = warehouse.watermark(reading.connection, SOURCE, f"archived project {project['id']}")
    version, _, doubt = (read or "").partition(" ")
    return version != project.get("updated_at") or (bool(doubt) and daily)


def _read_archived(reading: Reading, project: Json, proof: Proof) -> None:
    number = int(project["id"])
    scope, version = f"archived project {number}", str(project.get("updated_at"))
    log.info("project %d is archived: its lists are read one by one.", number)
    todos: dict[int, Json] = {}
    lists: list[Json] = []
    holders: list[str] = []
    expected = 0
    for tool in project.get("dock") or []:
        if tool.get("name") != "todoset":
            continue
        todoset = reading.basecamp.get(f"/todosets/{tool['id']}.json")
        expected += _counted(todoset)
        holders.append(f"/todosets/{tool['id']}")
        for todolist in _walked(reading, f"/todosets/{tool['id']}/todolists.json", LISTS):
            lists += [todolist, *_walked(reading, f"/todolists/{todolist['id']}/groups.json", LISTS)]
    holders += [f"/todolists/{each['id']}" for each in lists]
    for holder in holders:
        todos |= {int(row["id"]): row for row in _walked(reading, f"{holder}/todos.json", IN_EACH_STATE)}
    comments = [
        row
        for todo in todos.values()
        if todo.get("comments_count")
        for row in _walked(reading, f"/recordings/{todo['id']}/comments.json", ({},))
    ]
    kept = warehouse.Entry(f"fetch {scope} lists", SOURCE, "raw.basecamp_items")
    entry = warehouse.Entry(f"fetch {scope}", SOURCE, "raw.basecamp_items", source_count=expected or None)
    whole = reading.completed("todo", list(todos.values()))
    with reading.connection.transaction():
        reading.keep("todolist", lists, kept)
        reading.keep("todo", whole, entry)
        reading.keep("comment", comments, entry)
        warehouse.record(reading.connection, reading.run, kept)
        warehouse.record(reading.connection, reading.run, entry)
    # What was known and stands in no list that could be read, such as to-dos outside any list: each is asked for.
    absences.settle(reading, "todo", sorted(_held(reading, number) - todos.keys()), weekly=False)
    held = len(_held(reading, number))
    if held < expected:
        proof.off(
            number,
            f"project {number} is archived; Basecamp counts {expected} to-dos in it, read were {held}: those that lie"
            " in no list cannot be listed while it is archived; make it active for one run",
        )
        version += " doubted"
    proof.counted.add(number)
    with reading.connection.transaction():
        warehouse.move_watermark(reading.connection, reading.run, SOURCE, scope, version)


def _held(reading: Reading, project: int) -> set[int]:
    with reading.connection.transaction():
        rows = warehouse.execute(reading.connection, "10_raw/basecamp_in_project", {"project": project})
    return {row["id"] for row in rows}


def _walked(reading: Reading, path: str, ways: Sequence[Mapping[str, str]]) -> Iterator[Json]:
    """The rows of a list in each of these ways; none where the source knows no such list."""
    for params in ways:
        try:
            yield from reading.basecamp.walk(path, params)
        except Refused as refused:
            if refused.status != 404:
                raise
            return


def _counted(todoset: Json) -> int:
    """To-dos of a to-do set by its own `completed_ratio`, such as `14/60`; 0 when it does not say."""
    whole = str(todoset.get("completed_ratio") or "").partition("/")[2]
    return int(whole) if whole.isdigit() else 0
