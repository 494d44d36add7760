"""The month's tab in the Master Schedule spreadsheet: one batchUpdate, applied whole or not at all.

The tab keeps its sheetId for ever (the month as a number, 202610), because people's formulas and links point at it.
Only Rekap's own columns are written; what people keep to the right of them stays.
"""

from datetime import date, time
from typing import Any

from rekap.recap.figures import Recap
from rekap.recap.wording import LINE_COLUMNS, Worded

EPOCH = date(1899, 12, 30)
WIDTH = len(LINE_COLUMNS)
BOLD = {"textFormat": {"bold": True}}
HEAD = {
    "textFormat": {"bold": True, "foregroundColor": {"red": 1, "green": 1, "blue": 1}},
    "backgroundColor": {"red": 0.12, "green": 0.23, "blue": 0.37},
    "wrapStrategy": "WRAP",
}


def sheet_id(month: str) -> int:
    """The tab's sheetId: 202610 for `2026-10`."""
    return int(month.replace("-", ""))


def requests(recap: Recap, words: Worded, title: str, existing: dict[str, Any] | None) -> list[dict[str, Any]]:
    """The batchUpdate requests that bring the tab to this recap. `existing`: its SheetProperties, None when new."""
    rows = _rows(words)
    own = sheet_id(recap.month)
    grid = (existing or {}).get("gridProperties", {})
    height = max(len(rows), int(grid.get("rowCount", 0)))
    width = max(WIDTH, int(grid.get("columnCount", 0)))
    properties: dict[str, Any] = {
        "sheetId": own,
        "title": title,
        "gridProperties": {"rowCount": height, "columnCount": width, "frozenRowCount": _head_row(words) + 1},
    }
    frozen = {"sheetId": own, "gridProperties": {"frozenRowCount": 0}}
    return [
        {"addSheet": {"properties": properties}}
        if existing is None
        # A frozen part that is taller than the grid is refused: thaw, resize, freeze.
        else {"updateSheetProperties": {"properties": frozen, "fields": "gridProperties.frozenRowCount"}},
        {
            "updateSheetProperties": {
                "properties": properties,
                "fields": "title,gridProperties.rowCount,gridProperties.columnCount,gridProperties.frozenRowCount",
            }
        },
        {
            # The range is as tall as the tab: what an earlier, longer recap left below is emptied with it.
            "updateCells": {
                "range": {
                    "sheetId": own,
                    "startRowIndex": 0,
                    "endRowIndex": height,
                    "startColumnIndex": 0,
                    "endColumnIndex": WIDTH,
                },
                "rows": [{"values": cells} for cells in rows],
                "fields": "userEnteredValue,userEnteredFormat",
            }
        },
    ]


def _head_row(words: Worded) -> int:
    """0-based row of the lines' headings."""
    return 3 + len(words.notes) + len(words.totals.rows) + 1


def _rows(words: Worded) -> list[list[dict[str, Any]]]:
    lead = [
        [_cell(words.title, {"textFormat": {"bold": True, "fontSize": 14}})],
        [_cell(words.status, BOLD)],
        *([_cell(note, {"textFormat": {"italic": True}})] for note in words.notes),
        [],
        *([_cell(name), _cell(number)] for name, number in words.totals.rows),
        [],
        [_cell(title, HEAD) for title in words.lines.columns],
    ]
    return lead + [[_cell(value) for value in cells] for cells in words.lines.rows]


def _cell(value: Any, form: dict[str, Any] | None = None) -> dict[str, Any]:
    """A CellData: text stays text whatever it begins with, dates and times are numbers with a format."""
    cell: dict[str, Any] = {"userEnteredFormat": form} if form else {}
    if value is None or value == "":
        return cell
    if isinstance(value, date):
        return _number((value - EPOCH).days, "DATE", "dd/mm/yyyy")
    if isinstance(value, time):
        return _number((value.hour * 60 + value.minute) / 1440, "TIME", "hh.mm")
    if isinstance(value, int | float):
        return cell | {"userEnteredValue": {"numberValue": value}}
    return cell | {"userEnteredValue": {"stringValue": str(value)}}


def _number(value: float, kind: str, pattern: str) -> dict[str, Any]:
    return {
        "userEnteredValue": {"numberValue": value},
        "userEnteredFormat": {"numberFormat": {"type": kind, "pattern": pattern}},
    }
