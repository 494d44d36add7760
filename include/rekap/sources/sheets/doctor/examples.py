"""What became of a cell, in a person's words."""

from rekap import catalogue
from rekap.sources.sheets.doctor.report import Example
from rekap.sources.sheets.doctor.shown import shown

SAME = "✔"  # what is understood is what is written


def told(meaning: str | None, example: Example, language: str) -> tuple[str, str]:
    """The cell as written, and what was understood; empty where the column is not used."""
    written, read = shown(example.written, 40), _understood(meaning, example, language)
    return written, SAME if read == written else read


def _understood(meaning: str | None, example: Example, language: str) -> str:
    row = example.row
    if meaning is None or row is None:
        return ""
    read = row.read
    if meaning == "service_date":
        days = [catalogue.day(language, day) for day in (read.service_date, read.service_date_end) if day]
        return " – ".join(days) or _say(language, "read_refused")
    if meaning == "time":
        times = [catalogue.clock(language, at) for at in (read.time_from, read.time_to) if at]
        return "–".join(times) or _nothing("time_unknown" in read.flags, example, language)
    if meaning == "service":
        work = [
            f"{catalogue.text(language, f'service.{code}')}{f' {units}' if units else ''}"
            for code, units in read.services
        ]
        return ", ".join(work) or _nothing(True, example, language)
    if meaning == "status":
        if read.status:
            return catalogue.text(language, f"status.{read.status}")
        return _nothing("status_unknown" in read.flags, example, language)
    if meaning == "technicians":
        unknown = "technicians_unknown" in read.flags
        return shown(", ".join(read.technicians), 40) or _nothing(unknown, example, language)
    if meaning == "order_ref" and read.order_ref:
        return _say(language, "read_order", number=read.order_ref)
    if meaning == "note":
        return SAME
    value = {"outlet": shown(read.outlet or "", 40), "units": str(read.units or "")}.get(meaning)
    return value or _nothing(True, example, language)


def _nothing(unknown: bool, example: Example, language: str) -> str:
    """Of a cell of which nothing was understood; one without a letter or digit, such as "-", says nothing."""
    if not unknown or not any(map(str.isalnum, example.written)) or example.row is None:
        return _say(language, "read_nothing")
    return _say(language, "read_unknown", row=example.row.row)


def _say(language: str, key: str, **values: object) -> str:
    return catalogue.text(language, f"doctor.{key}", **values)
