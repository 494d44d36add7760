"""A Spreadsheet resource → tabs with their rows, by the tracker contract. Pure: the same grid reads the same."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any, Literal

from rekap.sources.sheets import headers, problems, tabs
from rekap.sources.sheets.cells import Grid, grid_of
from rekap.sources.sheets.fields import Fields, read_day
from rekap.sources.sheets.headers import Header
from rekap.sources.sheets.problems import Problem
from rekap.sources.sheets.rows import Lines, lines_of
from rekap.vocabulary import outlets


@dataclass(frozen=True)
class Tab:
    """One tab. `lines` is empty for kind `other`; `hidden`: nobody sees the tab, its rows may still be true;
    `problems`: what concerns the tab as a whole, by the codes of the module of that name."""

    sheet_id: int
    title: str
    hidden: bool
    kind: Literal["month", "other"]
    month: str | None = None
    header: Header | None = None
    lines: Lines = field(default_factory=Lines)
    problems: tuple[Problem, ...] = ()

    @property
    def received(self) -> int:
        """Sheet rows from the first to the last that holds something."""
        return len(self.lines.rows) + len(self.lines.rejected) + len(self.lines.skipped)


def read_tabs(resource: Mapping[str, Any], *, as_of: date, outlet_names: Iterable[str] = ()) -> list[Tab]:
    """Every tab of a spreadsheet, in its order; `as_of` decides years that are missing."""
    known = frozenset(filter(None, map(outlets.normalise, outlet_names)))
    return [_tab(sheet, as_of, known) for sheet in resource.get("sheets") or ()]


def read_spreadsheet(
    resource: Mapping[str, Any], *, client: str, as_of: date, outlet_names: Iterable[str] = ()
) -> dict[str, Any]:
    """The JSON object of the tracker contract for one spreadsheet (Sheets API v4, with grid data)."""
    return json_of(read_tabs(resource, as_of=as_of, outlet_names=outlet_names), client)


def json_of(tabs_read: Iterable[Tab], client: str) -> dict[str, Any]:
    """Tabs in the form of the tracker contract."""
    return {"client": client, "tabs": [_tab_json(tab) for tab in tabs_read]}


def _tab(sheet: Mapping[str, Any], as_of: date, known: frozenset[str]) -> Tab:
    properties = sheet.get("properties") or {}
    title, hidden = str(properties.get("title") or ""), bool(properties.get("hidden"))
    sheet_id = int(properties.get("sheetId") or 0)
    if tabs.is_other(title, hidden):
        return Tab(sheet_id, title, hidden, "other")
    grid = grid_of(sheet)
    header = headers.find(grid)
    month = tabs.month_of_title(title, as_of)
    if month is None and header:
        days = _days(grid, header, as_of)
        month = tabs.month_of_dates(days)
        if month is None and days:
            return Tab(sheet_id, title, hidden, "other", problems=(problems.no_month(header),))
    if month is None:
        return Tab(sheet_id, title, hidden, "other")
    lines = lines_of(grid, header, month=month, as_of=as_of, known=known)
    return Tab(sheet_id, title, hidden, "month", month, header, lines, problems.of_tab(grid, header))


def _days(grid: Grid, header: Header, as_of: date) -> list[date]:
    days = []
    column = header.columns.get("service_date", -1)
    for row in range(header.rows[-1] + 1, len(grid.rows)):
        found = Fields()
        read_day(found, grid.at(row, column), as_of=as_of, month=None)
        if found.service_date:
            days.append(found.service_date)
    return days


def _tab_json(tab: Tab) -> dict[str, Any]:
    return {
        "tab": tab.title,
        "kind": tab.kind,
        "month": tab.month,
        "header_rows": [row + 1 for row in tab.header.rows] if tab.header else [],
        "columns": {name: headers.letter(at) for name, at in tab.header.columns.items()} if tab.header else {},
        "rows": [{"row": row.row, **_fields_json(row.read)} for row in tab.lines.rows],
        "rejected": [{"row": row.row, "problems": list(row.problems)} for row in tab.lines.rejected],
        "skipped": [{"row": row.row, "reason": row.reason} for row in tab.lines.skipped],
    }


def _fields_json(read: Fields) -> dict[str, Any]:
    return {
        "service_date": read.service_date.isoformat() if read.service_date else None,
        "service_date_end": read.service_date_end.isoformat() if read.service_date_end else None,
        "time_from": _clock(read.time_from),
        "time_to": _clock(read.time_to),
        "outlet": read.outlet,
        "services": [{"service": code, "units": units} for code, units in read.services],
        "units": read.units,
        "status": read.status,
        "technicians": read.technicians,
        "order_ref": str(read.order_ref) if read.order_ref else None,
        "flags": read.flags,
    }


def _clock(moment: time | None) -> str | None:
    return f"{moment:%H:%M}" if moment else None
