"""Draws tabs for tests: Python values → a Sheet resource of the Sheets API v4, as Google would send it."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

EPOCH = date(1899, 12, 30)


@dataclass(frozen=True)
class Struck:
    """A value that is struck through."""

    value: Any


@dataclass(frozen=True)
class Failed:
    """A formula that failed: #REF!, #N/A."""

    shown: str = "#REF!"


@dataclass(frozen=True)
class Linked:
    """A text that is a link."""

    text: str
    url: str


def cell(value: Any) -> dict[str, Any]:
    """CellData of one value; None is an empty cell."""
    if isinstance(value, Struck):
        made = cell(value.value)
        made["effectiveFormat"] = {**made.get("effectiveFormat", {}), "textFormat": {"strikethrough": True}}
        return made
    if isinstance(value, Failed):
        return {"effectiveValue": {"errorValue": {"type": "REF", "message": "?"}}, "formattedValue": value.shown}
    if isinstance(value, Linked):
        return {"effectiveValue": {"stringValue": value.text}, "formattedValue": value.text, "hyperlink": value.url}
    if isinstance(value, bool):
        return {"effectiveValue": {"boolValue": value}, "formattedValue": str(value).upper()}
    if isinstance(value, datetime):
        serial = (value.date() - EPOCH).days + (value.hour * 60 + value.minute) / 1440
        return _number(serial, f"{value:%d/%m/%Y %H:%M}", "DATE_TIME", "dd/mm/yyyy hh:mm")
    if isinstance(value, date):
        return _number((value - EPOCH).days, f"{value:%d/%m/%Y}", "DATE", "dd/mm/yyyy")
    if isinstance(value, time):
        return _number((value.hour * 60 + value.minute) / 1440, f"{value:%H.%M}", "TIME", "hh.mm")
    if isinstance(value, int | float):
        return {"effectiveValue": {"numberValue": value}, "formattedValue": str(value)}
    if value is None:
        return {}
    return {"effectiveValue": {"stringValue": str(value)}, "formattedValue": str(value)}


def _number(value: float, shown: str, kind: str, pattern: str) -> dict[str, Any]:
    return {
        "effectiveValue": {"numberValue": value},
        "formattedValue": shown,
        "effectiveFormat": {"numberFormat": {"type": kind, "pattern": pattern}},
    }


def sheet(
    title: str, rows: list[list[Any]], *, merges: tuple[tuple[int, int, int, int], ...] = (), hidden: bool = False,
    sheet_id: int = 1,
) -> dict[str, Any]:  # fmt: skip
    """A Sheet resource; `merges` are (top, bottom, left, right), 0-based and half-open."""
    properties: dict[str, Any] = {"sheetId": sheet_id, "title": title, "index": 0}
    if hidden:
        properties["hidden"] = True
    names = ("startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex")
    return {
        "properties": properties,
        "merges": [dict(zip(names, merge, strict=True)) for merge in merges],
        "data": [{"rowData": [{"values": [cell(value) for value in row]} if row else {} for row in rows]}],
    }


def spreadsheet(*sheets: dict[str, Any]) -> dict[str, Any]:
    return {
        "spreadsheetId": "1abc",
        "properties": {"title": "Tracker", "locale": "id_ID", "timeZone": "Asia/Jakarta"},
        "sheets": list(sheets),
    }
