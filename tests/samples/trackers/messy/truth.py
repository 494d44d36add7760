"""What a generated tab means: the contract's answer, written down when each cell is drawn and never parsed.

The forms are those of the tracker reading contract. Two things stand beside them: the name of the trap that each cell
sets, and the flags that the contract leaves open for a row (a reader may set them or not).
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

NOTHING: dict[str, Any] = {
    "service_date": None,
    "service_date_end": None,
    "time_from": None,
    "time_to": None,
    "outlet": None,
    "services": [],
    "units": None,
    "status": None,
    "technicians": [],
    "order_ref": None,
}


@dataclass(frozen=True)
class Spelling:
    """One or more cells of a row, by the key of their column, and what they mean in the fields of the contract."""

    trap: str
    cells: dict[str, dict[str, Any]] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    undecided: tuple[str, ...] = ()


@dataclass
class RowTruth:
    """Where a sheet row must stand (`rows`, `rejected` or `skipped`) and its entry there.

    `traps` names the trap by field; `optional` marks a prefilled row below the last row with content, which a reader
    may leave out ("to the last non-empty row" can be read both ways for it).
    """

    row: int
    stands_in: str
    entry: dict[str, Any]
    traps: dict[str, str]
    undecided: frozenset[str] = frozenset()
    optional: bool = False


@dataclass
class TabTruth:
    """A tab's answer; `traps` says what is special about the tab as a whole."""

    tab: str
    kind: str
    month: str | None = None
    header_rows: list[int] = field(default_factory=list)
    columns: dict[str, str] = field(default_factory=dict)
    rows: list[RowTruth] = field(default_factory=list)
    traps: list[str] = field(default_factory=list)

    def as_contract(self) -> dict[str, Any]:
        """The tab in the contract's JSON form."""
        answer: dict[str, Any] = {
            "tab": self.tab,
            "kind": self.kind,
            "month": self.month,
            "header_rows": self.header_rows,
            "columns": self.columns,
            "rows": [],
            "rejected": [],
            "skipped": [],
        }
        for truth in self.rows:
            answer[truth.stands_in].append({"row": truth.row, **truth.entry})
        return answer


@dataclass
class Sample:
    """One spreadsheet with what the reader is given beside it and the answer it must come to."""

    resource: dict[str, Any]
    client: str
    as_of: date
    outlet_names: list[str]
    tabs: list[TabTruth]

    def as_contract(self) -> dict[str, Any]:
        """The whole expectation in the contract's JSON form."""
        return {"client": self.client, "tabs": [tab.as_contract() for tab in self.tabs]}
