"""A small tracker as people keep them, with a trouble of every kind; also what hostile people type into cells."""

from datetime import date, time
from typing import Any

from rekap.settings import Client, Outlet, Scope
from tests.unit.sources.sheets.drawing import Failed, Linked, Struck, sheet, spreadsheet

AS_OF = date(2026, 8, 31)
TODO = "https://3.basecamp.com/1/buckets/2/todos/7001234"
HEAD = [
    "No",
    "Tgl Kunjungan",
    "Jam",
    "Cabang",
    "Jenis Pekerjaan",
    "Jml Unit",
    "Nama Tekhnsi",
    "Status",
    "Foto",
    "Link",
    "Ket",
]
D = date(2026, 8, 4)


def august() -> dict[str, Any]:
    rows: list[list[Any]] = [
        ["TRACKER SERVICE AC KOPI SENJA"],
        [],
        HEAD,
        [1, D, time(10), "Kopi Senja BSD 2", "cuci AC", 3, "Pak Budi / Andi", "Selesai", "ada", TODO, "lancar"],
        [2, date(2026, 8, 5), "10.00-12.00", "KOPI SENJA BSD II", "cuci 3, tambah freon 1", 4, "Budi", "DONE", None],
        [3, "Jumat 7/8", "pagi", "Kopi Senja Kemang", "perbaikan bocor", "2 unit", "Andi", "sip mantap", "ada", None],
        [4, "Senin 7 Agustus 2026", 14, "Kopi Senja Kemang", "cuci besar", 1, "Andi", "Selesai"],
        [5, "besok", "jam 10", "Kopi Senja Bintaro", "cuci AC", "semua", "Budi", "siap bos"],
        [6, None, None, "Kopi Senja Bintaro", "cek"],
        [7, "32/8/2026", None, "Kopi Senja Bintaro", "cuci AC", 1],
        [8, "7 Januari 2026", None, "Kopi Senja Bintaro", "cuci AC", 1],
        [],
        ["MINGGU 2"],
        [9, date(2026, 8, 12), "secepatnya", "Kopi Senja Kemng", "cuci AC", 2, "-", "proses", Failed()],
        [10, date(2026, 8, 13), None, Struck("Kopi Senja Kemang"), Struck("cuci AC"), 2, "Budi", "Batal"],
        [11, "2 Sept 2026", None, "Kopi Senja Kemang", "semprot kondensor", 2, "Budi", "sip mantap"],
        [12, date(2026, 8, 14), None, None, "cuci AC", 2, "Budi", Failed()],
        [
            13,
            date(2026, 8, 15),
            None,
            '<img src=x onerror="alert(1)">',
            "cuci AC",
            1,
            "=HYPERLINK(1)",
            "\x1b[31msip mantap",
        ],
        [
            14,
            date(2026, 8, 16),
            None,
            "Kopi Senja ‮gnameK",
            "cuci AC",
            1,
            "Budi",
            "Selesai",
            None,
            Linked("order", TODO),
        ],
        ["TOTAL", None, None, None, None, 23],
    ]
    return sheet("AGT 26", rows, merges=((0, 1, 0, 11),), sheet_id=26)


def july() -> dict[str, Any]:
    """Headings that nobody taught Rekap."""
    rows: list[list[Any]] = [
        ["Data Juli"],
        ["Hari H", "Tempat", "Yang dikerjakan", "Hasil"],
        [date(2026, 7, 6), "Kopi Senja BSD 2", "cuci AC", "Selesai"],
        [date(2026, 7, 7), "Kopi Senja Kemang", "cuci besar", "Selesai"],
        [date(2026, 7, 8), "Kopi Senja Kemang", "cek", "Pending"],
    ]
    return sheet("Juli 2026", rows, sheet_id=27)


def july_alone() -> dict[str, Any]:
    """A spreadsheet of that tab."""
    return spreadsheet(july())


def tracker() -> dict[str, Any]:
    """The whole spreadsheet."""
    made = spreadsheet(
        august(),
        july(),
        sheet("Copy of AGT 26", [HEAD], sheet_id=28),
        sheet("Harga", [["Cuci AC", 75000]], sheet_id=29),
        sheet("Rahasia", [HEAD], hidden=True, sheet_id=30),
    )
    made["spreadsheetId"] = "1AbCdEfGhIjKlMnOpQrStUvWxYz0123456789AbCdEf"
    made["properties"]["title"] = "Tracker Service AC - Kopi Senja 2026"
    return made


def client(**changed: Any) -> Client:
    """The one whose tracker it is, with two of its outlets."""
    told: dict[str, Any] = {
        "slug": "kopi-senja", "name": "Kopi Senja", "active_from": date(2026, 7, 1), "am": "sinta", "pic": "bayu",
        "scopes": (Scope(kind="project", project_id=2000),),
        "outlets": (
            Outlet(code="KS-01", name="Kopi Senja BSD 2", aliases=("KOPI SENJA BSD II",)),
            Outlet(code="KS-02", name="Kopi Senja Kemang"),
        ),
    }  # fmt: skip
    return Client(**(told | changed))
