"""How an order becomes a row: one spelling for each column, and what the row then means by the contract."""

from dataclasses import dataclass, replace
from random import Random
from typing import Any

from tests.samples.trackers.messy import cells, dates, layouts, words, work
from tests.samples.trackers.messy.layouts import Layout
from tests.samples.trackers.messy.orders import Order
from tests.samples.trackers.messy.truth import NOTHING, Spelling

# The fields of the contract that each spelling answers for.
FIELDS = {
    "date": ("service_date", "service_date_end"),
    "time": ("time_from", "time_to"),
    "outlet": ("outlet",),
    "work": ("services", "units"),
    "status": ("status",),
    "technicians": ("technicians",),
    "reference": ("order_ref",),
}


@dataclass(frozen=True)
class DrawnRow:
    """The cells of a sheet row by 0-based column, and its truth but for the row's number."""

    cells: dict[int, cells.Cell]
    stands_in: str
    entry: dict[str, Any]
    traps: dict[str, str]
    undecided: frozenset[str] = frozenset()


def order_row(rng: Random, layout: Layout, order: Order, place: int) -> DrawnRow:
    """The row of one order."""
    trap = rng.choices(["", "struck", "one cell struck", "no outlet", "outlet error", "bare"], [86, 4, 2, 3, 1.5, 2])[0]
    spellings = _spellings(rng, layout, order)
    if trap in ("struck", "no outlet"):
        spellings["date"] = dates.sure(rng, order.on)
    if trap == "no outlet":
        spellings["outlet"] = Spelling("no outlet", flags=("outlet_missing",))
    if trap == "outlet error":
        cell = cells.error(rng.choice(["REF", "N_A"]))
        spellings["outlet"] = Spelling(
            "error cell", {"outlet": cell}, flags=("error_cell",), undecided=("outlet_missing",)
        )
    if trap == "bare":
        spellings["date"] = dates.empty(rng, order.on, layout.calendar)
        spellings["status"] = words.tick(replace(order, status=None)) if layout.check_boxes else Spelling("no status")
        spellings["date"] = replace(spellings["date"], trap="neither date nor status")
    row = _assemble(rng, layout, order, place, spellings)
    if trap == "struck":
        return _struck(rng, layout, row)
    if trap == "one cell struck":
        return _one_cell_struck(rng, layout, row)
    return row


def merged_rows(rng: Random, layout: Layout, orders: list[Order], place: int) -> tuple[list[DrawnRow], list[int]]:
    """The rows of orders at one outlet whose cells are merged downwards, and the merged columns."""
    shared = ["outlet", *rng.sample(["date", "technicians", "status"], rng.choice([0, 1, 1, 2]))]
    if layout.check_boxes:
        shared = [name for name in shared if name != "status"]
    first = orders[0]
    drawn = _spellings(rng, layout, first)
    drawn["outlet"] = _outlet(rng, first.outlet)  # no link behind it: whose would it be?
    common = {name: replace(drawn[name], trap=f"merged, {drawn[name].trap}") for name in shared}
    rows = []
    for step, order in enumerate(orders):
        same_day = replace(order, on=first.on) if "date" in shared else order
        spellings = {**_spellings(rng, layout, same_day), **common}
        if spellings["reference"].trap == "link behind the outlet":
            spellings["reference"] = Spelling("no reference")
        if step:
            spellings |= {name: replace(spelling, cells={}) for name, spelling in common.items()}
        rows.append(_assemble(rng, layout, same_day, place + step, spellings))
    keys = [{"date": "service_date"}.get(name, name) for name in shared]
    return rows, [index for key in keys if (index := layout.index(key)) is not None]


def _spellings(rng: Random, layout: Layout, order: Order) -> dict[str, Spelling]:
    has = {key: layout.index(key) is not None for key in layouts.HEADINGS}
    spellings = {
        "date": dates.spell(rng, order.on, layout.calendar),
        "time": words.time(rng, order) if has["time"] else Spelling("no time column"),
        "outlet": _outlet(rng, order.outlet),
        "work": work.spell(rng, order, has["units"]),
        "technicians": words.technicians(rng, order) if has["technicians"] else Spelling("no technician column"),
        "status": Spelling("no status column"),
    }
    if has["status"]:
        spellings["status"] = words.tick(order) if layout.check_boxes else words.status(rng, order)
    note_is_free = has["note"] and "note" not in spellings["work"].cells
    spellings["reference"] = words.reference(rng, order, has["order_ref"], note_is_free)
    if "note" in spellings["work"].cells and not has["note"]:
        spellings["work"] = work.spell(rng, replace(order, services=(("installation", 1),)), has["units"])
    if order.order_ref and not has["order_ref"] and spellings["reference"].values == {} and rng.random() < 0.3:
        url = f"https://3.basecamp.com/5551234/buckets/12345678/todos/{order.order_ref}"
        linked = {"outlet": cells.linked(spellings["outlet"].cells["outlet"], url)}
        spellings["outlet"] = replace(spellings["outlet"], cells=linked)
        spellings["reference"] = Spelling("link behind the outlet", {}, {"order_ref": order.order_ref})
    return spellings


def _outlet(rng: Random, name: str) -> Spelling:
    shapes = {
        "plain": name,
        "double blanks": name.replace(" ", "  "),
        "NBSP": name.replace(" ", "\u00a0"),
        "capitals": name.upper(),
        "blanks around": f"  {name} ",
    }
    shape = rng.choices(list(shapes), [20, 1, 1, 1, 1])[0]
    return Spelling(shape, {"outlet": cells.text(shapes[shape])}, {"outlet": name})


def _assemble(rng: Random, layout: Layout, order: Order, place: int, spellings: dict[str, Spelling]) -> DrawnRow:
    entry: dict[str, Any] = dict(NOTHING)
    row = layouts.unknown_cells(rng, layout, order, place)
    if (
        spellings["outlet"].trap in ("no outlet", "error cell")
        and spellings["reference"].trap == "link behind the outlet"
    ):
        spellings["reference"] = Spelling("no reference")
    for name in ("time", "date", "outlet", "work", "status", "technicians", "reference"):
        entry |= spellings[name].values
        row |= {index: cell for key, cell in spellings[name].cells.items() if (index := layout.index(key)) is not None}
    weekday = layout.index("Hari")
    if weekday is not None and entry["service_date"] != order.on.isoformat():
        row.pop(weekday, None)  # the contract is silent on a weekday in a column of its own
    note = layout.index("note")
    if note is not None and note not in row and rng.random() < 0.15:
        row[note] = cells.text(rng.choice(["bawa tangga", "parkir di basement", "dimajukan dari 5/8", "PIC Bu Sari"]))
    traps = {name: spelling.trap for name, spelling in spellings.items()}
    problems = sorted({problem for spelling in spellings.values() for problem in spelling.problems})
    if problems:
        return DrawnRow(row, "rejected", {"problems": problems}, traps)
    entry["flags"] = sorted({flag for spelling in spellings.values() for flag in spelling.flags})
    undecided = frozenset(flag for spelling in spellings.values() for flag in spelling.undecided)
    return DrawnRow(row, "rows", entry, traps, undecided)


def _struck(rng: Random, layout: Layout, row: DrawnRow) -> DrawnRow:
    whole = rng.random() < 0.5
    main = [layout.index("outlet"), layout.index("service")]
    written = {index: cells.struck(cell) if whole or index in main else cell for index, cell in row.cells.items()}
    flags = sorted({*row.entry["flags"], "struck"} - {"status_unknown"})
    entry = {**row.entry, "status": "cancelled", "flags": flags}
    traps = {**row.traps, "status": "whole row struck" if whole else "outlet and service struck"}
    undecided = row.undecided | {"status_unknown"}
    if row.traps["status"] == "error cell":
        undecided |= {"error_cell"}  # the error is over-ruled: the status is known
    return DrawnRow(written, "rows", entry, traps, undecided)


def _one_cell_struck(rng: Random, layout: Layout, row: DrawnRow) -> DrawnRow:
    index = rng.choice([layout.index("service_date"), layout.index("outlet"), layout.index("technicians")])
    if index is None or index not in row.cells:
        return row
    written = {**row.cells, index: cells.struck(row.cells[index])}
    traps = {**row.traps, "status": f"one cell struck, {row.traps['status']}"}
    return replace(row, cells=written, traps=traps)
