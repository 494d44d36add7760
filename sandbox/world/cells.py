"""Cells in the form of the Sheets API v4 (CellData): value as entered, as it counts, as it is shown, and its format."""

from __future__ import annotations

from datetime import date
from typing import Any

Cell = dict[str, Any]
EPOCH = date(1899, 12, 30)


def serial(day: date) -> int:
    """Days since 1899-12-30, the number a date cell holds."""
    return (day - EPOCH).days


def text(value: str, **look: Any) -> Cell:
    return _cell({"stringValue": value}, value, None, look)


def number(value: int, pattern: str | None = None, **look: Any) -> Cell:
    kind = {"type": "NUMBER", "pattern": pattern} if pattern else None
    return _cell({"numberValue": value}, str(value), kind, look)


def day(value: date, pattern: str = "dd/mm/yyyy", **look: Any) -> Cell:
    """A real date; ``pattern`` is ``dd/mm/yyyy``, ``d/m/yy`` or ``yyyy-mm-dd``."""
    shown = {
        "dd/mm/yyyy": f"{value:%d/%m/%Y}",
        "d/m/yy": f"{value.day}/{value.month}/{value:%y}",
        "yyyy-mm-dd": value.isoformat(),
    }[pattern]
    return _cell({"numberValue": serial(value)}, shown, {"type": "DATE", "pattern": pattern}, look)


def tick(value: bool, **look: Any) -> Cell:
    cell = _cell({"boolValue": value}, "TRUE" if value else "FALSE", None, look)
    cell["dataValidation"] = {"condition": {"type": "BOOLEAN"}, "strict": True}
    return cell


def broken_reference(**look: Any) -> Cell:
    """A formula whose target was deleted: #REF!"""
    cell = _cell({"formulaValue": "=#REF!"}, "#REF!", None, look)
    cell["effectiveValue"] = {"errorValue": {"type": "REF", "message": "Reference does not exist"}}
    return cell


def _cell(value: dict[str, Any], shown: str, number_format: dict[str, str] | None, look: dict[str, Any]) -> Cell:
    """``look``: strike, bold (bool), fill (red, green, blue from 0 to 1)."""
    form: dict[str, Any] = {}
    if number_format:
        form["numberFormat"] = dict(number_format)
    letters = {name: True for name, on in (("strikethrough", look.get("strike")), ("bold", look.get("bold"))) if on}
    if letters:
        form["textFormat"] = letters
    if look.get("fill"):
        form["backgroundColor"] = dict(zip(("red", "green", "blue"), look["fill"], strict=True))
    cell: Cell = {"userEnteredValue": dict(value), "effectiveValue": dict(value), "formattedValue": shown}
    if form:
        cell["userEnteredFormat"] = form
        cell["effectiveFormat"] = {key: dict(part) for key, part in form.items()}
    return cell
