"""The account of a comparison: cells, equal cells, lost rows, silently wrong dates, disagreements by trap."""

from dataclasses import dataclass, field, fields
from typing import Any


@dataclass(frozen=True)
class Disagreement:
    """One cell that was read otherwise than expected."""

    trap: str
    where: str
    written: str
    expected: Any
    read: Any

    def __str__(self) -> str:
        return f"{self.where} {self.written}: expected {self.expected!r}, read {self.read!r}"


@dataclass
class Account:
    """What a comparison found; accounts add up with `+`, and `str` gives the readable form."""

    tabs: int = 0
    rows: int = 0
    cells: int = 0
    equal: int = 0
    disagreements: list[Disagreement] = field(default_factory=list)
    wrong_dates: list[Disagreement] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)

    @property
    def share(self) -> float:
        """The share of equal cells."""
        return self.equal / self.cells if self.cells else 1.0

    def check(self, holds: bool, *disagreement: Any) -> None:
        """Count one cell, and note the disagreement (its fields in order) where it does not hold."""
        self.cells += 1
        self.equal += holds
        if not holds:
            self.disagreements.append(Disagreement(*disagreement))

    def __add__(self, other: "Account") -> "Account":
        return Account(*(getattr(self, part.name) + getattr(other, part.name) for part in fields(self)))

    def __str__(self) -> str:
        lines = [
            f"{self.tabs} tabs, {self.rows} rows, {self.cells} cells: {self.share:.3%} equal",
            f"silently wrong dates {len(self.wrong_dates)}, lost rows {len(self.lost)}, rows twice {len(self.twice)}",
            *(f"  wrong date ({wrong.trap}): {wrong}" for wrong in self.wrong_dates[:30]),
            *(f"  lost: {lost}" for lost in self.lost[:30]),
            *(f"  twice: {twice}" for twice in self.twice[:30]),
        ]
        groups: dict[str, list[Disagreement]] = {}
        for disagreement in self.disagreements:
            groups.setdefault(disagreement.trap, []).append(disagreement)
        for trap, members in sorted(groups.items(), key=lambda group: -len(group[1])):
            lines += [f"{len(members):5} × {trap}", f"        {members[0]}"]
        return "\n".join(lines)
