"""Hold a reader's answer against the truth of the messy tabs, cell by cell.

`python -m tests.samples.trackers.messy.compare --seed 1 --tabs 300` prints the share of equal cells, lost rows,
silently wrong dates, and the disagreements grouped by trap with an example each.
"""

import argparse
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from tests.samples.trackers.messy import cells
from tests.samples.trackers.messy.make_tabs import draw_samples
from tests.samples.trackers.messy.rows import FIELDS
from tests.samples.trackers.messy.truth import RowTruth, Sample, TabTruth

LISTS = ("rows", "rejected", "skipped")
# The flags that the contract names; a reader may set others of its own.
FLAGS = frozenset(
    "struck units_unknown units_conflict status_unknown error_cell date_other_month date_far outlet_missing "
    "time_unknown ref_conflict".split()
)


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
    """What a comparison found; add up several with `+`."""

    cells: int = 0
    equal: int = 0
    tabs: int = 0
    rows: int = 0
    disagreements: list[Disagreement] = field(default_factory=list)
    wrong_dates: list[Disagreement] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)

    @property
    def share(self) -> float:
        """The share of equal cells."""
        return self.equal / self.cells if self.cells else 1.0

    def check(self, trap: str, where: str, written: str, expected: Any, read: Any, equal: bool | None = None) -> bool:
        """Count one cell; returns whether it is equal."""
        equal = expected == read if equal is None else equal
        self.cells += 1
        self.equal += equal
        if not equal:
            self.disagreements.append(Disagreement(trap, where, written, expected, read))
        return equal

    def __add__(self, other: "Account") -> "Account":
        return Account(*(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__))

    def __str__(self) -> str:
        lines = [
            f"{self.tabs} tabs, {self.rows} rows, {self.cells} cells: {self.share:.3%} equal",
            f"silently wrong dates {len(self.wrong_dates)}, lost rows {len(self.lost)}, rows twice {len(self.twice)}",
            *(f"  wrong date: {wrong}" for wrong in self.wrong_dates[:20]),
            *(f"  lost: {lost}" for lost in self.lost[:20]),
            *(f"  twice: {twice}" for twice in self.twice[:20]),
        ]
        groups: dict[str, list[Disagreement]] = {}
        for disagreement in self.disagreements:
            groups.setdefault(disagreement.trap, []).append(disagreement)
        for trap, members in sorted(groups.items(), key=lambda group: -len(group[1])):
            lines += [f"{len(members):5} × {trap}", f"        {members[0]}"]
        return "\n".join(lines)


def compare(sample: Sample, answer: dict[str, Any]) -> Account:
    """The account of one spreadsheet."""
    account = Account()
    read_tabs = {tab["tab"]: tab for tab in answer["tabs"]}
    sheets = {sheet["properties"]["title"]: sheet for sheet in sample.resource["sheets"]}
    titles = [tab["tab"] for tab in answer["tabs"]]
    account.check("list of tabs", sample.client, "", [tab.tab for tab in sample.tabs], titles)
    for truth in sample.tabs:
        account.tabs += 1
        _compare_tab(account, truth, read_tabs.get(truth.tab, {}), _Written(sheets[truth.tab]))
    return account


def _compare_tab(account: Account, truth: TabTruth, read: dict[str, Any], written: "_Written") -> None:
    where, trap = f"tab {truth.tab!r}", f"tab: {', '.join(truth.traps[:1])}"
    account.check(f"kind, {trap}", where, str(truth.traps), truth.kind, read.get("kind"))
    if truth.kind == "other":
        left = {name: read.get(name) for name in LISTS}
        account.check(f"rows, {trap}", where, "", {name: [] for name in LISTS}, left)
        return
    account.check(f"month, {trap}", where, str(truth.traps), truth.month, read.get("month"))
    _compare_heading(account, truth, read)
    stands: dict[int, list[tuple[str, dict[str, Any]]]] = {}
    for name in LISTS:
        for entry in read.get(name) or []:
            stands.setdefault(entry["row"], []).append((name, entry))
    known = {row.row for row in truth.rows}
    account.check("rows that are not there", where, "", [], sorted(set(stands) - known))
    for row in truth.rows:
        found = stands.get(row.row, [])
        if row.optional and not found:
            continue
        account.rows += 1
        place = f"{where} row {row.row}"
        if not found:
            account.lost.append(f"{place} {written.row(row.row)}")
        if len(found) > 1:
            account.twice.append(f"{place} {[name for name, _ in found]}")
        _compare_row(account, row, *(found[0] if found else ("nowhere", {})), place, truth.columns, written)


def _compare_heading(account: Account, truth: TabTruth, read: dict[str, Any]) -> None:
    where, traps = f"tab {truth.tab!r}", str(truth.traps)
    said = read.get("header_rows") or []
    again = {row.row for row in truth.rows if row.traps.get("row") == "heading again"}
    holds = [row for row in said if row not in again] == truth.header_rows
    account.check("header rows", where, traps, truth.header_rows, said, holds)
    columns = read.get("columns") or {}
    for key in sorted({*truth.columns, *columns}):
        account.check(f"column {key}", where, traps, truth.columns.get(key), columns.get(key))


def _compare_row(
    account: Account,
    truth: RowTruth,
    stands_in: str,
    read: dict[str, Any],
    place: str,
    columns: dict[str, str],
    written: "_Written",
) -> None:
    row_trap = truth.traps.get("row") or f"date {truth.traps['date']}"
    expected_date, read_date = _dates(truth.entry), _dates(read)
    if stands_in == "rows" and read_date[0] is not None and expected_date != read_date:
        wrong = Disagreement(row_trap, place, written.row(truth.row), expected_date, read_date)
        account.wrong_dates.append(wrong)
    if stands_in != truth.stands_in:
        read_as = (stands_in, read.get("problems") or read.get("reason"))
        expected = (truth.stands_in, truth.entry.get("problems") or truth.entry.get("reason"))
        account.check(f"list, {row_trap}", place, written.row(truth.row), expected, read_as)
        account.cells += len(truth.entry)
        return
    account.check(f"list, {row_trap}", place, "", truth.stands_in, stands_in)
    if stands_in == "skipped":
        account.check(f"reason, {row_trap}", place, written.row(truth.row), truth.entry["reason"], read["reason"])
        return
    if stands_in == "rejected":
        problems = read["problems"]
        holds = set(truth.entry["problems"]) <= set(problems)
        account.check(f"problems, {row_trap}", place, written.row(truth.row), truth.entry["problems"], problems, holds)
        return
    for name, fields in FIELDS.items():
        for key in fields:
            shown = written.cell(truth.row, columns, key)
            expected, actual = truth.entry[key], read.get(key)
            holds = _folded(key, expected) == _folded(key, actual)
            account.check(f"{key}, {name}: {truth.traps[name]}", place, shown, expected, actual, holds)
    expected_flags, flags = set(truth.entry["flags"]), FLAGS & set(read.get("flags") or [])
    for flag in sorted((expected_flags ^ flags) - truth.undecided):
        verb = "missing" if flag in expected_flags else "not expected"
        trap = f"flag {flag} {verb}, {_cause(truth, flag)}"
        account.disagreements.append(
            Disagreement(trap, place, written.row(truth.row), sorted(expected_flags), sorted(flags))
        )
    account.cells += 1
    account.equal += not (expected_flags ^ flags) - truth.undecided


def _cause(truth: RowTruth, flag: str) -> str:
    name = next((name for name in FIELDS if flag.startswith((name, name[:3]))), "work" if "unit" in flag else "status")
    return f"{name}: {truth.traps.get(name)}"


def _dates(entry: dict[str, Any]) -> tuple[str | None, str | None]:
    return entry.get("service_date"), entry.get("service_date_end")


def _folded(key: str, value: Any) -> Any:
    """What the contract leaves open is evened out: the blanks and capitals of an outlet, the order of services."""
    if key == "outlet" and isinstance(value, str):
        return " ".join(unicodedata.normalize("NFKC", value).split()).casefold()
    if key == "services" and isinstance(value, list):
        return sorted((part["service"], part["units"] or 0) for part in value)
    return value


class _Written:
    """What stands in a sheet's cells, for the examples."""

    COLUMN = {"service_date_end": "service_date", "time_from": "time", "time_to": "time", "services": "service"}

    def __init__(self, sheet: dict[str, Any]) -> None:
        self._rows = [row for block in sheet.get("data", []) for row in block.get("rowData", [])]

    def row(self, number: int) -> str:
        values = self._rows[number - 1].get("values", []) if number <= len(self._rows) else []
        return str([cell.get("formattedValue", "") for cell in values])

    def cell(self, number: int, columns: dict[str, str], key: str) -> str:
        letter = columns.get(self.COLUMN.get(key, key))
        values = self._rows[number - 1].get("values", [])
        for index, cell in enumerate(values):
            if cells.column_letter(index) == letter:
                return f"{letter}{number} {cell.get('formattedValue', '')!r}"
        return self.row(number)


def read_and_compare(samples: Iterable[Sample]) -> Account:
    """Read each sample with the product's reader and add up the accounts."""
    from rekap.sources.sheets.reader import read_spreadsheet

    account = Account()
    for sample in samples:
        answer = read_spreadsheet(
            sample.resource, client=sample.client, as_of=sample.as_of, outlet_names=sample.outlet_names
        )
        account += compare(sample, answer)
    return account


def main() -> None:
    """Print the account of a seed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tabs", type=int, default=300)
    given = parser.parse_args()
    print(read_and_compare(draw_samples(given.seed, given.tabs)))


if __name__ == "__main__":
    main()
