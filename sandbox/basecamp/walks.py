"""The rows of ``/projects/recordings.json`` in their order, kept until something is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sandbox.clock import Clock
from sandbox.world.account import Account, Recording

KINDS = ("Todo", "Comment", "Todolist")


@dataclass(frozen=True)
class Walk:
    """What a walk asks for; ``by`` is ``created_at`` or ``updated_at``, ``buckets`` the projects it covers."""

    kind: str
    status: str
    by: str
    descending: bool
    buckets: frozenset[int]


@dataclass
class Walks:
    """Sorting a hundred thousand rows for every page of a thousand would take longer than all the rest of a walk."""

    account: Account
    clock: Clock
    _kept: dict[Walk, list[Recording]] = field(default_factory=dict)
    _kept_at: tuple[object, ...] = ()

    def rows(self, walk: Walk) -> list[Recording]:
        """Every write moves the clock; what is removed by hand changes a number."""
        account = self.account
        at = (self.clock.now(), len(account.todos), len(account.comments), len(account.todolists))
        if at != self._kept_at:
            self._kept.clear()
            self._kept_at = at
        if walk not in self._kept:
            self._kept[walk] = self._sorted(walk)
        return self._kept[walk]

    def _sorted(self, walk: Walk) -> list[Recording]:
        account = self.account
        sources: dict[str, Mapping[int, Recording]] = {
            "Todo": account.todos,
            "Comment": account.comments,
            "Todolist": account.todolists,
        }
        rows = sources[walk.kind].values()
        found = [row for row in rows if row.status == walk.status and row.project_id in walk.buckets]
        found.sort(key=lambda row: (getattr(row, walk.by), row.id), reverse=walk.descending)
        return found
