"""Rows that hold no order, and tabs that are no tracker."""

from random import Random

from tests.samples.trackers.messy import cells, layouts
from tests.samples.trackers.messy.layouts import Layout
from tests.samples.trackers.messy.orders import outlets

Row = tuple[str, str, dict[int, cells.Cell]]  # trap, the contract's reason, cells

NOTES = [
    "Catatan: mohon konfirmasi H-1",
    "NB: teknisi wajib pakai seragam",
    "NB: 17 Agustus libur, tidak ada kunjungan",
    "*) harga belum termasuk PPN",
    "Ket: hijau = selesai, merah = batal",
    "Catatan : outlet mall hanya bisa setelah tutup",
]
WEEK_LABELS = ["MINGGU 1", "MINGGU 2", "Minggu ke-3", "MINGGU KE 4", "Week 2", "WEEK 1"]
TOTALS = ["TOTAL", "Total", "JUMLAH", "Grand Total", "TOTAL UNIT", "Jumlah"]


def draw_row(rng: Random, layout: Layout, place: int) -> Row:
    """A row without an order, for between the orders; `place` is its running number where it has one."""
    kinds = [_blank, _blank, _coloured, _number_alone, _lines, _total, _week, _note]
    return rng.choice(kinds)(rng, layout, place)


def total(rng: Random, layout: Layout, place: int) -> Row:
    """The total below the orders."""
    return _total(rng, layout, place)


def note(rng: Random, layout: Layout, place: int) -> Row:
    """A note below the orders."""
    return _note(rng, layout, place)


def prefilled(rng: Random, layout: Layout, place: int) -> dict[int, cells.Cell]:
    """A row that waits for an order: its running number and its unticked box, where the tab has them."""
    row = layouts.number_cell(rng, layout, place)
    status = layout.index("status")
    if layout.check_boxes and status is not None:
        row[status] = cells.box(False)
    return row


def prose(rng: Random) -> dict[tuple[int, int], cells.Cell]:
    """A tab of notes."""
    lines = [
        "Catatan rapat dengan klien",
        "- harga naik mulai bulan depan",
        "- minta foto sebelum dan sesudah",
        "- outlet Tebet renovasi sampai selesai",
        "Bu Sari: 0812-3456-7890",
        "password wifi kantor: tanya admin",
        "Tolong jangan dihapus",
    ]
    rows = rng.sample(lines, rng.randint(3, len(lines)))
    return {(place * rng.choice([1, 1, 2]), rng.choice([0, 0, 1])): cells.text(line) for place, line in enumerate(rows)}


def master_list(client: str) -> dict[tuple[int, int], cells.Cell]:
    """A tab with the client's outlets: headings that a tracker also has, but no work and no dates."""
    grid = {(0, place): cells.text(heading) for place, heading in enumerate(["No", "Outlet", "Alamat", "PIC"])}
    for place, name in enumerate(outlets(client), start=1):
        row = [cells.number(place), cells.text(name), cells.text("Jl. Melati No. 12"), cells.text("Bu Sari")]
        grid |= {(place, column): cell for column, cell in enumerate(row)}
    return grid


def _blank(rng: Random, layout: Layout, place: int) -> Row:
    return ("blank, prefilled" if prefilled(rng, layout, place) else "blank"), "blank", prefilled(rng, layout, place)


def _coloured(rng: Random, layout: Layout, place: int) -> Row:
    colour = {"effectiveFormat": {"backgroundColor": cells.GREY}}
    return "coloured separator", "blank", {column.index: dict(colour) for column in layout.columns}


def _number_alone(rng: Random, layout: Layout, place: int) -> Row:
    row = layouts.number_cell(rng, layout, place)
    return ("running number alone" if row else "blank"), "blank", row


def _lines(rng: Random, layout: Layout, place: int) -> Row:
    line = rng.choice(["-----", "=======", "──────", "_____"])
    wanted = layout.columns if rng.random() < 0.5 else layout.columns[:1]
    return "drawn lines", "blank", {column.index: cells.text(line) for column in wanted}


def _total(rng: Random, layout: Layout, place: int) -> Row:
    label = rng.choice(TOTALS)
    units = layout.index("units")
    homes = [layout.columns[0].index, layout.index("outlet"), layout.index("service")]
    home = rng.choice([index for index in homes if index is not None and index != units] or [layout.index("outlet")])
    row = {home: cells.text(label)}
    if units is not None:
        row[units] = cells.computed(cells.number(rng.randint(10, 90)), "=SUM(E5:E40)")
    return f"total {label}", "total", row


def _week(rng: Random, layout: Layout, place: int) -> Row:
    homes = [layout.columns[0].index, layout.columns[0].index, layout.index("service_date"), layout.index("outlet")]
    label = rng.choice(WEEK_LABELS)
    return "week label", "note", {rng.choice(homes): cells.text(label)}


def _note(rng: Random, layout: Layout, place: int) -> Row:
    return "note", "note", {layout.columns[0].index: cells.text(rng.choice(NOTES))}
