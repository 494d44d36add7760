"""Hold a reader's answer against the truth of the messy tabs, cell by cell.

`python -m tests.samples.trackers.messy.compare --seed 1 --tabs 300` prints the share of equal cells, lost rows,
silently wrong dates, and the disagreements grouped by trap with an example each.
"""

import argparse
import unicodedata
from collections.abc import Iterable
from typing import Any

from tests.samples.trackers.messy import cells
from tests.samples.trackers.messy.account import Account, Disagreement
from tests.samples.trackers.messy.make_tabs import draw_samples
from tests.samples.trackers.messy.rows import FIELDS
from tests.samples.trackers.messy.truth import RowTruth, Sample, TabTruth

LISTS = ("rows", "rejected", "skipped")
# The flags that the contract names, by what they speak of; a reader may set others of its own.
FLAGS = {
    "date_other_month": "date",
    "date_far": "date",
    "time_unknown": "time",
    "outlet_missing": "outlet",
    "units_unknown": "work",
    "units_conflict": "work",
    "struck": "status",
    "status_unknown": "status",
    "error_cell": "status",
    "ref_conflict": "reference",
}
COLUMN_OF = {"service_date_end": "service_date", "time_from": "time", "time_to": "time", "services": "service"}
WORK = ("service", "units")


def compare(sample: Sample, answer: dict[str, Any]) -> Account:
    """The account of one spreadsheet."""
    account = Account(tabs=len(sample.tabs))
    read = {tab["tab"]: tab for tab in answer["tabs"]}
    expected, titles = [tab.tab for tab in sample.tabs], [tab["tab"] for tab in answer["tabs"]]
    account.check(expected == titles, "list of tabs", sample.client, "", expected, titles)
    for truth, sheet in zip(sample.tabs, sample.resource["sheets"], strict=True):
        _TabComparison(account, truth, read.get(truth.tab, {}), sheet).run()
    return account


class _TabComparison:
    """One tab: its truth, what was read, and what stands in its cells for the examples."""

    def __init__(self, account: Account, truth: TabTruth, read: dict[str, Any], sheet: dict[str, Any]) -> None:
        self.account, self.truth, self.read = account, truth, read
        self.where = f"tab {truth.tab!r}"
        self.grid = [row.get("values", []) for block in sheet.get("data", []) for row in block["rowData"]]
        columns = read.get("columns") or {}
        self.missed = {key for key, letter in truth.columns.items() if columns.get(key) != letter}

    def run(self) -> None:
        truth, read, account = self.truth, self.read, self.account
        trap, traps = f"tab: {truth.traps[0]}", str(truth.traps)
        account.check(truth.kind == read.get("kind"), f"kind, {trap}", self.where, traps, truth.kind, read.get("kind"))
        if truth.kind == "other":
            left = {name: len(read.get(name) or []) for name in LISTS}
            account.check(not any(left.values()), f"rows, {trap}", self.where, traps, "none", left)
            return
        month = read.get("month")
        account.check(truth.month == month, f"month, {trap}", self.where, traps, truth.month, month)
        self._heading()
        stands: dict[int, list[tuple[str, dict[str, Any]]]] = {}
        for name in LISTS:
            for entry in read.get(name) or []:
                stands.setdefault(entry["row"], []).append((name, entry))
        beyond = sorted(set(stands) - {row.row for row in truth.rows})
        account.check(not beyond, "rows below the last row", self.where, traps, [], beyond)
        for row in truth.rows:
            found = stands.get(row.row, [])
            if found or not row.optional:
                self._row(row, found)

    def _heading(self) -> None:
        said = self.read.get("header_rows") or []
        again = {row.row for row in self.truth.rows if row.traps.get("row") == "heading again"}
        holds = [row for row in said if row not in again] == self.truth.header_rows
        trap = "heading of two rows" if "heading of two rows" in self.truth.traps else "heading"
        self.account.check(holds, f"header rows, {trap}", self.where, "", self.truth.header_rows, said)
        columns = self.read.get("columns") or {}
        for key in sorted({*self.truth.columns, *columns}):
            expected, read = self.truth.columns.get(key), columns.get(key)
            rows = str([self._shown(row) for row in self.truth.header_rows])
            self.account.check(expected == read, f"column {key}, {trap}", self.where, rows, expected, read)

    def _row(self, truth: RowTruth, found: list[tuple[str, dict[str, Any]]]) -> None:
        account, shown = self.account, self._shown(truth.row)
        place = f"{self.where} row {truth.row}"
        account.rows += 1
        account.lost += [f"{place} {shown}"] * (not found)
        account.twice += [f"{place} {[name for name, _ in found]}"] * (len(found) > 1)
        stands_in, read = found[0] if found else ("nowhere", {})
        trap = self._because(f"date: {truth.traps.get('date')}", "service_date", "outlet", "service")
        trap = truth.traps.get("row", trap)
        dates, read_dates = (
            (entry.get("service_date"), entry.get("service_date_end")) for entry in (truth.entry, read)
        )
        if read_dates[0] is not None and dates != read_dates:
            account.wrong_dates.append(Disagreement(trap, place, shown, dates, read_dates))
        if stands_in != truth.stands_in:
            expected = (truth.stands_in, truth.entry.get("problems") or truth.entry.get("reason"))
            read_as = (stands_in, read.get("problems") or read.get("reason"))
            account.check(False, f"list, {trap}", place, shown, expected, read_as)
            account.cells += len(truth.entry)
            return
        account.check(True)
        if stands_in == "skipped":
            reason, said = truth.entry["reason"], read.get("reason")
            account.check(reason == said, f"reason, {trap}", place, shown, reason, said)
        elif stands_in == "rejected":
            problems, said = truth.entry["problems"], read.get("problems") or []
            account.check(set(problems) <= set(said), f"problems, {trap}", place, shown, problems, said)
        else:
            self._fields(truth, read, place)
            self._flags(truth, read, place, shown)

    def _fields(self, truth: RowTruth, read: dict[str, Any], place: str) -> None:
        for name, fields in FIELDS.items():
            columns = self._columns_behind(name, truth.traps[name])
            for key in fields:
                expected, said = truth.entry[key], read.get(key)
                words, _, shape = truth.traps[name].partition("; ")
                if key == "services" and shape and _codes(expected) == _codes(said):
                    words = shape
                if key == "services" and expected and not said:
                    below = any(other.traps.get("row") == "heading again" for other in self.truth.rows[: truth.row])
                    words = f"none read{' below a second heading' * below}"
                if key == "units":
                    words = shape or words
                trap = f"{key}: {self._because(words, *columns)}"
                shown = self._cell(truth.row, COLUMN_OF.get(key, key))
                self.account.check(_folded(key, expected) == _folded(key, said), trap, place, shown, expected, said)

    def _flags(self, truth: RowTruth, read: dict[str, Any], place: str, shown: str) -> None:
        expected, said = set(truth.entry["flags"]), set(read.get("flags") or []) & set(FLAGS)
        wrong = sorted((expected ^ said) - truth.undecided)
        verb = "missing" if set(wrong) & expected else "not expected"
        causes = {name: truth.traps[name] for flag in wrong for name in FIELDS if name == FLAGS[flag]}
        if wrong == ["error_cell"]:
            causes = {name: cause for name, cause in truth.traps.items() if "error cell" in cause}
        columns = [column for name in causes for column in self._columns_behind(name, truth.traps[name])]
        words = self._because(", ".join(cause.split("; ")[-1] for cause in causes.values()), *columns)
        trap = f"flag {', '.join(wrong)} {verb}: {words}"
        self.account.check(not wrong, trap, place, shown, sorted(expected), sorted(said))

    def _columns_behind(self, name: str, trap: str) -> list[str]:
        if "row struck" in trap or "service struck" in trap:
            return ["outlet", "service"]
        columns = {"date": ["service_date"], "work": ["service", "units"], "reference": ["order_ref", "note"]}
        return columns.get(name, [name])

    def _because(self, trap: str, *columns: str) -> str:
        missed = sorted(self.missed.intersection(columns))
        return f"(missed column {', '.join(missed)})" if missed else trap

    def _shown(self, row: int) -> str:
        return str([cell.get("formattedValue", "") for cell in self.grid[row - 1]]) if row <= len(self.grid) else "[]"

    def _cell(self, row: int, key: str) -> str:
        letter = self.truth.columns.get(key)
        for index, cell in enumerate(self.grid[row - 1]):
            if cells.column_letter(index) == letter and cell:
                return f"{letter}{row} {cell.get('formattedValue', '')!r} in {self._shown(row)}"
        return self._shown(row)


def _codes(services: Any) -> list[str]:
    return sorted(part["service"] for part in services or [])


def _folded(key: str, value: Any) -> Any:
    """What the contract leaves open is evened out: the blanks and capitals of an outlet, the order of services."""
    if key == "outlet" and isinstance(value, str):
        return " ".join(unicodedata.normalize("NFKC", value).split()).casefold()
    if key == "services" and isinstance(value, list):
        return sorted((part["service"], part["units"] or -1) for part in value)
    return value


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
