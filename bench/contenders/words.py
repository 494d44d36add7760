"""Reads the lines of one kind once, in a process of its own: what is remembered of an earlier text must not help.

Line of stdin: {"kind", "with": "rekap" | "dateparser", "lines": [[text, reference, month], …]}; line of stdout:
{"answers": [JSON or null, …], "seconds": [of each line]}.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

Line = list[str]
FIRST = (
    "Kamis 1 Januari 2026 jam 10 pagi", "10.15", "10 pagi", "cuci AC 3 unit, tambah freon 1", "2+1",
    "Selesai (kurang 1 unit) jam 10.15", "dijadwalkan jam 11", "0811 1111 1111", "+62 811 1111 1111", "(021) 5555 1111",
    "pak Ujang & Asep", "Teknisi OK - Asep", "terjadwall",
)  # fmt: skip


def rekap(kind: str) -> Callable[[Line], Any]:
    from rekap.vocabulary.__main__ import answer

    def read(line: Line) -> Any:
        return answer(kind, "\t".join(line) if kind == "date" else line[0])["value"]

    return read


def dateparser(kind: str) -> Callable[[Line], Any]:
    """As its documentation advises for Indonesian texts, day before month; it gives a moment and knows no ranges."""
    import dateparser as parser

    def read(line: Line) -> Any:
        settings: dict[str, Any] = {"DATE_ORDER": "DMY"}
        if len(line) > 1 and line[1] not in ("", "-"):
            settings["RELATIVE_BASE"] = datetime.fromisoformat(line[1])
        found = parser.parse(line[0], languages=["id", "en"], settings=settings)
        if found is None:
            return None
        if kind == "date":
            return {"date": found.date().isoformat(), "end": None}
        return {"from": f"{found:%H:%M}", "to": None}

    return read


READERS = {"rekap": rekap, "dateparser": dateparser}


def main() -> None:
    asked = json.loads(sys.stdin.readline())
    read = READERS[asked["with"]](asked["kind"])
    for text in FIRST:  # word lists and number plans are loaded once, not by the first text
        read([text, "2026-01-01", "2026-01"])
    answers, seconds = [], []
    for line in asked["lines"]:
        began = time.perf_counter()
        answers.append(read(line))
        seconds.append(time.perf_counter() - began)
    print(json.dumps({"answers": answers, "seconds": seconds}))


if __name__ == "__main__":
    main()
