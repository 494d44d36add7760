"""One cell: what typing into it makes of a text, and what the stored value shows.

A cell dictionary is never changed in place; every edit puts a new one, so a copy of a row list is a copy of its state.
"""

from __future__ import annotations

import ast
import operator
import re
from datetime import datetime
from typing import Any

from sandbox.google import formats

Cell = dict[str, Any]

_WHITE = {"red": 1, "green": 1, "blue": 1}
DEFAULT_FORMAT: dict[str, Any] = {
    "backgroundColor": _WHITE,
    "padding": {"top": 2, "right": 3, "bottom": 2, "left": 3},
    "verticalAlignment": "BOTTOM",
    "wrapStrategy": "OVERFLOW_CELL",
    "textFormat": {
        "foregroundColor": {},
        "fontFamily": "arial,sans,sans-serif",
        "fontSize": 10,
        "bold": False,
        "italic": False,
        "strikethrough": False,
        "underline": False,
        "foregroundColorStyle": {"rgbColor": {}},
    },
    "hyperlinkDisplayType": "PLAIN_TEXT",
    "backgroundColorStyle": {"rgbColor": _WHITE},
}
_OPERATORS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
_HYPERLINK = re.compile(r'=\s*HYPERLINK\(\s*"([^"]*)"\s*(?:[,;]\s*"((?:[^"]|"")*)"\s*)?\)\s*$', re.IGNORECASE)


def effective_format(own: dict[str, Any] | None) -> dict[str, Any]:
    """The format a cell has in effect: the defaults of the spreadsheet under the cell's own format."""
    if not own:
        return DEFAULT_FORMAT
    merged = {**DEFAULT_FORMAT, **own}
    if "textFormat" in own:
        merged["textFormat"] = {**DEFAULT_FORMAT["textFormat"], **own["textFormat"]}
    if "backgroundColor" in own and "backgroundColorStyle" not in own:
        merged["backgroundColorStyle"] = {"rgbColor": own["backgroundColor"]}
    return merged


def settle(cell: Cell, locale: str) -> Cell:
    """A cell with effectiveValue, formattedValue and effectiveFormat computed from what was entered."""
    settled = {
        k: v for k, v in cell.items() if k not in ("effectiveValue", "formattedValue", "effectiveFormat", "hyperlink")
    }
    own = settled.get("userEnteredFormat")
    entered = settled.get("userEnteredValue")
    if entered:
        value = entered
        if "formulaValue" in entered:
            value = evaluate(entered["formulaValue"])
            link = _HYPERLINK.match(entered["formulaValue"])
            if link:
                settled["hyperlink"] = link[1]
        settled["effectiveValue"] = value
        settled["formattedValue"] = formats.shown(value, (own or {}).get("numberFormat", {}), locale)
    elif "userEnteredValue" in settled:
        del settled["userEnteredValue"]
    if entered or own:
        settled["effectiveFormat"] = effective_format(own)
    return settled


def entered(value: object, cell: Cell, option: str, locale: str) -> Cell:
    """The cell after `value` (string, number or bool) was written with valueInputOption `option`; "" empties it."""
    changed = {k: v for k, v in cell.items() if k not in ("userEnteredValue", "textFormatRuns", "chipRuns")}
    if value == "" and isinstance(value, str):
        return settle(changed, locale)
    if isinstance(value, bool):
        changed["userEnteredValue"] = {"boolValue": value}
    elif isinstance(value, int | float):
        changed["userEnteredValue"] = {"numberValue": value}
    elif option == "RAW":
        changed["userEnteredValue"] = {"stringValue": str(value)}
    else:
        typed, number_format = parse(str(value), locale)
        own = changed.get("userEnteredFormat", {})
        if own.get("numberFormat", {}).get("type") == "TEXT" and "formulaValue" not in typed:
            typed, number_format = {"stringValue": str(value)}, None
        changed["userEnteredValue"] = typed
        if number_format and "numberFormat" not in own:
            changed["userEnteredFormat"] = {**own, "numberFormat": number_format}
    return settle(changed, locale)


def parse(text: str, locale: str) -> tuple[dict[str, Any], dict[str, str] | None]:
    """(ExtendedValue, NumberFormat or None) of a text as if typed into a sheet of this locale."""
    if text.startswith("'"):
        return {"stringValue": text[1:]}, None
    stripped = text.strip()
    if stripped.startswith("=") and len(stripped) > 1:
        return {"formulaValue": stripped}, None
    if stripped.upper() in ("TRUE", "FALSE"):
        return {"boolValue": stripped.upper() == "TRUE"}, None
    mark = formats.decimal_mark(locale)
    group = "." if mark == "," else ","
    number = re.fullmatch(
        rf"([+-]?)((?:\d{{1,3}}(?:{re.escape(group)}\d{{3}})+|\d+)?(?:{re.escape(mark)}\d+)?)(%?)", stripped
    )
    if number and any(c.isdigit() for c in number[2]):
        digits = number[2].replace(group, "").replace(mark, ".")
        value = float(number[1] + digits)
        grouped = group in number[2]
        if number[3]:
            return {"numberValue": value / 100}, {"type": "PERCENT", "pattern": "0.00%" if "." in digits else "0%"}
        plain = int(value) if value == int(value) and abs(value) < 1e15 else value
        return {"numberValue": plain}, {
            "type": "NUMBER",
            "pattern": "#,##0" + (".00" if "." in digits else ""),
        } if grouped else None
    moment = _moment(stripped, locale)
    if moment:
        return {"numberValue": moment[0]}, {"type": moment[1], "pattern": moment[2]}
    return {"stringValue": text}, None


def _moment(text: str, locale: str) -> tuple[float, str, str] | None:
    clock = re.fullmatch(r"(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?", text) if formats.language(locale) == "id" else None
    clock = clock or re.fullmatch(r"(\d{1,2}):(\d{2})(?::(\d{2}))?", text)
    if clock and int(clock[1]) < 24 and int(clock[2]) < 60:
        seconds = int(clock[1]) * 3600 + int(clock[2]) * 60 + int(clock[3] or 0)
        return seconds / 86400, "TIME", formats.DEFAULT_PATTERNS[formats.language(locale)]["TIME"]
    iso = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2}))?)?", text)
    slashed = re.fullmatch(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4}|\d{2})", text)
    try:
        if iso:
            year, month, day, hour, minute, second = (int(part) for part in iso.groups(default="0"))
            moment = datetime(year, month, day, hour, minute, second)
            if iso[4]:
                return formats.serial(moment), "DATE_TIME", "yyyy-mm-dd h:mm:ss"
            return formats.serial(moment), "DATE", "yyyy-mm-dd"
        if slashed:
            first, other, year = int(slashed[1]), int(slashed[2]), int(slashed[3])
            day, month = (other, first) if locale == "en_US" else (first, other)
            return (
                formats.serial(datetime(year + 2000 if year < 100 else year, month, day)),
                "DATE",
                formats.DEFAULT_PATTERNS[formats.language(locale)]["DATE"],
            )
    except ValueError:
        return None
    return None


def evaluate(formula: str) -> dict[str, Any]:
    """Value of a formula of constants or of HYPERLINK; any other formula is #NAME? in the twin, which has no engine."""
    link = _HYPERLINK.match(formula)
    if link:
        return {"stringValue": (link[2] if link[2] is not None else link[1]).replace('""', '"')}
    try:
        return {"numberValue": _arithmetic(ast.parse(formula[1:].strip().replace("^", "**"), mode="eval").body)}
    except ZeroDivisionError:
        return {"errorValue": {"type": "DIVIDE_BY_ZERO", "message": "Function DIVIDE parameter 2 cannot be zero."}}
    except (ValueError, SyntaxError, KeyError, OverflowError):
        return {"errorValue": {"type": "NAME", "message": f"The twin cannot compute {formula}"}}


def _arithmetic(node: ast.AST) -> float:
    if isinstance(node, ast.BinOp):
        return float(_OPERATORS[type(node.op)](_arithmetic(node.left), _arithmetic(node.right)))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_arithmetic(node.operand)
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return node.value
    raise ValueError(ast.dump(node))


def rendered(cell: Cell, option: str, dates: str, locale: str) -> object:
    """What values.get returns for a cell under valueRenderOption `option` and dateTimeRenderOption `dates`."""
    if option == "FORMULA" and "formulaValue" in cell.get("userEnteredValue", {}):
        return cell["userEnteredValue"]["formulaValue"]
    value = cell.get("effectiveValue")
    if not value:
        return ""
    if option == "FORMATTED_VALUE":
        return (
            cell["formattedValue"] if "formattedValue" in cell else formats.shown(value, _number_format(cell), locale)
        )
    if "numberValue" in value:
        if dates == "FORMATTED_STRING" and _number_format(cell).get("type") in formats.DATE_TYPES:
            return cell.get("formattedValue") or formats.shown(value, _number_format(cell), locale)
        number = value["numberValue"]
        return int(number) if number == int(number) else number
    if "errorValue" in value:
        return formats.error_text(value["errorValue"])
    return value["boolValue"] if "boolValue" in value else value.get("stringValue", "")


def _number_format(cell: Cell) -> dict[str, Any]:
    found: dict[str, Any] = cell.get("effectiveFormat", {}).get("numberFormat", {})
    return found
