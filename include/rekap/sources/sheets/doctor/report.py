"""What was understood of a tracker: facts and codes, not a word for people. The same sheet makes the same report."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from rekap.sources.sheets.problems import Problem
from rekap.sources.sheets.rows import TrackerRow

EXAMPLES = 3  # of each column


@dataclass(frozen=True)
class Example:
    """One cell: its text as written, and the row that was read from it (None where the column is not used)."""

    written: str
    row: TrackerRow | None


@dataclass(frozen=True)
class Column:
    """One column. `meaning`: what it is read as, None when it is not used; then `perhaps` is the meaning to consider,
    because the heading is nearly `known`, or, where that is None, because of what the cells hold."""

    letter: str
    heading: str
    meaning: str | None
    examples: tuple[Example, ...]
    perhaps: str | None = None
    known: str | None = None


@dataclass(frozen=True)
class Group:
    """Rows of a tab that say the same strange thing. `cells`: the cell to look at in each of them, in A1 notation;
    `near`: a known spelling that `written` is close to."""

    flag: str
    written: str
    rows: tuple[int, ...]
    cells: tuple[str, ...]
    near: str | None = None


@dataclass(frozen=True)
class TabReport:
    """One tab. `other`: why it is no month's tab, None when it is one; `problems`: what keeps it from being read well,
    with the cell to look at; `heading`: 1-based rows; `guessed`: where none was found, the 1-based row that may be the
    heading, whose columns then stand in `columns`; `days`: how many dates were understood, by month."""

    sheet_id: int
    title: str
    month: str | None
    other: str | None
    problems: tuple[Problem, ...] = ()
    heading: tuple[int, ...] = ()
    guessed: int | None = None
    columns: tuple[Column, ...] = ()
    rows: tuple[TrackerRow, ...] = ()
    refused: tuple[TrackerRow, ...] = ()
    skipped: Counter[str] = field(default_factory=Counter)
    groups: tuple[Group, ...] = ()
    first: date | None = None
    last: date | None = None
    days: Counter[str] = field(default_factory=Counter)

    @property
    def is_read(self) -> bool:
        return self.other is None


@dataclass(frozen=True)
class Report:
    """A whole spreadsheet. `slug`: the client it was read for, None before it has one."""

    spreadsheet_id: str
    title: str
    slug: str | None
    as_of: date
    tabs: tuple[TabReport, ...]

    @property
    def months(self) -> list[TabReport]:
        return [tab for tab in self.tabs if tab.is_read]
