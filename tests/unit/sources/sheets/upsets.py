"""What people do to a tracker between two readings, with the truth of which row is which.

A row of a Sheet resource carries its order under `order`, which no reader looks at; a pasted copy is the same order
once more. `Tracker.read()` gives the faces of a grid with the orders that they truly are.
"""

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from random import Random
from typing import Any

from rekap.sources.sheets.faces import Faces
from rekap.sources.sheets.identity import Face, match
from rekap.sources.sheets.reader import Tab, read_tabs
from rekap.vocabulary import outlets
from sandbox.world import build, words
from tests.unit.sources.sheets.drawing import cell, sheet, spreadsheet

TODAY = date(2026, 10, 6)
HEADINGS = ["No", "Tanggal", "Jam", "Outlet", "Layanan", "Unit", "Teknisi", "Status", "No Order", "Keterangan"]
TECHNICIANS = ("Budi", "Andi", "Joko", "Slamet", "Rahmat", "Dedi", "Agus", "Wawan")
NOTES = ("tolong kabari dulu", "akses via lobby", "unit lama", "garansi 30 hari", "minta invoice", "lantai 2")
AREAS = (
    "BSD", "Bintaro", "Kemang", "Cipete", "Menteng", "Tebet", "Kelapa Gading", "Pluit", "Serpong", "Depok", "Cibubur",
    "Bekasi", "Karawaci", "Fatmawati", "Senopati", "Sudirman", "Kuningan", "Pondok Indah", "Cinere", "Sunter",
)  # fmt: skip


@dataclass
class Tracker:
    """A spreadsheet; `spellings`: outlet → how people write it; `outlet_of`: order → its outlet."""

    resource: dict[str, Any]
    spellings: dict[str, list[str]]
    outlet_of: dict[int, str] = field(default_factory=dict)
    fresh: int = 10_000_000
    read_tabs: list[Tab] | None = None  # as long as nothing was done to it

    def copy(self) -> "Tracker":
        return Tracker(
            copy.deepcopy(self.resource), self.spellings, dict(self.outlet_of), self.fresh, read_tabs=self.read_tabs
        )

    def aliases(self) -> dict[str, str]:
        return {outlets.normalise(name): code for code, names in self.spellings.items() for name in names}

    def tabs(self) -> list[Tab]:
        if self.read_tabs is None:
            self.read_tabs = read_tabs(self.resource, as_of=TODAY, outlet_names=self.aliases())
        return self.read_tabs

    def read(self) -> tuple[list[tuple[Face, int]], int]:
        """(face, order) of every order row that the reader sees, and the number that it does not see."""
        faces, tabs = Faces(self.aliases(), {}), self.tabs()
        found = []
        for tab in tabs:
            lines = self.lines(tab.sheet_id)
            for row in (*tab.lines.rows, *tab.lines.rejected):
                if order := lines[row.row - 1].get("order"):
                    found.append((faces.of_row(tab.sheet_id, row), order))
        written = sum("order" in line for tab in tabs for line in self.lines(tab.sheet_id))
        return found, written - len(found)

    def sheet(self, sheet_id: int) -> dict[str, Any]:
        made: dict[str, Any] = next(s for s in self.resource["sheets"] if s["properties"]["sheetId"] == sheet_id)
        return made

    def lines(self, sheet_id: int) -> list[dict[str, Any]]:
        made: list[dict[str, Any]] = self.sheet(sheet_id)["data"][0].get("rowData", [])
        return made

    def months(self) -> list[Tab]:
        return [tab for tab in self.tabs() if tab.kind == "month" and tab.header and tab.lines.rows]

    def columns(self, tab: Tab) -> dict[str, int]:
        assert tab.header is not None
        return tab.header.columns


def of_the_sandbox(seed: int) -> list[Tracker]:
    """Every client's tracker of a world of the sandbox."""
    world = build(seed, clients=6, orders_per_month=60)
    trackers = []
    for client in world.clients:
        made = Tracker(
            world.spreadsheets[client.spreadsheet_id], {o.code: [o.name, *o.aliases] for o in client.outlets}
        )
        for number, order in enumerate(world.orders, start=1):
            if order.row and order.row[0] == client.spreadsheet_id:
                made.lines(order.row[1])[order.row[2] - 1]["order"] = number
                made.outlet_of[number] = order.outlet.code
        trackers.append(made)
    return trackers


def large(seed: int, rows: int = 3000, tabs: int = 6, outlets: int = 120, referenced: float = 0.5) -> Tracker:
    """A chain's tracker: two cleaning rounds a month through every outlet, and repairs between them."""
    rng = Random(seed)
    named = {
        f"KS-{n:03}": [
            f"Kopi Senja {AREAS[n % len(AREAS)]} {n // len(AREAS) + 1}",
            f"KS {AREAS[n % len(AREAS)]} {n // len(AREAS) + 1}",
        ]
        for n in range(outlets)
    }
    made = Tracker(spreadsheet(), named)
    order = 0
    for number in range(tabs):
        month = date(2026, 5 + number, 1)
        orders = []
        for turn in (0, 14):
            for n, outlet in enumerate(named):
                orders.append((month + timedelta(days=turn + n * 12 // outlets), outlet, "cleaning", 2 + n % 5))
        while len(orders) < rows // tabs:
            work = rng.choice(("repair", "repair", "inspection", "freon_topup", "part_replacement", "cleaning"))
            orders.append((month + timedelta(days=rng.randrange(28)), rng.choice(list(named)), work, rng.randint(1, 4)))
        lines: list[list[Any]] = [["TRACKER"], HEADINGS]
        uids = []
        for at, (day, outlet, service, units) in enumerate(sorted(orders), start=1):
            order += 1
            made.outlet_of[order] = outlet
            uids.append(order)
            lines.append(
                [
                    at, day, f"{rng.randint(8, 17)}.00", rng.choice(named[outlet]),
                    rng.choice(words.TRACKER_SERVICES[service]), units, rng.choice(TECHNICIANS),
                    "Selesai" if day < TODAY else rng.choice(("Terjadwal", None)),
                    7_000_000 + order if rng.random() < referenced else None,
                    rng.choice(NOTES) if rng.random() < 0.15 else None,
                ]
            )  # fmt: skip
        tab = sheet(f"{words.TAB_MONTHS[month.month - 1]} 26", lines, sheet_id=number + 1)
        for line, uid in zip(tab["data"][0]["rowData"][2:], uids, strict=True):
            line["order"] = uid
        made.resource["sheets"].append(tab)
    return made


def edit_a_quarter(tracker: Tracker, rng: Random, share: float = 0.25) -> None:
    """Each cell that people edit is edited with this probability."""
    for tab in tracker.months():
        columns, lines = tracker.columns(tab), tracker.lines(tab.sheet_id)
        merged = _merged(tracker, tab)
        for row in (*tab.lines.rows, *tab.lines.rejected):
            line = lines[row.row - 1]
            if "order" not in line:
                continue
            for name, edited in EDITS.items():
                at = columns.get(name, -1)
                if at < 0 or rng.random() >= share or (row.row - 1, at) in merged:
                    continue
                values = line.setdefault("values", [])
                values.extend({} for _ in range(at + 1 - len(values)))
                value = edited(tracker, rng, row, line["order"], values[at])
                if value is not KEEP:
                    values[at] = cell(value)


KEEP = object()
Edit = Callable[[Tracker, Random, Any, int, dict[str, Any]], Any]


def _merged(tracker: Tracker, tab: Tab) -> set[tuple[int, int]]:
    """Cells below the first one of a merge: nobody can type there."""
    return {
        (row, column)
        for merge in tracker.sheet(tab.sheet_id).get("merges", [])
        for row in range(merge["startRowIndex"] + 1, merge["endRowIndex"])
        for column in range(merge["startColumnIndex"], merge["endColumnIndex"])
    }


def _date(tracker: Tracker, rng: Random, row: Any, order: int, old: dict[str, Any]) -> Any:
    if row.read.service_date is None:
        return KEEP
    day = row.read.service_date + timedelta(days=rng.choice((-3, -2, -1, 1, 2, 3)))
    return day if "numberValue" in (old.get("effectiveValue") or {}) else f"{day.day}/{day.month}/{day.year}"


def _outlet(tracker: Tracker, rng: Random, row: Any, order: int, old: dict[str, Any]) -> Any:
    name = rng.choice(tracker.spellings[tracker.outlet_of[order]])
    return rng.choice((name, name.upper(), name.replace(" ", "  ", 1), _slip(name, rng)))


def _service(tracker: Tracker, rng: Random, row: Any, order: int, old: dict[str, Any]) -> Any:
    """Mostly other words for the same work; slips of the pen; sometimes other work."""
    codes, text = [code for code, _ in row.read.services], row.cells.get("service", "")
    kind = rng.random()
    if kind < 0.5 and len(codes) == 1 and codes[0] in words.TRACKER_SERVICES:
        return rng.choice(words.TRACKER_SERVICES[codes[0]])
    if kind < 0.8:
        return _slip(text, rng)
    return f"{text}, tambah freon 1" if kind < 0.9 else rng.choice(words.TRACKER_SERVICES[rng.choice(list(WORK))])


WORK = ("repair", "inspection", "freon_topup", "cleaning")


def _slip(text: str, rng: Random) -> str:
    """One letter of a longer word left out, doubled, changed, or swapped with the next."""
    long = [word for word in text.split() if len(word) >= 5 and word.isalpha()]
    if not long:
        return text
    word = rng.choice(long)
    at = rng.randrange(1, len(word) - 1)
    wrong = rng.choice(
        (
            word[:at] + word[at + 1 :], word[:at] + word[at] + word[at:], word[:at] + "x" + word[at + 1 :],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        )
    )  # fmt: skip
    return text.replace(word, wrong, 1)


EDITS: dict[str, Edit] = {
    "service_date": _date,
    "outlet": _outlet,
    "service": _service,
    "units": lambda tracker, rng, row, order, old: max(1, (row.read.units or 1) + rng.choice((-1, 1, 2))),
    "time": lambda tracker, rng, row, order, old: f"{rng.randint(8, 17)}.{rng.choice(('00', '30'))}",
    "technicians": lambda tracker, rng, row, order, old: " / ".join(rng.sample(TECHNICIANS, rng.randint(1, 2))),
    "status": lambda tracker, rng, row, order, old: (
        not (old.get("effectiveValue") or {}).get("boolValue", False)
        if "boolValue" in (old.get("effectiveValue") or {})
        else rng.choice(words.STATUS_WORDS[rng.choice(("done", "scheduled", "on_hold"))])
    ),
    "note": lambda tracker, rng, row, order, old: rng.choice((*NOTES, None)),
}  # fmt: skip


def sort_by(name: str) -> Callable[[Tracker, Random], None]:
    """Every month's tab is sorted by a column; merges are taken apart first, as Sheets demands."""

    def sort(tracker: Tracker, rng: Random) -> None:
        falling = rng.random() < 0.5
        for tab in tracker.months():
            column = tracker.columns(tab).get(name)
            if column is None:
                continue
            _take_apart(tracker, tab)
            lines = tracker.lines(tab.sheet_id)
            places = [at for at, line in enumerate(lines) if "order" in line]
            ordered = sorted((lines[at] for at in places), key=lambda line: _sortable(line, column), reverse=falling)
            for at, line in zip(places, ordered, strict=True):
                lines[at] = line

    return sort


def _sortable(line: dict[str, Any], column: int) -> tuple[int, float, str]:
    values = line.get("values", [])
    value = (values[column] if column < len(values) else {}).get("effectiveValue") or {}
    if "numberValue" in value:
        return 0, value["numberValue"], ""
    return (1, 0, str(value.get("stringValue", value.get("boolValue", "")))) if value else (2, 0, "")


def _take_apart(tracker: Tracker, tab: Tab) -> None:
    made, lines = tracker.sheet(tab.sheet_id), tracker.lines(tab.sheet_id)
    kept = []
    for merge in made.get("merges", []):
        top, left = merge["startRowIndex"], merge["startColumnIndex"]
        if "order" not in lines[top]:
            kept.append(merge)
            continue
        for row in range(top + 1, merge["endRowIndex"]):
            values = lines[row].setdefault("values", [])
            values.extend({} for _ in range(left + 1 - len(values)))
            values[left] = copy.deepcopy(lines[top]["values"][left])
    made["merges"] = kept


def _places(tracker: Tracker, tab: Tab) -> list[int]:
    return [at for at, line in enumerate(tracker.lines(tab.sheet_id)) if "order" in line]


def insert_rows(tracker: Tracker, rng: Random) -> None:
    """One new order for every twenty: another outlet, another day, between the others."""
    for tab in tracker.months():
        _take_apart(tracker, tab)
        columns, lines = tracker.columns(tab), tracker.lines(tab.sheet_id)
        for _ in range(max(1, len(_places(tracker, tab)) // 20)):
            at = rng.choice(_places(tracker, tab))
            outlet = rng.choice(list(tracker.spellings))
            new = copy.deepcopy(lines[at])
            new["order"] = tracker.fresh = tracker.fresh + 1
            tracker.outlet_of[new["order"]] = outlet
            day = date.fromisoformat(f"{tab.month}-01") + timedelta(days=rng.randrange(28))
            told = {
                "service_date": day, "outlet": tracker.spellings[outlet][0], "order_ref": None, "note": None,
                "service": rng.choice(words.TRACKER_SERVICES[rng.choice(WORK)]), "units": rng.randint(1, 4),
                "technicians": rng.choice(TECHNICIANS), "time": f"{rng.randint(8, 17)}.00",
            }  # fmt: skip
            for name, value in told.items():
                if (column := columns.get(name)) is not None:
                    new["values"].extend({} for _ in range(column + 1 - len(new["values"])))
                    new["values"][column] = cell(value)
            lines.insert(at, new)


def delete_rows(tracker: Tracker, rng: Random) -> None:
    """One order of every twenty is taken out."""
    for tab in tracker.months():
        _take_apart(tracker, tab)
        lines, places = tracker.lines(tab.sheet_id), _places(tracker, tab)
        for at in sorted(rng.sample(places, max(1, len(places) // 20)), reverse=True):
            del lines[at]


def paste_twice(tracker: Tracker, rng: Random) -> None:
    """A block of a tenth of the orders is pasted once more, below it or at the end: the same orders twice."""
    for tab in tracker.months():
        _take_apart(tracker, tab)
        lines, places = tracker.lines(tab.sheet_id), _places(tracker, tab)
        size = max(1, len(places) // 10)
        first = rng.randrange(len(places) - size + 1)
        block = [copy.deepcopy(lines[at]) for at in places[first : first + size]]
        to = rng.choice((places[first + size - 1], places[-1])) + 1
        lines[to:to] = block


def rename_tabs(tracker: Tracker, rng: Random) -> None:
    for tab in tracker.months():
        properties = tracker.sheet(tab.sheet_id)["properties"]
        properties["title"] = rng.choice((f"{tab.month} (2)", f"{tab.title} ", f"Tracker {tab.month}"))


def move_to_next_month(tracker: Tracker, rng: Random) -> None:
    """The last tenth of each month's orders is cut out and pasted below those of the next month."""
    tabs = tracker.months()
    for tab, after in pairwise(tabs):
        _take_apart(tracker, tab)
        _take_apart(tracker, after)
        lines, places = tracker.lines(tab.sheet_id), _places(tracker, tab)
        moved = [lines.pop(at) for at in sorted(places[-max(1, len(places) // 10) :], reverse=True)]
        to = _places(tracker, after)[-1] + 1
        tracker.lines(after.sheet_id)[to:to] = reversed(moved)


UPSETS: dict[str, Callable[[Tracker, Random], None]] = {
    **{f"sorted by {name}": sort_by(name) for name in ("outlet", "service", "units", "technicians", "status", "time")},
    "sorted by date": sort_by("service_date"),
    "rows inserted": insert_rows,
    "rows deleted": delete_rows,
    "rows pasted twice": paste_twice,
    "tabs renamed": rename_tabs,
    "rows moved to the next month": move_to_next_month,
    "only edited": lambda tracker, rng: None,
}  # fmt: skip


@dataclass
class Outcome:
    """`lost`: orders that are still there and got no key while theirs is left over; `swapped`: keys that went to
    another order; `between`: those that went to another outlet; `unseen`: order rows that the reader does not see."""

    keys: int = 0
    lost: int = 0
    swapped: int = 0
    between: int = 0
    unseen: int = 0

    def __add__(self, other: "Outcome") -> "Outcome":
        return Outcome(*(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__))


def upset(
    before: Tracker, known: list[tuple[Face, int]], happening: Callable[[Tracker, Random], None], rng: Random
) -> Outcome:  # fmt: skip
    """Let it happen with a quarter of the cells edited, read, and compare the matching with the truth. `known`: what
    `before` reads as."""
    after = before.copy()
    happening(after, rng)
    after.read_tabs = None
    edit_a_quarter(after, rng)
    after.read_tabs = None
    seen, unseen = after.read()
    found = match([(number, face) for number, (face, _) in enumerate(known)], [face for face, _ in seen])
    order_of = {number: order for number, (_, order) in enumerate(known)}
    there = {order for _, order in known} & {order for _, order in seen}
    right, wrong = set(), []
    for key, (_, order) in zip(found, seen, strict=True):
        if key is None:
            continue
        if order_of[key] == order:
            right.add(order)
        else:
            wrong.append((order_of[key], order))
    keyed = right | {order for _, order in wrong}
    left_over = {order_of[key] for key in order_of.keys() - set(found)}
    between = [pair for pair in wrong if after.outlet_of[pair[0]] != after.outlet_of[pair[1]]]
    return Outcome(len(there), len((there - keyed) & left_over), len(wrong), len(between), max(0, unseen))
