"""How Sheets shows a value: number formats, dates and separators by locale."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

EPOCH = datetime(1899, 12, 30)
"""Day 0 of serial numbers; they carry no zone."""

MONTHS = {
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    "id": [
        "Januari",
        "Februari",
        "Maret",
        "April",
        "Mei",
        "Juni",
        "Juli",
        "Agustus",
        "September",
        "Oktober",
        "November",
        "Desember",
    ],
}
SHORT_MONTHS = {
    "en": ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    "id": ["Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"],
}
DAYS = {
    "en": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    "id": ["Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"],
}
SHORT_DAYS = {
    "en": ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
    "id": ["Sen", "Sel", "Rab", "Kam", "Jum", "Sab", "Min"],
}
DATE_TYPES = ("DATE", "TIME", "DATE_TIME")
DEFAULT_PATTERNS = {
    "en": {"DATE": "m/d/yyyy", "TIME": "h:mm:ss am/pm", "DATE_TIME": "m/d/yyyy h:mm:ss"},
    "id": {"DATE": "dd/mm/yyyy", "TIME": "hh.mm.ss", "DATE_TIME": "dd/mm/yyyy hh.mm.ss"},
}
NUMBER_PATTERNS = {
    "PERCENT": "0.00%",
    "CURRENCY": "#,##0.00",
    "SCIENTIFIC": "0.00E+00",
    "NUMBER": "#,##0.00",
    "TEXT": "@",
}

_DATE_TOKEN = re.compile(r'"[^"]*"|\\.|am/pm|a/p|y+|m+|d+|h+|s+(?:\.0+)?|.', re.IGNORECASE | re.DOTALL)


def language(locale: str) -> str:
    """Language whose words a spreadsheet locale uses; English for the ones the twin has no words for."""
    return "id" if locale.startswith("id") else "en"


def decimal_mark(locale: str) -> str:
    """ "," for locales that write 1.234,50, "." otherwise."""
    return "," if locale.split("_")[0] in ("id", "de", "nl", "es", "fr", "it", "pt") else "."


def serial(moment: datetime) -> float | int:
    """Serial number of a wall time: whole days as int."""
    delta = moment - EPOCH
    days = delta.days + delta.seconds / 86400
    return int(days) if days == int(days) else days


def moment_of(number: float) -> datetime:
    """Wall time of a serial number, to the second."""
    return EPOCH + timedelta(seconds=round(number * 86400))


def shown(value: dict[str, Any], number_format: dict[str, Any], locale: str) -> str:
    """Text of an ExtendedValue under a NumberFormat: what the sheet shows and FORMATTED_VALUE returns."""
    if "stringValue" in value:
        return str(value["stringValue"])
    if "boolValue" in value:
        return "TRUE" if value["boolValue"] else "FALSE"
    if "errorValue" in value:
        return error_text(value["errorValue"])
    if "numberValue" not in value:
        return ""
    number, kind = value["numberValue"], number_format.get("type", "")
    pattern = number_format.get("pattern", "")
    if kind in DATE_TYPES:
        return date_text(number, pattern or DEFAULT_PATTERNS[language(locale)][kind], locale)
    pattern = pattern or NUMBER_PATTERNS.get(kind, "")
    if not pattern or pattern in ("General", "@", "0.###############"):
        return general(number, locale)
    return number_text(number, pattern, locale)


def error_text(error: dict[str, Any]) -> str:
    """#REF! and its relatives."""
    names = {"NULL_VALUE": "#NULL!", "DIVIDE_BY_ZERO": "#DIV/0!", "VALUE": "#VALUE!", "REF": "#REF!", "NAME": "#NAME?",
             "NUM": "#NUM!", "N_A": "#N/A", "LOADING": "Loading..."}  # fmt: skip
    return names.get(error.get("type", ""), "#ERROR!")


def general(number: float, locale: str) -> str:
    """A number without format: up to ten significant decimals, no thousands separator."""
    if number == int(number) and abs(number) < 1e15:
        return str(int(number))
    return f"{number:.10g}".replace("e+", "E+").replace("e-", "E-").replace(".", decimal_mark(locale))


def number_text(number: float, pattern: str, locale: str) -> str:
    """A number under a pattern such as #,##0.00, 0%, "Rp"#,##0; sections after `;` serve negative numbers."""
    sections = pattern.split(";")
    if number < 0 and len(sections) > 1:
        pattern, number = sections[1], -number
    else:
        pattern = sections[0]
    core = re.search(r"[#0?][#0?,.]*(?:E\+0+)?", pattern)
    if not core:
        return re.sub(r'["\\]', "", pattern)
    body = core.group(0)
    if "%" in pattern:
        number *= 100
    if "E+" in body:
        digits = len(body.split("E+")[0].partition(".")[2])
        text = f"{number:.{digits}E}"
    else:
        whole, _, decimals = body.partition(".")
        text = f"{number:{',' if ',' in whole else ''}.{len(decimals)}f}"
        optional = len(decimals) - len(decimals.rstrip("#"))
        while optional and text.endswith("0"):
            text, optional = text[:-1], optional - 1
        text = text.rstrip(".")
        width = whole.replace(",", "").count("0")
        if text.split(".")[0].lstrip("-").isdigit():
            head, dot, tail = text.partition(".")
            text = ("-" if head.startswith("-") else "") + head.lstrip("-").zfill(width) + dot + tail
    if decimal_mark(locale) == ",":
        text = text.translate(str.maketrans(",.", ".,"))
    clean = [
        re.sub(r'"([^"]*)"|\[[^\]]*\]|[\\_](.)', r"\1\2", part)
        for part in (pattern[: core.start()], pattern[core.end() :])
    ]
    return f"{clean[0]}{text}{clean[1]}"


def date_text(number: float, pattern: str, locale: str) -> str:
    """A serial number under a date pattern; `m` beside hours or seconds is minutes."""
    moment, words = moment_of(number), language(locale)
    tokens = _DATE_TOKEN.findall(re.sub(r"\[[^\]]*\]", "", pattern))
    twelve = any(token.lower() in ("am/pm", "a/p") for token in tokens)
    out: list[str] = []
    letters = [token[0].lower() if token[0].lower() in "ymdhs" else "" for token in tokens]
    for at, token in enumerate(tokens):
        low = token.lower()
        before = next((k for k in reversed(letters[:at]) if k), "")
        after = next((k for k in letters[at + 1 :] if k), "")
        if low[0] == "m" and (before == "h" or after == "s"):
            out.append(f"{moment.minute:02d}" if len(low) > 1 else str(moment.minute))
        else:
            out.append(_date_part(low, token, moment, words, twelve))
    return "".join(out)


def _date_part(low: str, token: str, moment: datetime, words: str, twelve: bool) -> str:
    size = len(low)
    if low in ("am/pm", "a/p"):
        text = "AM" if moment.hour < 12 else "PM"
        return text if low == "am/pm" else text[0]
    if low[0] == "y":
        return f"{moment.year % 100:02d}" if size <= 2 else f"{moment.year:04d}"
    if low[0] == "m":
        if size >= 3:
            return (SHORT_MONTHS if size == 3 else MONTHS)[words][moment.month - 1]
        return f"{moment.month:02d}" if size == 2 else str(moment.month)
    if low[0] == "d":
        if size >= 3:
            return (SHORT_DAYS if size == 3 else DAYS)[words][moment.weekday()]
        return f"{moment.day:02d}" if size == 2 else str(moment.day)
    if low[0] == "h":
        hour = (moment.hour % 12 or 12) if twelve else moment.hour
        return f"{hour:02d}" if size > 1 else str(hour)
    if low[0] == "s":
        return f"{moment.second:02d}" if size > 1 else str(moment.second)
    if token[0] in '"\\':
        return token.strip('"').lstrip("\\")
    return token
