"""`python -m rekap.vocabulary KIND`: one text a line on stdin, one JSON object a line out (docs/contracts.md).

KIND is date, time, service, status, phone or technician. A date line may be TEXT<TAB>REFERENCE-DATE<TAB>TAB-MONTH or -.
Exit status 0 done, 1 refused input, 2 usage.
"""

import json
import sys
from collections.abc import Callable, Sequence
from datetime import date, time
from typing import Any, TextIO

from rekap.period import MONTH
from rekap.vocabulary.dates import read_date
from rekap.vocabulary.phones import read_phone
from rekap.vocabulary.reading import Reading
from rekap.vocabulary.services import read_services
from rekap.vocabulary.statuses import read_status
from rekap.vocabulary.technicians import read_technicians
from rekap.vocabulary.times import read_time


class Refused(ValueError):
    """A line that is not of the form the command reads; the message says why."""


def answer(kind: str, line: str) -> dict[str, Any]:
    """The JSON object for one line. Raises Refused for a date line with a wrong reference or month."""
    text, reading, shown = READERS[kind](line)
    value = None if reading.problem else shown(reading.value)
    return {"input": text, "value": value, "problem": reading.problem, "flags": list(reading.flags)}


Answer = tuple[str, Reading[Any], Callable[[Any], Any]]


def _date(line: str) -> Answer:
    text, *context = line.split("\t")
    if len(context) > 2:
        raise Refused("more than TEXT<TAB>REFERENCE-DATE<TAB>TAB-MONTH")
    reference, month = [*context, "", ""][:2]
    if month not in ("", "-") and not MONTH.fullmatch(month):
        raise Refused(f"'{month}' is no month: write YYYY-MM or -")
    try:
        day = date.fromisoformat(reference) if reference not in ("", "-") else None
    except ValueError as error:
        raise Refused(f"'{reference}' is no date: write YYYY-MM-DD or -") from error
    tab_month = month if month not in ("", "-") else None
    return text, read_date(text, reference=day, tab_month=tab_month), _days


def _days(value: tuple[date, date | None]) -> dict[str, str | None]:
    return {"date": value[0].isoformat(), "end": value[1].isoformat() if value[1] else None}


def _times(value: tuple[time | None, time | None]) -> dict[str, str | None]:
    return {name: f"{at:%H:%M}" if at else None for name, at in zip(("from", "to"), value, strict=True)}


def _services(value: list[tuple[str, int | None]]) -> list[dict[str, Any]]:
    return [{"service": service, "units": units} for service, units in value]


READERS: dict[str, Callable[[str], Answer]] = {
    "date": _date,
    "time": lambda line: (line, read_time(line), _times),
    "service": lambda line: (line, read_services(line), _services),
    "status": lambda line: (line, read_status(line), str),
    "phone": lambda line: (line, read_phone(line), list),
    "technician": lambda line: (line, read_technicians(line), list),
}


def main(arguments: Sequence[str], source: TextIO, out: TextIO) -> int:
    if len(arguments) != 1 or arguments[0] not in READERS:
        print(f"usage: python -m rekap.vocabulary {'|'.join(READERS)} < LINES", file=sys.stderr)
        return 2
    for number, line in enumerate(source, start=1):
        try:
            print(json.dumps(answer(arguments[0], line.rstrip("\r\n")), ensure_ascii=False), file=out)
        except Refused as error:
            print(f"line {number}: {error}.", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]  # a real stdin has it
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # a real stdout has it
    sys.exit(main(sys.argv[1:], sys.stdin, sys.stdout))
