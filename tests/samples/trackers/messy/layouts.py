"""The frame of a tab: its columns and their order, the heading in one row or two, and what stands above it."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from random import Random

from tests.samples.trackers.messy import cells
from tests.samples.trackers.messy.dates import Calendar
from tests.samples.trackers.messy.orders import BRANDS, Order

# By column of the contract: the headings of the reference pages, typing errors, English ones.
HEADINGS = {
    "service_date": (
        ["Tgl", "Tanggal", "Tanggal Service", "Tgl Pengerjaan", "Jadwal", "TANGGAL", "Tgl\nPengerjaan"],
        ["Tanggl", "Tangal Service"],
        ["Date", "Service Date"],
    ),
    "time": (["Jam", "Waktu", "JAM"], ["Wkatu"], ["Time"]),
    "outlet": (
        ["Outlet", "Lokasi", "Cabang", "Store", "Nama Outlet", "OUTLET"],
        ["Outlett", "Lokas", "Nama Outet"],
        ["Outlet", "Store"],
    ),
    "service": (["Service", "Jenis Service", "Pekerjaan", "Jenis Pekerjaan", "Layanan"], ["Pekerjan"], ["Service"]),
    "units": (["Jml", "Qty", "Unit", "Jml Unit", "Jumlah Unit", "QTY"], ["Jumlah Unitt"], ["Qty", "Units"]),
    "status": (["Status", "Progress", "STATUS"], ["Statuss", "Progres"], ["Status", "Progress"]),
    "technicians": (["Teknisi", "Team", "PIC Teknisi", "TEKNISI"], ["Teknsi", "Tekhnisi"], ["Technician", "Team"]),
    "order_ref": (
        ["ID Basecamp", "Ref", "Link Basecamp", "No Order", "No. Order"],
        ["ID Bascamp"],
        ["Order ID", "Ref"],
    ),
    "note": (["Ket", "Keterangan", "Note", "Catatan", "KETERANGAN"], ["Keteragan"], ["Note", "Notes", "Remarks"]),
}
PLAIN_DATE_HEADINGS = ["Tanggal Service", "Tgl Pengerjaan"]
UNKNOWN_COLUMNS = ["Alamat", "Kota", "PIC Outlet", "No HP", "Merk AC", "Biaya", "Hari", "Tgl Order", "Invoice", "Foto"]
USUAL_ORDER = ["service_date", "time", "outlet", "service", "units", "technicians", "status", "order_ref", "note"]


@dataclass
class Column:
    """A column: its key in the contract (None where the contract knows none), its heading, and the group above it."""

    key: str | None
    heading: str
    group: str | None = None
    index: int = 0


@dataclass
class Layout:
    """The columns of one tab from left to right, with what the tab does throughout."""

    columns: list[Column]
    calendar: Calendar
    check_boxes: bool
    tall_headings: bool  # in a heading of two rows: those without a group are merged over both
    traps: list[str] = field(default_factory=list)

    def index(self, key: str) -> int | None:
        """The 0-based column of a key of the contract, or of an unknown column's heading."""
        return next((column.index for column in self.columns if key in (column.key, column.heading)), None)

    @property
    def two_rows(self) -> bool:
        """Whether the heading takes two rows."""
        return any(column.group for column in self.columns)

    def letters(self) -> dict[str, str]:
        """The contract's `columns`."""
        return {column.key: cells.column_letter(column.index) for column in self.columns if column.key}


def draw_layout(rng: Random, year: int, month: int, named: bool) -> Layout:
    """The frame of a tab of a month; `named` says whether the tab's name gives the month."""
    chances = {"time": 0.6, "units": 0.75, "technicians": 0.85, "order_ref": 0.5, "note": 0.6, "status": 0.95}
    keys = [key for key in USUAL_ORDER if rng.random() < chances.get(key, 1)]
    traps = []
    if rng.random() < 0.35:
        rng.shuffle(keys)
        traps.append("columns in any order")
    english, typos = rng.random() < 0.12, rng.random() < 0.2
    traps += ["English headings"] * english + ["typing errors in headings"] * (typos and not english)
    mistyped = rng.sample(keys, 2) if typos and not english else []
    columns = [Column(key, _heading(rng, key, english, key in mistyped)) for key in keys]
    unknown = rng.sample(UNKNOWN_COLUMNS, rng.choice([0, 0, 1, 2, 3]))
    for heading in unknown:
        columns.insert(rng.randrange(len(columns) + 1), Column(None, heading))
        traps.append(f"unknown column {heading}")
    if "Tgl Order" in unknown:
        next(column for column in columns if column.key == "service_date").heading = rng.choice(PLAIN_DATE_HEADINGS)
    if rng.random() < 0.6:
        columns.insert(0, Column(None, rng.choice(["No", "No.", "NO", "#"])))
        traps.append("running number column")
    if rng.random() < 0.3:
        traps += _group(rng, columns)
    offset = rng.choice([0, 0, 0, 1, 2])
    for place, column in enumerate(columns):
        column.index = place + offset
    calendar = Calendar(year, month, named, "time" in keys)
    return Layout(columns, calendar, "status" in keys and rng.random() < 0.15, rng.random() < 0.6, traps)


def heading_cells(layout: Layout) -> tuple[list[dict[int, cells.Cell]], list[cells.Merge]]:
    """The one or two rows of the heading, and their merges as if the heading began in row 0.

    Headings without a group are merged over both rows, or stand in the lower one.
    """
    bottom: dict[int, cells.Cell] = {column.index: cells.text(column.heading) for column in layout.columns}
    if not layout.two_rows:
        return [bottom], []
    top: dict[int, cells.Cell] = {}
    merges: list[cells.Merge] = []
    for column in layout.columns:
        if column.group is None and not layout.tall_headings:
            continue
        if column.group is None:
            top[column.index] = bottom.pop(column.index)
            merges.append((0, 2, column.index, column.index + 1))
        elif not any(other.group == column.group and other.index < column.index for other in layout.columns):
            top[column.index] = cells.text(column.group)
            merges.append((0, 1, column.index, column.index + 2))
    return [top, bottom], merges


def title_rows(rng: Random, client: str, layout: Layout) -> list[dict[int, cells.Cell]]:
    """What stands above the heading: titles, a logo, blanks. An empty dict is a blank row."""
    first = layout.columns[0].index
    brand = BRANDS[client]
    month = cells.MONTHS[layout.calendar.month - 1] if layout.calendar.named else ""
    logo = {"userEnteredValue": {"formulaValue": '=IMAGE("https://example.com/logo.png")'}}
    titles: list[dict[int, cells.Cell]] = [
        {first: cells.text(f"JADWAL SERVICE AC {brand.upper()}")},
        {first: logo, first + 1: cells.text(f"Tracker {brand}")},
        {first: cells.text("Klien"), first + 1: cells.text(f": {brand}")},
        {first: cells.text(f"Periode {month} {layout.calendar.year}".replace("  ", " "))},
        {first: cells.text("PIC: Bu Sari 0812-3456-7890")},
        {first: cells.text("Update terakhir"), first + 1: cells.day(date(2026, 8, 31), "dd/mm/yyyy")},
        {first + 2: cells.text("PT Contoh Sejuk")},
    ]
    rows = rng.sample(titles, rng.choice([0, 0, 1, 1, 2, 3]))
    for _ in range(rng.choice([0, 0, 0, 1, 1, 2, 7])):
        rows.insert(rng.randrange(len(rows) + 1), {})
    return rows


def unknown_cells(rng: Random, layout: Layout, order: Order, place: int) -> dict[int, cells.Cell]:
    """The cells of an order in the columns that the contract does not know; `place` is the running number."""
    entered = order.on - timedelta(days=rng.randint(1, 40))
    made = {
        "Alamat": lambda: cells.text(
            rng.choice(["Jl. Melati No. 12 RT 03/RW 02", "Ruko Blok B2 Lt. 1", "Mall Embun GF"])
        ),
        "Kota": lambda: cells.text(rng.choice(["Tangsel", "Jaksel", "Bdg", "Bekasi"])),
        "PIC Outlet": lambda: cells.text(rng.choice(["Bu Sari", "Pak Anton", "Mbak Rina"])),
        "No HP": lambda: rng.choice([cells.text("0812-3456-7890"), cells.number(81234567890)]),
        "Merk AC": lambda: cells.text(rng.choice(["Daikin 1 PK", "Sharp 1/2 PK", "LG", "Panasonic 2PK"])),
        "Biaya": lambda: rng.choice([cells.number(75000, "Rp75.000", '"Rp"#,##0'), cells.text("150rb")]),
        "Hari": lambda: cells.text(cells.DAYS[order.on.weekday()]),
        "Tgl Order": lambda: rng.choice([cells.day(entered, "dd/mm/yyyy"), cells.text(f"{entered:%d/%m/%Y}")]),
        "Invoice": lambda: cells.text(f"INV/{order.on:%Y/%m}/{rng.randint(1, 99):03}"),
        "Foto": lambda: cells.text(f"https://drive.google.com/drive/folders/{rng.randint(7_000_000, 9_999_999)}"),
    }
    row = {column.index: made[column.heading]() for column in layout.columns if column.heading in made}
    return {**number_cell(rng, layout, place), **row}


def number_cell(rng: Random, layout: Layout, place: int) -> dict[int, cells.Cell]:
    """The running number of a row, in tabs that have one."""
    index = next(
        (layout.index(heading) for heading in ("No", "No.", "NO", "#") if layout.index(heading) is not None), None
    )
    if index is None:
        return {}
    number = cells.number(place)
    return {index: cells.computed(number, "=ROW()-4") if rng.random() < 0.2 else number}


def _heading(rng: Random, key: str, english: bool, mistyped: bool) -> str:
    usual, wrong, foreign = HEADINGS[key]
    if english:
        return rng.choice(foreign)
    return rng.choice(wrong if mistyped else usual)


def _group(rng: Random, columns: list[Column]) -> list[str]:
    """Put one heading over two neighbours where the two stand side by side."""
    groups = [("Jadwal", "service_date", "time", "Tgl", "Jam"), ("Pekerjaan", "service", "units", "Jenis", "Jml")]
    for name, left, right, *headings in groups:
        for first, second in pairwise(columns):
            if (first.key, second.key) == (left, right) and not any(
                column.heading == "Tgl Order" for column in columns
            ):
                first.group = second.group = name
                first.heading, second.heading = headings
    return ["heading of two rows"] if any(column.group for column in columns) else []
