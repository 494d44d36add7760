"""Draw messy tracker tabs together with what they mean.

`python -m tests.samples.trackers.messy.make_tabs --seed 1 --tabs 300 --out FOLDER` writes each spreadsheet as
`NNN.json` (Sheets API v4) with `NNN.expected.json` (the tracker reading contract) beside it.
"""

import argparse
import json
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

from tests.samples.trackers.messy import cells, layouts, rows, traps
from tests.samples.trackers.messy.dates import MONTH_WORDS
from tests.samples.trackers.messy.orders import BRANDS, draw_order, outlets
from tests.samples.trackers.messy.truth import RowTruth, Sample, TabTruth

NAMES_WITHOUT_MONTH = ["Tracker", "Data Order", "Jadwal Service", "Sheet1", "List AC"]


@dataclass
class _Tab:
    """A tab while it is written, row by row from the top."""

    grid: dict[tuple[int, int], cells.Cell] = field(default_factory=dict)
    merges: list[cells.Merge] = field(default_factory=list)
    truths: list[RowTruth] = field(default_factory=list)
    height: int = 0

    def add(self, row: rows.DrawnRow) -> None:
        self.grid |= {(self.height, column): cell for column, cell in row.cells.items()}
        self.height += 1
        self.truths.append(RowTruth(self.height, row.stands_in, row.entry, row.traps, row.undecided))

    def skip(self, trap: str, reason: str, written: dict[int, cells.Cell]) -> None:
        self.add(rows.DrawnRow(written, "skipped", {"reason": reason}, {"row": trap}))


def draw_samples(seed: int, tabs: int) -> Iterator[Sample]:
    """Spreadsheets of one to six tabs, until there are at least `tabs` tabs; the same seed gives the same ones."""
    drawn = 0
    number = 0
    while drawn < tabs:
        sample = _draw_spreadsheet(Random(f"{seed}/{number}"))
        drawn += len(sample.tabs)
        number += 1
        yield sample


def _draw_spreadsheet(rng: Random) -> Sample:
    client = rng.choice(list(BRANDS))
    first = rng.choice([2025 * 12 + 10, 2025 * 12 + 11, 2026 * 12 + 10, 2026 * 12 + 11, *range(2026 * 12, 2027 * 12)])
    months = [divmod(first + step, 12) for step in range(rng.choice([1, 1, 2, 3]))]
    year, month = months[-1][0], months[-1][1] + 1
    as_of = date(year, month, rng.randint(1, monthrange(year, month)[1]))
    sheets: list[dict[str, Any]] = []
    truths: list[TabTruth] = []

    def place(name: str, grid: dict[tuple[int, int], cells.Cell], truth: TabTruth, **more: Any) -> None:
        if name not in [known.tab for known in truths]:
            sheets.append(cells.sheet(name, len(sheets), grid, **more))
            truths.append(truth)

    for year, index in months:
        named = rng.random() < 0.85
        name, trap = (
            _name(rng, year, index + 1, as_of) if named else (rng.choice(NAMES_WITHOUT_MONTH), "no month in the name")
        )
        tab, truth, more = _draw_month(
            rng, client, year, index + 1, name, named, with_orders=rng.random() < 0.95 or not named
        )
        truth.traps.insert(0, trap)
        place(name, tab.grid, truth, merges=tab.merges, **more)
        if named and rng.random() < 0.08:
            tab, truth, more = _draw_month(rng, client, year, index + 1, f"{name} (2)", True)
            truth.traps.insert(0, "suffix (2)")
            place(truth.tab, tab.grid, truth, merges=tab.merges, **more)
    year, index = months[0]
    for name, chance, hidden in (("Template", 0.2, False), ("Copy of ", 0.15, False), ("", 0.15, True)):
        if rng.random() < chance:
            title = name if name == "Template" else name + _name(rng, year, index + 1, as_of)[0]
            tab, _, more = _draw_month(rng, client, year, index + 1, title, True)
            trap = "hidden tab" if hidden else f"tab {name.strip()}"
            place(title, tab.grid, TabTruth(title, "other", traps=[trap]), merges=tab.merges, hidden=hidden, **more)
    if rng.random() < 0.2:
        place("Sheet1", traps.prose(rng), TabTruth("Sheet1", "other", traps=["tab of prose"]))
    if rng.random() < 0.15:
        place("List Outlet", traps.master_list(client), TabTruth("List Outlet", "other", traps=["list of outlets"]))
    resource = cells.spreadsheet(f"Tracker {BRANDS[client]}", sheets, rng.choice(["in_ID", "id_ID", "en_US", "en_GB"]))
    return Sample(resource, client, as_of, outlets(client), truths)


def _name(rng: Random, year: int, month: int, as_of: date) -> tuple[str, str]:
    """A tab's name that says its month, and the name of its shape."""
    word = rng.choice(MONTH_WORDS[month - 1])
    shapes = {
        "AGT 26": f"{word.upper()} {year % 100}",
        "Agustus 2026": f"{word} {year}",
        "AGT'26": f"{word.upper()}'{year % 100}",
        "Agt-26": f"{word}-{year % 100}",
        "Jadwal Agustus 2026": f"Jadwal {word} {year}",
        "Tracker AGT 26": f"Tracker {word.upper()} {year % 100}",
        "Agustus  2026 with blanks": f" {word}  {year} ",
    }
    if abs(as_of.year * 12 + as_of.month - year * 12 - month) <= 4:
        shapes |= {"Agustus": word, "AGUSTUS": word.upper()}
    shape = rng.choice(list(shapes))
    return shapes[shape], f"name like {shape}"


def _draw_month(
    rng: Random, client: str, year: int, month: int, name: str, named: bool, with_orders: bool = True
) -> tuple[_Tab, TabTruth, dict[str, Any]]:
    """A month's tab: what is written, what it means, and which rows and columns are hidden."""
    layout = layouts.draw_layout(rng, year, month, named)
    tab = _Tab()
    for row in layouts.title_rows(rng, client, layout):
        tab.skip("title" if row else "blank above the heading", "title" if row else "blank", row)
    header_rows = _write_heading(tab, layout, "heading")
    if rng.random() < 0.1:
        tab.skip("blank below the heading", "blank", {})
    place = _write_orders(rng, tab, layout, client, rng.randint(10, 28)) if with_orders else 1
    if with_orders and rng.random() < 0.6:
        tab.skip(*traps.total(rng, layout, place))
    if with_orders and rng.random() < 0.25:
        tab.skip("blank", "blank", {})
        tab.skip(*traps.note(rng, layout, place))
    if not with_orders or rng.random() < 0.25:
        for step in range(rng.randint(2, 6)):
            row = traps.prefilled(rng, layout, place + step)
            if row:
                tab.skip("prefilled below the last order", "blank", row)
    if rng.random() < 0.5:
        tab.grid = {place: cells.formatted(cell) for place, cell in tab.grid.items()}
    for row in reversed(tab.truths):
        if row.entry.get("reason") != "blank":
            break
        row.optional = True
    truth = TabTruth(name, "month", f"{year}-{month:02}", header_rows, layout.letters(), tab.truths, layout.traps)
    hidden_rows = {}
    if rng.random() < 0.2:
        hidden = rng.sample(range(tab.height), min(3, tab.height))
        hidden_rows = {row: rng.choice(["hiddenByUser", "hiddenByFilter"]) for row in hidden}
    hidden_columns = (rng.choice(layout.columns).index,) if rng.random() < 0.15 else ()
    truth.traps += ["no orders"] * (not with_orders) + ["hidden rows"] * bool(hidden_rows)
    truth.traps += ["hidden column"] * bool(hidden_columns)
    return tab, truth, {"hidden_rows": hidden_rows, "hidden_columns": hidden_columns}


def _write_heading(tab: _Tab, layout: layouts.Layout, trap: str) -> list[int]:
    """Write the heading and return its rows."""
    top = tab.height
    written, merges = layouts.heading_cells(layout)
    for row in written:
        tab.skip(trap, "header", row)
    tab.merges += [(top + first, top + after, left, right) for first, after, left, right in merges]
    return list(range(top + 1, tab.height + 1))


def _write_orders(rng: Random, tab: _Tab, layout: layouts.Layout, client: str, count: int) -> int:
    """Write about `count` orders with other rows between them; returns the next running number."""
    calendar = layout.calendar
    orders = [draw_order(rng, client, calendar.year, calendar.month) for _ in range(count)]
    if rng.random() < 0.7:
        orders.sort(key=lambda order: order.on)
    repeat_at = rng.randrange(3, count) if rng.random() < 0.15 else None
    place = 1
    while orders:
        if repeat_at is not None and place >= repeat_at:
            _write_heading(tab, layout, "heading again")
            repeat_at = None
        if place > 1 and rng.random() < 0.1:
            tab.skip(*traps.draw_row(rng, layout, place))
        if len(orders) > 3 and rng.random() < 0.08:
            block = [orders.pop(0) for _ in range(rng.randint(2, 3))]
            block = [replace(order, outlet=block[0].outlet) for order in block]
            drawn, merged = rows.merged_rows(rng, layout, block, place)
            tab.merges += [(tab.height, tab.height + len(drawn), column, column + 1) for column in merged]
        else:
            drawn = [rows.order_row(rng, layout, orders.pop(0), place)]
            if rng.random() < 0.03:
                drawn *= 2  # pasted twice
        for row in drawn:
            tab.add(row)
        place += len(drawn)
    return place


def main() -> None:
    """Write the samples of a seed into a folder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tabs", type=int, default=300)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    for number, sample in enumerate(draw_samples(given.seed, given.tabs)):
        for suffix, content in (("json", sample.resource), ("expected.json", sample.as_contract())):
            path = given.out / f"{number:03}.{suffix}"
            path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
