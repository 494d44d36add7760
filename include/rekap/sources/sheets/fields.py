"""One cell's value for each column of a tracker, by the vocabulary and the kind of the cell (tracker contract)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, time

from rekap.sources.sheets.cells import Cell
from rekap.vocabulary import dates, lexicon, services, statuses, technicians, times, units
from rekap.vocabulary.folding import fold
from rekap.vocabulary.reading import EMPTY, LONGEST, Reading

FAR = 400  # days between a real date cell and its tab's month (tracker contract)
REFERENCE = re.compile(r"(?<![\d.,])[1-9]\d{6,17}(?![\d.,]\d|\d)")
BASECAMP_URL = re.compile(r"(?:https?://[\w.:-]+|\b[\w.-]*basecamp\.com)/\S{0,200}?/todos/(\d+)")
CLOCK = re.compile(r"\d[.:]\d\d|\d ?[a-zA-Z]|[a-zA-Z] ?\d")
ANY_MONTH = "2000-01"  # only whether two texts name the same day is asked
ERROR_CELL = "error_cell"
TOO_LONG = "cell_too_long"


@lexicon.by_words(8_000)
def _read_date(text: str, reference: date | None, month: str | None) -> Reading[dates.Days]:
    return dates.read_date(text, reference=reference, tab_month=month)


@dataclass
class Fields:
    """What the cells of one row say; `flags` in the order in which they were found."""

    service_date: date | None = None
    service_date_end: date | None = None
    date_problems: tuple[str, ...] = ()
    time_from: time | None = None
    time_to: time | None = None
    outlet: str | None = None
    services: list[tuple[str, int | None]] = field(default_factory=list)
    units: int | None = None
    status: str | None = None
    technicians: list[str] = field(default_factory=list)
    order_ref: int | None = None
    flags: list[str] = field(default_factory=list)

    def flag(self, *flags: str) -> None:
        self.flags += [flag for flag in flags if flag not in self.flags]


def read_day(fields: Fields, cell: Cell, *, as_of: date, month: str | None) -> None:
    """The date; problems `no_date`, `bad_date`, `date_conflict`, `date_outside_tab`, several where several apply."""
    if cell.kind == "date":
        fields.service_date = cell.day
        anchor = date.fromisoformat(f"{month}-15") if month else as_of
        if cell.day and abs((cell.day - anchor).days) > FAR:
            fields.flag("date_far")
        return
    if cell.is_empty:
        fields.date_problems = ("no_date",)
        return
    if cell.kind in ("error", "bool") or (cell.kind == "time" and cell.number < 1):
        fields.date_problems = ("bad_date",)
        return
    if cell.kind in ("number", "time"):
        reading: Reading[dates.Days] = dates.from_serial(cell.number, reference=as_of, tab_month=month)
    else:
        reading = _read_date(cell.text, as_of, month)
    if reading.value:
        fields.service_date, fields.service_date_end = reading.value
        fields.flag(*reading.flags)
    else:
        also = [flag for flag in reading.flags if flag == "date_outside_tab"]
        fields.date_problems = (reading.problem or "bad_date", *also)


def read_clock(fields: Fields, cell: Cell, day_cell: Cell) -> None:
    """The times of the time column, else those that stand in the date's cell: its fraction, or behind the day."""
    if cell.kind == "error":
        fields.flag(ERROR_CELL)
    elif cell.clock is not None:
        fields.time_from = cell.clock
    elif cell.kind in ("text", "number"):
        reading = times.read_time(_clock_text(cell))
        if reading.value:
            fields.time_from, fields.time_to = reading.value
        if reading.problem not in (None, EMPTY):
            fields.flag("time_unknown")
        fields.flag(*reading.flags)
    elif cell.kind in ("bool", "date"):
        fields.flag("time_unknown")
    if fields.time_from is None and fields.time_to is None and "time_unknown" not in fields.flags:
        fields.time_from = day_cell.clock
        if day_cell.kind == "text" and fields.service_date:
            fields.time_from, fields.time_to = _behind_day(day_cell.text) or (None, None)


@lexicon.by_words(8_000)
def _behind_day(text: str) -> times.Span | None:
    """The time in a text such as "7 Agt 2026, jam 14.30"."""
    text = re.sub(r"(?<=\d)T(?=\d\d:)", " ", text)
    if not CLOCK.search(text) or len(text) > dates.LONGEST:
        return None
    day = _read_date(text, None, ANY_MONTH).value
    for space in re.finditer(r"[\s,(]+", text):
        head, tail = text[: space.start()], text[space.end() :].rstrip(") ")
        if CLOCK.search(tail) and (span := times.read_time(tail).value) and span != (None, None):
            if _read_date(head, None, ANY_MONTH).value == day:
                return span
    return None


def _clock_text(cell: Cell) -> str:
    if cell.kind == "number" and 0 < cell.number < 1:  # a time whose format was lost
        minutes = round(cell.number * 1440)
        return f"{minutes // 60 % 24:02}.{minutes % 60:02}"
    return cell.text


def read_outlet(fields: Fields, cell: Cell) -> None:
    """The outlet as written; flag `outlet_missing` where there is none, `cell_too_long` where the text is no name."""
    if cell.kind == "error":
        fields.flag(ERROR_CELL)
    elif len(cell.text) > LONGEST:
        fields.flag(TOO_LONG)
    elif not cell.is_empty and not cell.is_line and cell.kind != "bool":
        fields.outlet = cell.text.replace("\n", " ")
    if fields.outlet is None:
        fields.flag("outlet_missing")


def read_work(fields: Fields, service_cell: Cell, unit_cell: Cell, beside: Iterable[str]) -> None:
    """Services with their units, and the total: the unit column's number, else the sum of what the services say.
    `beside`: the other texts of the row, which may say what "service" alone means."""
    said: tuple[str, ...] = ()
    if service_cell.kind == "error":
        fields.flag(ERROR_CELL)
    elif not service_cell.is_empty and service_cell.kind != "bool":
        reading = services.read_services(service_cell.text)
        if reading.value and any(code == "repair" for code, _ in reading.value):
            reading = services.read_services(service_cell.text, row_text=" ; ".join(beside))
        fields.services, said = list(reading.value or []), reading.flags
        if reading.problem not in (None, EMPTY):
            fields.flag("service_unknown")
    column = _units(fields, unit_cell)
    own = [number for _, number in fields.services]
    total = sum(number for number in own if number is not None) if own and None not in own else None
    if column is None:
        # What the column names but nobody can read is not replaced by what the services say.
        fields.units = None if "units_unknown" in fields.flags else total
        fields.flag(*(flag for flag in said if flag == "units_unknown" and fields.units is None))
        return
    fields.units = column
    if total is not None and total != column:
        fields.flag("units_conflict")
    if len(fields.services) == 1 and own == [None]:
        fields.services = [(fields.services[0][0], column)]


def _units(fields: Fields, cell: Cell) -> int | None:
    if cell.kind == "error":
        fields.flag(ERROR_CELL)
    if cell.is_empty or cell.kind == "error":
        return None
    if cell.kind == "number":
        if cell.number.is_integer() and 0 < cell.number <= units.MOST:
            return int(cell.number)
    elif cell.kind == "text":
        reading = units.read_units(cell.text)
        if reading.problem is None or reading.problem == EMPTY:
            return reading.value
    fields.flag(units.UNITS_UNKNOWN)
    return None


def read_state(fields: Fields, cell: Cell, struck: bool) -> None:
    """The status; a struck row is cancelled whatever its status says."""
    if struck:
        fields.status = "cancelled"
        fields.flag("struck", *((ERROR_CELL,) if cell.kind == "error" else ()))
    elif cell.kind == "bool":
        fields.status = "done" if cell.number else None
    elif cell.kind == "error":
        fields.flag(ERROR_CELL)
    elif not cell.is_empty:
        reading = statuses.read_status(cell.text)
        fields.status = reading.value
        if reading.problem not in (None, EMPTY):
            fields.flag("status_unknown")


def read_crew(fields: Fields, cell: Cell) -> None:
    """The technicians' names; none for an empty cell or a dash."""
    if cell.kind == "error":
        fields.flag(ERROR_CELL)
    elif cell.kind in ("text", "number", "date"):
        reading = technicians.read_technicians(cell.text)
        fields.technicians = list(reading.value or [])
        if reading.problem not in (None, EMPTY):
            fields.flag("technicians_unknown")


def read_reference(fields: Fields, cell: Cell, others: list[Cell]) -> None:
    """The Basecamp to-do id: of the reference column, else out of an address in any other cell of the row."""
    own = [] if cell.kind in ("date", "time", "bool") else _ids_of_urls(cell) or _bare_ids(cell)
    elsewhere = [number for other in others for number in _ids_of_urls(other)]
    if cell.kind == "error":
        fields.flag(ERROR_CELL)
    found = own or elsewhere
    if found:
        fields.order_ref = found[0]
        if any(number != found[0] for number in (*own, *elsewhere)):
            fields.flag("ref_conflict")


def _ids_of_urls(cell: Cell) -> list[int]:
    if "/todos/" not in cell.text and not cell.link:
        return []
    return [_id(found) for text in (cell.text, cell.link or "") for found in BASECAMP_URL.findall(text) if _id(found)]


def _bare_ids(cell: Cell) -> list[int]:
    plain = re.sub(r"https?://\S+", " ", fold(cell.text))
    return [_id(found) for found in REFERENCE.findall(plain) if _id(found)]


def _id(digits: str) -> int:
    """The id, or 0 for a number that no id can be."""
    return int(digits) if len(digits) <= 18 else 0
