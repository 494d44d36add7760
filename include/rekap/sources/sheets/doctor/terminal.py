"""The report on a terminal: in colour where it is one and NO_COLOR is not set, readable at 100 columns."""

import re
from collections.abc import Iterable
from typing import IO, TYPE_CHECKING

from rekap.sources.sheets.doctor.wording import ColumnSaid, GroupSaid, RowSaid, Said, TabSaid

if TYPE_CHECKING:
    from rich.console import Console

TRAILING = re.compile(r" +(?=(?:\x1b\[[0-9;]*m)*$)", re.MULTILINE)
WIDTH = 100  # characters, where the output is no terminal
MOST_REFUSED = 20  # rows of a tab that are listed here; the page lists all
MOST_GROUPS = 15
MOST_LINKS = 3  # of a group; the page links all cells that it names
STYLES = {"good": "green", "look": "yellow", "bad": "red", "other": "dim"}
SIGNS = {"good": "✔", "look": "!", "bad": "✘", "other": "·"}


def write(said: Said, file: IO[str], width: int | None = None) -> None:
    """Write the whole report. `width` in characters; None: the terminal's own, or WIDTH."""
    console = _console(file, width)
    with console.capture() as captured:
        _write(console, said)
    # Columns are filled up with spaces, which nobody wants to copy.
    file.write(TRAILING.sub("", captured.get()))


def write_left(said: Said, file: IO[str]) -> None:
    """Write who has what to do; the last thing that is told."""
    console = _console(file)
    with console.capture() as captured:
        _heading(console, said.say("left"))
        for tone, text in said.left:
            _line(console, tone, text)
    file.write(TRAILING.sub("", captured.get()))


def _console(file: IO[str], width: int | None = None) -> "Console":
    from rich.console import Console

    width = width or (None if file.isatty() else WIDTH)
    return Console(file=file, width=width, highlight=False, markup=False, emoji=False)


def _write(console: "Console", said: Said) -> None:
    console.print(said.title, style="bold")
    console.print(f"{said.summary} ({said.as_of})", style="dim")
    for warning in said.warnings:
        _line(console, "look", warning)
    console.print("   ".join(said.legend), style="dim")
    if said.checks:
        _heading(console, said.say("checks"))
        for check in said.checks:
            _line(console, check.tone, f"{check.title:<9} {check.text}")
    for tab in said.tabs:
        _tab(console, said, tab)
    _heading(console, said.say("write"))
    console.print(said.write)
    if said.yaml:
        console.print()
        # To be copied as it is: no line of it may be broken.
        console.print(said.yaml, soft_wrap=True, style="cyan")


def _tab(console: "Console", said: Said, tab: TabSaid) -> None:
    _heading(console, tab.title, f"   {tab.kind}")
    for fact in tab.facts:
        console.print(_indented(fact, 2, "dim" if tab.tone == "other" else ""))
    for tone, warning in tab.warnings:
        _line(console, tone, warning)
    if tab.columns:
        console.print(_columns(said, tab.columns))
    if tab.refused:
        console.print(f"\n  {said.say('refused')}", style="bold red")
        for row in tab.refused[:MOST_REFUSED]:
            _row(console, row)
        _more(console, said, "refused_more", len(tab.refused) - MOST_REFUSED)
    if tab.groups:
        console.print(f"\n  {said.say('groups')}", style="bold yellow")
        for group in tab.groups[:MOST_GROUPS]:
            _group(console, group)
        _more(console, said, "groups_more", len(tab.groups) - MOST_GROUPS)


def _columns(said: Said, columns: Iterable[ColumnSaid]) -> object:
    from rich import box
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold", expand=False)
    table.add_column(said.say("column"))
    table.add_column(said.say("heading_written"), max_width=22)
    table.add_column(said.say("meaning"), max_width=28)
    table.add_column(said.say("examples"), overflow="fold")
    for column in columns:
        examples = "\n".join(f"{written} → {read}" if read else written for written, read in column.examples)
        table.add_row(
            Text(column.letter), Text(column.heading), Text(column.meaning, style=STYLES[column.tone]), Text(examples),
            style="dim" if column.tone == "other" else "",
        )  # fmt: skip
    return Padding(table, (0, 0, 0, 2))


def _row(console: "Console", row: RowSaid) -> None:
    beside = f" ({row.beside})" if row.beside else ""
    _line(console, "bad", f"{row.cell}  “{row.written}”{beside}")
    console.print(_indented(row.reason))
    console.print(_indented(row.todo, style=""))
    _link(console, row.url)


def _group(console: "Console", group: GroupSaid) -> None:
    written = f" “{group.written}”" if group.written else ""
    cells = ", ".join([*(cell for cell, _ in group.places), *(["…"] if group.has_more else [])])
    _line(console, group.tone, f"{group.what}{written}, {group.rows}: {cells}")
    if group.hint:
        console.print(_indented(group.hint, style="dim" if group.tone == "other" else ""))
    for _, url in group.places[:MOST_LINKS]:
        _link(console, url)


def _heading(console: "Console", *parts: str) -> None:
    from rich.text import Text

    console.print()
    console.print(Text.assemble((parts[0], "bold underline"), *parts[1:]))


def _line(console: "Console", tone: str, text: str) -> None:
    from rich.table import Table
    from rich.text import Text

    line = Table.grid(padding=(0, 1))
    line.add_row(Text(f"  {SIGNS[tone]}", style=STYLES[tone]), Text(text))
    console.print(line)


def _indented(text: str, by: int = 4, style: str = "dim") -> object:
    from rich.padding import Padding
    from rich.text import Text

    return Padding(Text(text, style=style), (0, 0, 0, by))


def _link(console: "Console", url: str) -> None:
    if url:
        # Whole, so that a terminal makes a link of it.
        console.print(f"    {url}", soft_wrap=True, style="blue")


def _more(console: "Console", said: Said, key: str, count: int) -> None:
    if count > 0:
        console.print(f"    {said.say(key, count=count)}", style="dim")
