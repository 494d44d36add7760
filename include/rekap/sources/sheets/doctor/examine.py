"""A Spreadsheet resource → the report of what was understood, by the same reader that the pipeline uses."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from rekap.sources.sheets import headers, tabs
from rekap.sources.sheets.cells import ERRORS, grid_of
from rekap.sources.sheets.doctor import columns
from rekap.sources.sheets.doctor.columns import Known
from rekap.sources.sheets.doctor.nearness import nearest, nearest_name
from rekap.sources.sheets.doctor.report import Group, Report, TabReport
from rekap.sources.sheets.fields import ERROR_CELL
from rekap.sources.sheets.reader import Tab, read_tabs
from rekap.sources.sheets.rows import TrackerRow
from rekap.vocabulary import lexicon, outlets
from rekap.vocabulary.folding import fold
from rekap.vocabulary.technicians import name_key

UNREGISTERED = "outlet_unregistered"
# Which cells show what a flag means; of several the first that says something.
SHOWN_BY = {
    "status_unknown": ("status",),
    "service_unknown": ("service",),
    "units_unknown": ("units", "service"),
    "units_conflict": ("units",),
    "technicians_unknown": ("technicians",),
    "time_unknown": ("time",),
    "time_about": ("time",),
    "date_other_month": ("service_date",),
    "date_far": ("service_date",),
    "ref_conflict": ("order_ref",),
    "outlet_missing": ("outlet",),
    UNREGISTERED: ("outlet",),
}
SHOWN_AT = {"struck": "outlet"}  # of flags that mean the whole row
MOST_COMPARED = 200  # different unknown spellings of one tab for which the nearest known one is looked for


def examine(
    resource: Mapping[str, Any], *, slug: str | None, as_of: date, outlet_names: Iterable[str] = (),
    crew: Iterable[str] = (),
) -> Report:  # fmt: skip
    """The report of a spreadsheet (Sheets API v4, with grid data). `outlet_names`: names and aliases of the client's
    outlets; without any, no outlet counts as unregistered. `crew`: names of technicians. Raises the errors of the
    reader for a resource that has not the form of one: AttributeError, KeyError, TypeError, ValueError."""
    names = {key: name for name in outlet_names if (key := outlets.normalise(name))}
    sheets = resource.get("sheets") or ()
    read = read_tabs(resource, as_of=as_of, outlet_names=names.values())
    told = (outlets.normalise(row.read.outlet or "") for tab in read for row in tab.lines.rows)
    known = Known(frozenset(names).union(filter(None, told)), frozenset(filter(None, map(name_key, crew))))
    return Report(
        spreadsheet_id=str(resource.get("spreadsheetId") or ""),
        title=str((resource.get("properties") or {}).get("title") or ""),
        slug=slug,
        as_of=as_of,
        tabs=tuple(_tab(sheet, tab, names, known) for sheet, tab in zip(sheets, read, strict=True)),
    )


def _tab(sheet: Mapping[str, Any], tab: Tab, names: Mapping[str, str], known: Known) -> TabReport:
    """`names`: normalised → registered spelling; `known`: also what other tabs name in their outlet column."""
    grid = grid_of(sheet)
    if tab.kind == "other":
        return TabReport(tab.sheet_id, tab.title, None, _why_other(sheet, tab))
    lines = tab.lines
    days = [row.read.service_date for row in lines.rows if row.read.service_date]
    guess = None if tab.header else columns.guessed(grid, known)
    return TabReport(
        sheet_id=tab.sheet_id,
        title=tab.title,
        month=tab.month,
        other=None,
        problems=tab.problems,
        heading=tuple(row + 1 for row in tab.header.rows) if tab.header else (),
        guessed=guess[0] + 1 if guess else None,
        columns=columns.of_heading(grid, tab.header, [*lines.rows, *lines.rejected], known)
        if tab.header
        else (guess[1] if guess else ()),
        rows=tuple(lines.rows),
        refused=tuple(lines.rejected),
        skipped=Counter(line.reason for line in lines.skipped),
        groups=tuple(_groups(lines.rows, names)),
        first=min(days, default=None),
        last=max(days, default=None),
        days=Counter(f"{day:%Y-%m}" for day in days),
    )


def _why_other(sheet: Mapping[str, Any], tab: Tab) -> str:
    """`hidden`, `named_other`, `no_cells` (a chart), `no_heading`: neither name nor heading; `no_month`: a heading,
    but neither the name nor most dates name a month."""
    if tab.hidden:
        return "hidden"
    if tabs.is_other(tab.title, False):
        return "named_other"
    grid = grid_of(sheet)
    if not grid.rows:
        return "no_cells"
    return "no_month" if headers.find(grid) else "no_heading"


def _groups(rows: Iterable[TrackerRow], names: Mapping[str, str]) -> Iterator[Group]:
    """Rows that carry a flag, gathered by flag and by the text that explains it; the most frequent first."""
    found: dict[tuple[str, str], tuple[str, list[tuple[int, str]]]] = {}
    for row in rows:
        for flag in _flags(row, names):
            name, written = _explaining(row, flag)
            found.setdefault((flag, fold(written)), (written, []))[1].append((row.row, _cell(row, name)))
    ordered = sorted(found.items(), key=lambda item: (-len(item[1][1]), item[1][1][0]))
    for place, ((flag, folded), (written, at)) in enumerate(ordered):
        near = _near(flag, folded, written, names) if place < MOST_COMPARED else None
        yield Group(flag, written, tuple(row for row, _ in at), tuple(cell for _, cell in at), near)


def _flags(row: TrackerRow, names: Mapping[str, str]) -> list[str]:
    outlet = outlets.normalise(row.read.outlet or "")
    stranger = [UNREGISTERED] if names and outlet and outlet not in names else []
    return [*row.read.flags, *stranger]


def _explaining(row: TrackerRow, flag: str) -> tuple[str, str]:
    """Meaning or column letter of the cell that explains a flag, and its text; either may be empty."""
    if flag == ERROR_CELL:
        return next(((name, text) for name, text in row.cells.items() if ERRORS.fullmatch(text)), ("", ""))
    names = SHOWN_BY.get(flag, ())
    found = next(((name, text) for name in names if (text := row.cells.get(name))), None)
    return found or (names[0] if names else SHOWN_AT.get(flag, ""), "")


def _cell(row: TrackerRow, name: str) -> str:
    """The cell of a meaning or column letter in a row; column A where neither says which."""
    at = row.columns.get(name)
    letter = headers.letter(at) if at is not None else name if name.isupper() else "A"
    return f"{letter}{row.row}"


def _near(flag: str, folded: str, written: str, names: Mapping[str, str]) -> str | None:
    if flag == "status_unknown":
        return nearest(folded, lexicon.meanings("statuses", "codes"))
    if flag == "service_unknown":
        return nearest(folded, lexicon.meanings("services", "codes"))
    if flag == UNREGISTERED:
        key = nearest_name(outlets.normalise(written), names)
        return names[key] if key else None
    return None
