"""The proof that nothing is missing: the source's own counts against what stands in the warehouse.

Account-wide counts are compared on every tick; where one does not fit, it is read once more, then counted project by
project, and the projects that are off are read from end to end. Every night each project is counted for itself, since
two projects that are off in opposite directions hide each other.
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from rekap import warehouse
from rekap.errors import Refused
from rekap.sources.basecamp import absences
from rekap.sources.basecamp.reading import ACCOUNT, SOURCE, Reading
from rekap.sources.basecamp.walks import Scope, total_of, walk

TICK = (
    Scope("Todo", "active"), Scope("Todo", "archived"), Scope("Todo", "trashed"),
    Scope("Comment", "active"), Scope("Comment", "trashed"),
)  # fmt: skip
DAILY = (Scope("Comment", "archived"),)
PROJECTS_A_COUNT = 50  # ids in one address: far below what servers take
log = logging.getLogger(__name__)


@dataclass
class Proof:
    """What is known not to be whole, each with its sentence. `unknown`: the source did not say; `counted`: projects
    that were counted for themselves; `orders`: to-dos that the source counts."""

    account: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    projects: dict[int, list[str]] = field(default_factory=dict)
    counted: set[int] = field(default_factory=set)
    orders: int = 0

    def off(self, project: int, told: str) -> None:
        self.projects.setdefault(project, []).append(told)


def compare(reading: Reading, scope: Scope, total: int | None, proof: Proof) -> None:
    """Hold the source's count of a scope against the warehouse, and repair what does not fit."""
    if scope.type == "Todo":
        proof.orders += total or 0
    if total is None:
        proof.unknown.append(f"Basecamp does not say how many {scope.told} there are (X-Total-Count is missing)")
        return
    if total == counted(reading, scope):
        return
    log.info("%s: Basecamp counts %d, read were %d: read once more.", scope.told, total, counted(reading, scope))
    total = walk(reading, scope)  # something may have been entered or trashed between reading and counting
    if total is None or total == counted(reading, scope):
        return
    off = 0
    for project in _off(reading, scope, active_projects(reading), total):
        off += _repair(reading, replace(scope, project=project), proof)
    total = total_of(reading, scope)
    found = counted(reading, scope)
    if total is not None and total - off != found:
        proof.account.append(f"{scope.told}: Basecamp counts {total}, read were {found}")


def count_projects(reading: Reading, projects: Iterable[int], scopes: Sequence[Scope], proof: Proof) -> None:
    """Count every project for itself in every scope, and repair those that are off."""
    for project in projects:
        proof.counted.add(project)
        for scope in scopes:
            own = replace(scope, project=project)
            try:
                total = total_of(reading, own)
            except Refused as refused:
                if refused.status != 404:
                    raise
                proof.off(project, f"project {project} cannot be read any more")
                break
            if total is None:
                proof.off(project, f"Basecamp does not say how many {own.told} there are (X-Total-Count is missing)")
            elif total != counted(reading, own):
                _repair(reading, own, proof)


def counted(reading: Reading, scope: Scope, projects: Sequence[int] | None = None) -> int:
    """How many records of a scope stand in the warehouse, without those that the source is known not to show."""
    among = [scope.project] if scope.project else list(projects) if projects is not None else None
    with reading.connection.transaction():
        return warehouse.count(
            reading.connection, "10_raw/basecamp_counts",
            {"kind": scope.kind, "status": scope.status, "projects": among},
        )["counted"]  # fmt: skip


def active_projects(reading: Reading) -> list[int]:
    with reading.connection.transaction():
        return [row["id"] for row in warehouse.execute(reading.connection, "10_raw/basecamp_projects_active")]


def incomplete_projects(reading: Reading) -> list[int]:
    """Projects whose last proof did not hold."""
    with reading.connection.transaction():
        rows = warehouse.execute(reading.connection, "10_raw/basecamp_incomplete", {})
    return [row["project_id"] for row in rows]


def write(reading: Reading, proof: Proof) -> None:
    """Say in ops.completeness what was proved: the account, and each project that was looked at."""
    connection, run = reading.connection, reading.run
    state = "incomplete" if proof.account else "unknown" if proof.unknown else "complete"
    told = "; ".join(proof.account + proof.unknown) or None
    with connection.transaction():
        warehouse.complete(connection, run, SOURCE, ACCOUNT, state, told, expected=proof.orders or None)
        for project in sorted(proof.counted | proof.projects.keys()):
            reasons = proof.projects.get(project)
            warehouse.complete(
                connection, run, SOURCE, f"project:{project}", "incomplete" if reasons else "complete",
                "; ".join(reasons) if reasons else None,
            )  # fmt: skip


def _repair(reading: Reading, scope: Scope, proof: Proof) -> int:
    """Read one project's scope from end to end and settle what was not met, once a day for the same difference. Returns
    by how many it is off still."""
    project = scope.project or 0
    total, found = total_of(reading, scope), counted(reading, scope)
    if total != found and not _was_tried(reading, scope, total, found):
        log.info("%s: the counts differ: read from end to end.", scope.told)
        absences.sweep(reading, scope)
        total, found = total_of(reading, scope), counted(reading, scope)
        _tried(reading, scope, total, found)
    if total is None or total == found:
        proof.counted.add(project)
        return 0
    proof.off(project, f"{scope.told}: Basecamp counts {total}, read were {found}")
    return total - found


def _was_tried(reading: Reading, scope: Scope, total: int | None, found: int) -> bool:
    """Whether reading everything did not help today: a count that never fits must not cost a sweep on every tick."""
    with reading.connection.transaction():
        told = warehouse.watermark(reading.connection, SOURCE, f"{scope.key} off")
    return told == _difference(reading, total, found)


def _tried(reading: Reading, scope: Scope, total: int | None, found: int) -> None:
    with reading.connection.transaction():
        if total == found:
            warehouse.drop_watermark(reading.connection, SOURCE, f"{scope.key} off")
        else:
            told = _difference(reading, total, found)
            warehouse.move_watermark(reading.connection, reading.run, SOURCE, f"{scope.key} off", told)


def _difference(reading: Reading, total: int | None, found: int) -> str:
    return f"{reading.run.today} {total} {found}"


def _off(reading: Reading, scope: Scope, projects: Sequence[int], total: int | None = None) -> list[int]:
    """The projects whose count does not fit, found by halves: few requests for few that are off."""
    if len(projects) > PROJECTS_A_COUNT:
        parts = [projects[at : at + PROJECTS_A_COUNT] for at in range(0, len(projects), PROJECTS_A_COUNT)]
        return [project for part in parts for project in _off(reading, scope, part)]
    if not projects:
        return []
    if total is None:
        total = total_of(reading, scope, projects)
    if total is None or total == counted(reading, scope, projects):
        return []
    if len(projects) == 1:
        return list(projects)
    middle = len(projects) // 2
    return _off(reading, scope, projects[:middle]) + _off(reading, scope, projects[middle:])
