"""Cells per second of the reader of trackers, and whether a tab that is twice as long takes twice as long."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from bench.child import ask
from bench.page import table

MODULE = "bench.contenders.grid"
SIZES = (1_000, 10_000, 100_000)  # rows of nine columns
QUICK = (200, 400, 800)
ABOUT = """## Reader

How many cells the reader of trackers turns into rows in a second: one tab of nine columns, written the way people
write, as the Sheets API sends it; one row in fifty has no date and must be refused. Each size in a process of its own.
*Growth* is the time of a cell beside that of the size before: 1.0 is linear."""


class Reader:
    def __init__(self, sizes: Sequence[int] = SIZES, *, seed: int = 7, say: Callable[[str], None] = print) -> None:
        self.sizes, self.seed, self.say = sizes, seed, say
        self.measured: list[dict[str, Any]] = []

    def run(self) -> None:
        """Measure every size. Raises RuntimeError when the reader fails or loses a row."""
        for rows in self.sizes:
            told = ask(MODULE, {"rows": rows, "seed": self.seed})
            if told["rows"] + told["rejected"] != rows:
                raise RuntimeError(f"of {rows} rows, {told['rows']} were read and {told['rejected']} refused.")
            self.measured.append(told)
            self.say(f"  {told['cells']:,} cells: {told['cells'] / told['seconds']:,.0f} a second")

    def tables(self) -> str:
        rows, before = [], None
        for told in self.measured:
            each = told["seconds"] / told["cells"]
            rows.append(
                [f"{told['cells']:,} cells", f"{told['seconds']:.2f}", f"{1 / each:,.0f}",
                 f"{each / before:.2f}" if before else "-", f"{told['rejected']:,}", f"{told['peak_mb']:.0f}"]
            )  # fmt: skip
            before = each
        return table(["a tab of", "seconds", "cells a second", "growth", "rows refused", "peak MB"], rows)

    def text(self) -> str:
        """The part of docs/benchmarks.md."""
        return f"{ABOUT}\n\n{self.tables()}"
