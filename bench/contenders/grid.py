"""Reads one tab of a made tracker, in a process of its own.

Line of stdin: {"rows", "seed"}; line of stdout: {"cells", "rows", "rejected", "seconds", "peak_mb"}.
"""

from __future__ import annotations

import json
import random
import resource
import sys
import time
from datetime import date
from typing import Any

AS_OF = date(2026, 10, 20)
HEADING = ("No", "Tanggal Service", "Jam", "Outlet", "Jenis Service", "Jumlah Unit", "Teknisi", "Status", "Keterangan")
DATES = ("{} Okt 2026", "{}/10/26", "{}-10-2026", "Selasa, {} Oktober", "tgl {}", "{} Oct")
TIMES = ("10.00", "jam 9 pagi", "13.00-15.00", "stlh jam 5", "09:30", "")
SERVICES = (
    "cuci AC",
    "cuci besar + tambah freon",
    "pengecekan",
    "bongkar pasang",
    "cuci 3, isi freon 1",
    "AC tidak dingin",
)
STATUSES = ("Selesai", "Dijadwalkan", "Menunggu teknisi", "batal", "On progress", "Selesai (kurang 1 unit)")
UNITS = ("3 unit", "2", "2+1", "tiga", "1 split 1 cassette")
NOTES = ("", "", "freon habis, unit lantai 2", "PIC Bu Sari", "minta foto")


def tab(rows: int, seed: int) -> dict[str, Any]:
    """A Spreadsheet resource of one month's tab, written the way people do; one row in fifty has no date."""
    chance = random.Random(seed)
    lines = [HEADING]
    for number in range(1, rows + 1):
        day = chance.choice(DATES).format(chance.randint(1, 28)) if number % 50 else ""
        lines.append(
            (
                str(number), day, chance.choice(TIMES), f"Kopi Contoh {chance.randint(1, 40)}", chance.choice(SERVICES),
                chance.choice(UNITS), chance.choice(("Budi", "Andi & Joko", "pak Udin", "")), chance.choice(STATUSES),
                f"{chance.choice(NOTES)} {number if number % 3 else ''}".strip(),
            )
        )  # fmt: skip
    data = [{"values": [_cell(text) for text in line]} for line in lines]
    properties = {"sheetId": 1, "title": "OKT 26", "index": 0}
    return {"spreadsheetId": "bench", "sheets": [{"properties": properties, "merges": [], "data": [{"rowData": data}]}]}


def _cell(text: str) -> dict[str, Any]:
    if not text:
        return {}
    value = {"numberValue": float(text)} if text.isdigit() else {"stringValue": text}
    return {"effectiveValue": value, "formattedValue": text}


def main() -> None:
    from rekap.sources.sheets.reader import read_tabs

    asked = json.loads(sys.stdin.readline())
    read_tabs(tab(20, 1), as_of=AS_OF)  # the word lists are loaded once
    made = tab(asked["rows"], asked["seed"])
    cells = sum(len(row["values"]) for row in made["sheets"][0]["data"][0]["rowData"])
    began = time.perf_counter()
    [read] = read_tabs(made, as_of=AS_OF)
    seconds = time.perf_counter() - began
    print(
        json.dumps(
            {
                "cells": cells, "rows": len(read.lines.rows), "rejected": len(read.lines.rejected), "seconds": seconds,
                "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            }
        )
    )  # fmt: skip


if __name__ == "__main__":
    main()
