"""How each client's tracker is laid out: every account manager keeps it in an own way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random

from sandbox.world.model import Client
from sandbox.world.words import MONTHS, SHORT_MONTHS, TAB_MONTHS

HEADERS = {
    "no": ("No", "NO", "#"),
    "date": ("Tanggal", "Tgl", "Tanggal Service", "Tgl Pengerjaan", "Jadwal"),
    "time": ("Jam", "Waktu"),
    "outlet": ("Outlet", "Lokasi", "Cabang", "Store"),
    "service": ("Layanan", "Jenis Service", "Pekerjaan", "Service"),
    "units": ("Unit", "Jml", "Qty", "Jumlah Unit"),
    "technicians": ("Teknisi", "Team", "PIC Teknisi"),
    "status": ("Status", "Progress"),
    "reference": ("No Order", "ID Order", "Link Basecamp", "Ref"),
    "note": ("Ket", "Keterangan", "Note"),
}
LAYOUTS = (
    ("no", "date", "time", "outlet", "service", "units", "technicians", "status", "reference", "note"),
    ("date", "outlet", "service", "units", "time", "status", "technicians", "note", "reference"),
    ("no", "outlet", "date", "time", "service", "units", "status", "technicians", "reference"),
    ("reference", "date", "time", "outlet", "units", "service", "technicians", "note", "status"),
)


@dataclass(frozen=True)
class Style:
    columns: tuple[str, ...]
    headers: dict[str, str]
    title_rows: int
    first_column: int
    dates: str
    pattern: str
    reference: str
    tab_name: str
    locale: str
    merges_dates: bool
    week_labels: bool
    repeats_header: bool
    unit_words: bool
    green_done: bool
    notes_tab: bool

    def tab(self, month: date) -> str:
        """The name of a month's tab, such as ``AGT 26``."""
        return self.tab_name.format(
            TAB=TAB_MONTHS[month.month - 1],
            Full=MONTHS[month.month - 1],
            Short=SHORT_MONTHS[month.month - 1][-1],
            yy=f"{month:%y}",
            yyyy=month.year,
        )


def of(client: Client, rng: Random) -> Style:
    """The style of one client's tracker; two neighbours never share one."""
    n = client.number
    headers = {name: rng.choice(spellings) for name, spellings in HEADERS.items()}
    if client.ticks_boxes:
        headers["status"] = "Selesai"
    return Style(
        columns=LAYOUTS[n % len(LAYOUTS)],
        headers=headers,
        title_rows=(3, 2, 4, 3, 1)[n % 5],
        first_column=1 if n % 6 == 5 else 0,
        dates=("serial", "mixed", "text", "serial")[n % 4],
        pattern=("dd/mm/yyyy", "d/m/yy", "yyyy-mm-dd")[n % 3],
        reference=("id", "url", "number")[n % 3],
        tab_name=("{TAB} {yy}", "{Full} {yyyy}", "{Short} {yyyy}", "{TAB} {yy}")[n % 4],
        locale="en_US" if n % 4 == 2 else "id_ID",
        merges_dates=n % 4 == 3,
        week_labels=n % 3 == 1,
        repeats_header=n % 5 == 2,
        unit_words=n % 4 == 1,
        green_done=n % 2 == 0,
        notes_tab=n % 3 == 0,
    )
