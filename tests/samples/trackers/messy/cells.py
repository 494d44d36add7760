"""Cells and sheets in the Sheets API v4 JSON form, as `spreadsheets.get` with grid data returns them."""

from datetime import date
from typing import Any

Cell = dict[str, Any]
Merge = tuple[int, int, int, int]  # first row, row after, first column, column after; 0-based

EPOCH = date(1899, 12, 30)
MONTHS = ["Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus"]
MONTHS += ["September", "Oktober", "November", "Desember"]
DAYS = ["Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"]
ERRORS = {
    "REF": ("#REF!", "Reference does not exist."),
    "N_A": ("#N/A", "Did not find value in VLOOKUP evaluation."),
    "VALUE": ("#VALUE!", "Function expects number values."),
    "LOADING": ("Loading...", "Loading data..."),
}
RED = {"red": 0.96, "green": 0.8, "blue": 0.8}
GREY = {"red": 0.85, "green": 0.85, "blue": 0.85}


def column_letter(index: int) -> str:
    """A for 0, Z for 25, AA for 26."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def text(value: str) -> Cell:
    """A cell with text."""
    return _cell({"stringValue": value}, value)


def number(value: float, shown: str | None = None, pattern: str | None = None) -> Cell:
    """A plain number; `pattern` gives it a number format."""
    cell = _cell({"numberValue": value}, str(value) if shown is None else shown)
    if pattern:
        cell["effectiveFormat"] = {"numberFormat": {"type": "NUMBER", "pattern": pattern}}
    return cell


def serial(on: date, hour: int = 0, minute: int = 0) -> float:
    """The spreadsheet's number of a day, with the time as its fraction."""
    whole = (on - EPOCH).days
    return whole + (hour * 60 + minute) / 1440 if hour or minute else whole


def day(on: date, pattern: str, at: tuple[int, int] | None = None) -> Cell:
    """A real date cell, or a date-time cell where `at` is given; it shows what `pattern` makes of it."""
    cell = _cell({"numberValue": serial(on, *(at or (0, 0)))}, show(on, pattern, at))
    cell["effectiveFormat"] = {"numberFormat": {"type": "DATE_TIME" if at else "DATE", "pattern": pattern}}
    return cell


def show(on: date, pattern: str, at: tuple[int, int] | None = None) -> str:
    """What the spreadsheet shows for a day under a format pattern."""
    parts = {
        "dddd": DAYS[on.weekday()],
        "mmmm": MONTHS[on.month - 1],
        "yyyy": f"{on.year:04}",
        "mmm": MONTHS[on.month - 1][:3],
        "dd": f"{on.day:02}",
        "mm": f"{on.month:02}",
        "yy": f"{on.year % 100:02}",
        "HH:MM": "{:02}:{:02}".format(*(at or (0, 0))),
        "d": str(on.day),
        "m": str(on.month),
    }
    shown = ""
    while pattern:
        name = next((name for name in parts if pattern.startswith(name)), pattern[0])
        shown += parts.get(name, name)
        pattern = pattern[len(name) :]
    return shown


def clock(hour: int, minute: int) -> Cell:
    """A time cell."""
    cell = _cell({"numberValue": (hour * 60 + minute) / 1440}, f"{hour:02}:{minute:02}")
    cell["effectiveFormat"] = {"numberFormat": {"type": "TIME", "pattern": "hh:mm"}}
    return cell


def box(ticked: bool) -> Cell:
    """A check box."""
    cell = _cell({"boolValue": ticked}, str(ticked).upper())
    return {**cell, "dataValidation": {"condition": {"type": "BOOLEAN"}}}


def error(kind: str) -> Cell:
    """A cell whose formula failed, or whose import is still loading."""
    shown, message = ERRORS[kind]
    return {
        "userEnteredValue": {"formulaValue": "=VLOOKUP(A1;Master!A:C;2;FALSE)"},
        "effectiveValue": {"errorValue": {"type": kind, "message": message}},
        "formattedValue": shown,
    }


def linked(cell: Cell, url: str) -> Cell:
    """The same cell with a link behind its words."""
    return {**cell, "hyperlink": url}


def computed(cell: Cell, formula: str) -> Cell:
    """The same cell as the result of a formula."""
    return {**cell, "userEnteredValue": {"formulaValue": formula}}


def struck(cell: Cell) -> Cell:
    """The same cell struck through."""
    return _formatted(cell, textFormat={"strikethrough": True})


def formatted(cell: Cell) -> Cell:
    """The same cell with what the API says of every cell: not struck, on white."""
    form = cell.get("effectiveFormat", {})
    usual = {
        "textFormat": {"strikethrough": False, "bold": False},
        "backgroundColor": {"red": 1, "green": 1, "blue": 1},
    }
    return {**cell, "effectiveFormat": {**usual, **form}}


def coloured(cell: Cell, colour: dict[str, float]) -> Cell:
    """The same cell on a coloured ground."""
    return _formatted(cell, backgroundColor=colour)


def sheet(
    title: str,
    index: int,
    grid: dict[tuple[int, int], Cell],
    *,
    merges: list[Merge] | None = None,
    hidden: bool = False,
    hidden_rows: dict[int, str] | None = None,
    hidden_columns: tuple[int, ...] = (),
) -> dict[str, Any]:
    """A tab. `grid` is keyed by 0-based (row, column); `hidden_rows` says for a row `hiddenByUser` or `hiddenByFilter`.

    Rows end at their last cell and the data at its last row, as in the API; what lies between is `{}`.
    """
    sheet_id = 1000 + index * 17
    height = max((row for row, _ in grid), default=-1) + 1
    width = max((column for _, column in grid), default=-1) + 1
    ends: dict[int, int] = {}
    for row, column in grid:
        ends[row] = max(ends.get(row, 0), column + 1)
    rows = [
        {"values": [grid.get((row, column), {}) for column in range(ends[row])]} if row in ends else {}
        for row in range(height)
    ]
    properties: dict[str, Any] = {
        "sheetId": sheet_id,
        "title": title,
        "index": index,
        "sheetType": "GRID",
        "gridProperties": {"rowCount": max(height + 20, 100), "columnCount": max(width + 2, 26)},
    }
    if hidden:
        properties["hidden"] = True
    answer: dict[str, Any] = {"properties": properties}
    if height:
        answer["data"] = [
            {
                "rowData": rows,
                "rowMetadata": [
                    {"pixelSize": 21, **({hidden_rows[row]: True} if row in (hidden_rows or {}) else {})}
                    for row in range(height)
                ]
                if hidden_rows
                else [{"pixelSize": 21}] * height,
                "columnMetadata": [
                    {"pixelSize": 100, **({"hiddenByUser": True} if column in hidden_columns else {})}
                    for column in range(width)
                ],
            }
        ]
    if merges:
        answer["merges"] = [
            {
                "sheetId": sheet_id,
                "startRowIndex": top,
                "endRowIndex": below,
                "startColumnIndex": left,
                "endColumnIndex": right,
            }
            for top, below, left, right in merges
        ]
    return answer


def spreadsheet(title: str, sheets: list[dict[str, Any]], locale: str = "in_ID") -> dict[str, Any]:
    """A Spreadsheet resource."""
    return {
        "spreadsheetId": "1messy",
        "properties": {"title": title, "locale": locale, "timeZone": "Asia/Jakarta"},
        "sheets": sheets,
    }


def _cell(value: dict[str, Any], shown: str) -> Cell:
    return {"userEnteredValue": value, "effectiveValue": value, "formattedValue": shown}


def _formatted(cell: Cell, **form: Any) -> Cell:
    return {**cell, "effectiveFormat": {**cell.get("effectiveFormat", {}), **form}}
