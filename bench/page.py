"""docs/benchmarks.md: a part for each measurement, each written by its own command, which leaves the others alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

HEAD = """# Benchmarks

Written by `make bench`; whoever runs it gets this page for the own machine. What counts are the ratios within one run:
seconds depend on the machine and on what else it does. Tests never judge by the clock.
"""


def write(page: Path, part: str, text: str) -> None:
    """Put the text of one part into the page, in its place or at the end."""
    page.parent.mkdir(parents=True, exist_ok=True)
    begin, end = f"<!-- {part}: begin -->", f"<!-- {part}: end -->"
    old = page.read_text() if page.exists() else HEAD
    before, found, rest = old.partition(begin)
    after = rest.partition(end)[2] if found else "\n"
    page.write_text(f"{before.rstrip()}\n\n{begin}\n{text.strip()}\n{end}{after}")


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table, padded so that it can be read in a terminal; the first column to the left, numbers to the
    right."""
    widths = [max(2, *(len(line[column]) for line in [head, *rows])) for column in range(len(head))]

    def line(cells: Sequence[str]) -> str:
        padded = [cell.ljust(width) if not n else cell.rjust(width)
                  for n, (cell, width) in enumerate(zip(cells, widths, strict=True))]  # fmt: skip
        return f"| {' | '.join(padded)} |"

    rule = [("-" * width) if not n else "-" * (width - 1) + ":" for n, width in enumerate(widths)]
    return "\n".join([line(head), f"| {' | '.join(rule)} |", *(line(row) for row in rows)])
