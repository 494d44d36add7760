"""The spellings of a date cell: each shape of the reference pages, and each that the contract rejects."""

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from tests.samples.trackers.messy import cells
from tests.samples.trackers.messy.truth import Spelling

MONTH_WORDS = [
    ("Januari", "Jan", "January"),
    ("Februari", "Feb", "Pebruari", "February"),
    ("Maret", "Mar", "Mart", "March"),
    ("April", "Apr"),
    ("Mei", "May"),
    ("Juni", "Jun", "June"),
    ("Juli", "Jul", "July"),
    ("Agustus", "Agt", "Ags", "Agust", "Agu", "Aug", "August"),
    ("September", "Sep", "Sept"),
    ("Oktober", "Okt", "Oct", "October"),
    ("November", "Nov", "Nop", "Nopember"),
    ("Desember", "Des", "Dec", "December"),
]
WEEKDAYS = [
    ("Senin", "Sen", "SENIN"),
    ("Selasa", "Sel"),
    ("Rabu", "Rab", "RABU"),
    ("Kamis", "Kam"),
    ("Jumat", "Jum'at", "Jum’at", "Jumaat", "Jum"),
    ("Sabtu", "Sab"),
    ("Ahad", "Min", "AHAD"),
]
PATTERNS = ["dd/mm/yyyy", "d/m/yy", "mm/dd/yyyy", "m/d/yyyy", "d-mmm", "d mmmm yyyy", "dddd, d mmmm yyyy", "yyyy-mm-dd"]
NO_DATE = [
    "besok",
    "lusa",
    "minggu depan",
    "Senin depan",
    "TBA",
    "tba",
    "menyusul",
    "MENYUSUL",
    "Menyusul ",
    "-",
    " - ",
]
UNREADABLE = ["???", "xx", "asdf", "cek WA grup", "32/8/2026", "30 Februari 2026", "0/0/2026", "7/13/2026", "31/9/2026"]
FULL_WIDTH = str.maketrans("0123456789/", "０１２３４５６７８９／")


@dataclass(frozen=True)
class Calendar:
    """What a date cell may lean on: the month of its tab, whether the tab's name says it, and the other columns."""

    year: int
    month: int
    named: bool
    time_column: bool

    def distance(self, on: date) -> int:
        """By how many calendar months a day lies behind (positive) or before the tab's month."""
        return (on.year - self.year) * 12 + on.month - self.month


def spell(rng: Random, on: date, calendar: Calendar) -> Spelling:
    """The date cell of an order: `on` itself in some shape, or a trap in its place."""
    shapes = [shape for shape, _ in _SHAPES]
    if not calendar.named:
        shapes = [shape for shape in shapes if shape not in _LEAN_ON_THE_NAME]
    weights = [weight for shape, weight in _SHAPES if shape in shapes]
    return rng.choices(shapes, weights)[0](rng, on, calendar)


def sure(rng: Random, on: date) -> Spelling:
    """A date cell that nobody reads wrongly."""
    return _read("real date", cells.day(on, rng.choice(PATTERNS)), on)


def _real(rng: Random, on: date, calendar: Calendar) -> Spelling:
    pattern = rng.choice(PATTERNS)
    return _read(f"real date shown as {pattern}", cells.day(on, pattern), on)


def _real_with_time(rng: Random, on: date, calendar: Calendar) -> Spelling:
    if calendar.time_column:
        return _real(rng, on, calendar)
    at = (rng.randint(8, 18), rng.choice([0, 15, 30, 45]))
    cell = cells.day(on, rng.choice(["dd/mm/yyyy HH:MM", "d/m/yy HH:MM"]), at)
    return _read("date-time cell", cell, on, time=at)


def _plain_serial(rng: Random, on: date, calendar: Calendar) -> Spelling:
    value = cells.serial(on)
    cell = rng.choice([cells.number(value), cells.number(value, f"{value:,}".replace(",", "."), "#,##0")])
    return _read("serial without date format", cell, on)


def _full_text(rng: Random, on: date, calendar: Calendar) -> Spelling:
    name, words = _full(rng, on)
    return _read(*_noisy(rng, f"text {name}", words), on)


def _short_text(rng: Random, on: date, calendar: Calendar) -> Spelling:
    name, words = _short(rng, on)
    return _read(*_noisy(rng, f"text {name}, no year", words), on)


def _day_alone(rng: Random, on: date, calendar: Calendar) -> Spelling:
    words = rng.choice(["tgl {}", "Tgl {}", "tgl. {}", "TGL {}", "tanggal {}"]).format(on.day)
    return _read("text 'tgl 7'", cells.text(words), on)


def _with_weekday(rng: Random, on: date, calendar: Calendar) -> Spelling:
    name, words = _with_day_in_front(rng, on, on.weekday(), calendar)
    return _read(*_noisy(rng, f"weekday in front, {name}", words), on)


def _text_with_time(rng: Random, on: date, calendar: Calendar) -> Spelling:
    if calendar.time_column:
        return _full_text(rng, on, calendar)
    hour, minute = rng.randint(8, 18), rng.choice([0, 30])
    words = rng.choice(
        [
            f"{on.day} {_month(rng, on)} {on.year} {hour}.{minute:02}",
            f"{on:%d/%m/%Y} {hour:02}.{minute:02}",
            f"{on:%d/%m/%y} {hour:02}.{minute:02}",
            f"{on.day} {_month(rng, on)} {on.year} jam {hour}.{minute:02}",
            f"{on:%Y-%m-%d} {hour:02}:{minute:02}",
        ]
    )
    return _read("text date with a time", cells.text(words), on, time=(hour, minute))


def _range(rng: Random, on: date, calendar: Calendar) -> Spelling:
    end = on + timedelta(days=rng.randint(1, 3))
    year = f" {on.year}" if not calendar.named or rng.random() < 0.5 else ""
    if end.month != on.month:
        name, words = "over the month's end", f"{on.day} {_month(rng, on)} - {end.day} {_month(rng, end)} {end.year}"
        if on.year != end.year:
            words = f"{on:%d/%m/%Y} - {end:%d/%m/%Y}"
        return _read(f"range {name}", cells.text(words), on, end=end, undecided=("date_other_month",))
    shapes = {
        "7-8 Agustus": f"{on.day}-{end.day} {_month(rng, on)}{year}",
        "7 - 8 Agustus": f"{on.day} - {end.day} {_month(rng, on)}{year}",
        "7–8 Agustus with a long dash": f"{on.day}–{end.day} {_month(rng, on)}{year}",
        "7 sd 8 Agt": f"{on.day} sd {end.day} {_month(rng, on)}{year}",
        "7 dan 8 Agustus": f"{on.day} dan {on.day + 1} {_month(rng, on)}{year}",
        "7 s/d 8 Agt": f"{on.day} s/d {end.day} {_month(rng, on)}{year}",
        "7 & 8 Agustus": f"{on.day} & {on.day + 1} {_month(rng, on)}{year}",
        "dd/mm/yyyy - dd/mm/yyyy": f"{on:%d/%m/%Y} - {end:%d/%m/%Y}",
    }
    if calendar.named:
        shapes["7&8/8"] = f"{on.day}&{on.day + 1}/{on.month}"
        shapes["7/8 - 9/8"] = f"{on.day}/{on.month} - {end.day}/{end.month}"
    name = rng.choice(list(shapes))
    if "&" in name or "dan" in name:
        end = on + timedelta(days=1)
    return _read(f"range {name}", cells.text(shapes[name]), on, end=end)


def _conflict(rng: Random, on: date, calendar: Calendar) -> Spelling:
    wrong = rng.choice([weekday for weekday in range(7) if weekday != on.weekday()])
    name, words = _with_day_in_front(rng, on, wrong, calendar)
    return _refused(f"weekday that contradicts, {name}", cells.text(words), "date_conflict")


def _outside(rng: Random, on: date, calendar: Calendar) -> Spelling:
    year_off = rng.random() < 0.3
    far = _moved(on, rng.choice([-12, 12, -24]) if year_off else rng.choice([-4, -3, -2, 2, 3, 4]))
    name, words = _short(rng, far) if calendar.named and not year_off and rng.random() < 0.4 else _full(rng, far)
    trap = "text of another year" if year_off else "text outside the tab"
    return _refused(f"{trap}, {name}", cells.text(words), "date_outside_tab")


def _next_month(rng: Random, on: date, calendar: Calendar) -> Spelling:
    near = _moved(on, rng.choice([-1, 1]))
    short = calendar.named and rng.random() < 0.6
    name, words = _short(rng, near) if short else _full(rng, near)
    trap = "month beside over New Year" if near.year != calendar.year else "month beside"
    return _read(f"{trap}, {name}{', no year' if short else ''}", cells.text(words), near, flags=("date_other_month",))


def _swapped(rng: Random, on: date, calendar: Calendar) -> Spelling:
    """Day and month in the American order: the contract reads day-first, and what that gives decides."""
    if on.day > 12 or on.day == on.month:
        return _full_text(rng, on, calendar)
    cell = cells.text(f"{on:%m/%d/%Y}")
    said = date(on.year, on.day, on.month)
    if abs(calendar.distance(said)) > 1:
        return _refused("American order", cell, "date_outside_tab")
    return _read("American order", cell, said, flags=("date_other_month",))


def _no_date(rng: Random, on: date, calendar: Calendar) -> Spelling:
    words = rng.choice(NO_DATE)
    return _refused(f"no date: {words.strip().lower()}", cells.text(words), "no_date")


def empty(rng: Random, on: date, calendar: Calendar) -> Spelling:
    """An empty date cell beside other content."""
    blank = rng.choice([None, None, cells.text(" "), {"effectiveFormat": {"backgroundColor": cells.GREY}}])
    return Spelling("empty date", {"service_date": blank} if blank else {}, problems=("no_date",))


def _unreadable(rng: Random, on: date, calendar: Calendar) -> Spelling:
    words = rng.choice(UNREADABLE)
    return _refused(f"unreadable: {words}", cells.text(words), "bad_date")


def _bad_number(rng: Random, on: date, calendar: Calendar) -> Spelling:
    value = rng.choice([on.day, int(f"{on:%Y%m%d}"), on.year, cells.serial(_moved(on, 12 * rng.choice([-3, 3, 5])))])
    return _refused("number that is no serial", cells.number(value), "bad_date")


def _error(rng: Random, on: date, calendar: Calendar) -> Spelling:
    kind = rng.choice(["REF", "N_A", "LOADING", "VALUE"])
    return _refused(f"error cell {cells.ERRORS[kind][0]}", cells.error(kind), "bad_date")


def _real_elsewhere(rng: Random, on: date, calendar: Calendar) -> Spelling:
    months = rng.choice([-5, -3, -2, -1, 1, 2, 4, -36, 36, 60])
    away = _moved(on, months)
    far = ("date_far",) if abs(months) > 12 else ()
    cell = cells.day(away, "dd/mm/yyyy")
    trap = "real date beyond 400 days" if far else "real date of another month"
    return _read(trap, cell, away, flags=far, undecided=("date_other_month",))


_SHAPES: list[tuple[Callable[[Random, date, Calendar], Spelling], float]] = [
    (_real, 26),
    (_real_with_time, 4),
    (_plain_serial, 4),
    (_full_text, 18),
    (_short_text, 10),
    (_day_alone, 3),
    (_with_weekday, 8),
    (_text_with_time, 3),
    (_range, 4),
    (_conflict, 2),
    (_outside, 2),
    (_next_month, 3),
    (_swapped, 1.5),
    (_no_date, 3),
    (empty, 1),
    (_unreadable, 2),
    (_bad_number, 1.5),
    (_error, 1.5),
    (_real_elsewhere, 1.5),
]
_LEAN_ON_THE_NAME = (_short_text, _day_alone)


def _full(rng: Random, on: date) -> tuple[str, str]:
    shapes = {
        "d/m/yy": f"{on.day}/{on.month}/{on:%y}",
        "dd-mm-yyyy": f"{on:%d-%m-%Y}",
        "d.m.yyyy": f"{on.day}.{on.month}.{on.year}",
        "dd/mm/yyyy": f"{on:%d/%m/%Y}",
        "d / m / yyyy": f"{on.day} / {on.month} / {on.year}",
        "yyyy-mm-dd": f"{on:%Y-%m-%d}",
        "yyyy/mm/dd": f"{on:%Y/%m/%d}",
        "d Month yyyy": f"{on.day} {_month(rng, on)} {on.year}",
        "dd MONTH yyyy": f"{on.day:02} {_month(rng, on).upper()} {on.year}",
        "d-Month-yy": f"{on.day}-{_month(rng, on)}-{on:%y}",
        "d Month'yy": f"{on.day} {_month(rng, on)}'{on:%y}",
        "tgl d Month yyyy": f"tgl {on.day} {_month(rng, on)} {on.year}",
        "Month d, yyyy": f"{MONTH_WORDS[on.month - 1][-1]} {on.day}, {on.year}",
    }
    name = rng.choice(list(shapes))
    return name, shapes[name]


def _short(rng: Random, on: date) -> tuple[str, str]:
    shapes = {
        "d/m": f"{on.day}/{on.month}",
        "dd/mm": f"{on:%d/%m}",
        "d Month": f"{on.day} {_month(rng, on)}",
        "d MONTH": f"{on.day} {_month(rng, on).upper()}",
        "d-Month": f"{on.day}-{_month(rng, on)}",
        "tgl d/m": f"tgl {on.day}/{on.month}",
        "Tgl d Month": f"Tgl {on.day} {_month(rng, on)}",
    }
    name = rng.choice(list(shapes))
    return name, shapes[name]


def _with_day_in_front(rng: Random, on: date, weekday: int, calendar: Calendar) -> tuple[str, str]:
    day = rng.choice(WEEKDAYS[weekday])
    joint = rng.choice([" ", ", "])
    month = _month(rng, on)
    shapes = {
        "d Month yyyy": f"{on.day} {month} {on.year}",
        "dd/mm/yyyy": f"{on:%d/%m/%Y}",
        "d-m-yy": f"{on.day}-{on.month}-{on:%y}",
    }
    if calendar.named:
        shapes |= {"d/m": f"{on.day}/{on.month}", "d Month": f"{on.day} {month}"}
    name = rng.choice(list(shapes))
    if weekday == 6 and name == "d Month yyyy":  # "Minggu 2 Agustus" alone may also be a week
        day, joint = rng.choice(["Minggu", "MINGGU", "Ahad"]), ", "
    if rng.random() < 0.15 and day not in ("Minggu", "MINGGU"):
        return f"{name}, weekday behind", f"{shapes[name]}{rng.choice([' ({})', ', {}', ' {}']).format(day)}"
    return name, f"{day}{joint}{shapes[name]}"


def _month(rng: Random, on: date) -> str:
    return rng.choice(MONTH_WORDS[on.month - 1])


def _moved(on: date, months: int) -> date:
    year, month = divmod(on.year * 12 + on.month - 1 + months, 12)
    return date(year, month + 1, min(on.day, monthrange(year, month + 1)[1]))


def _noisy(rng: Random, name: str, words: str) -> tuple[str, cells.Cell]:
    noise = rng.choice(
        ["", "", "", "", "", "", "NBSP", "double blanks", "blanks around", "full-width digits", "capitals"]
    )
    written = {
        "": words,
        "NBSP": words.replace(" ", "\u00a0"),
        "double blanks": words.replace(" ", "  "),
        "blanks around": f" {words}\u00a0",
        "full-width digits": words.translate(FULL_WIDTH),
        "capitals": words.upper(),
    }[noise]
    changed = noise and written != words
    return f"{name} with {noise}" if changed else name, cells.text(written)


def _read(
    trap: str,
    cell: cells.Cell,
    on: date,
    *,
    end: date | None = None,
    time: tuple[int, int] | None = None,
    flags: tuple[str, ...] = (),
    undecided: tuple[str, ...] = (),
) -> Spelling:
    values = {"service_date": on.isoformat(), "service_date_end": end.isoformat() if end else None}
    if time:
        values["time_from"] = "{:02}:{:02}".format(*time)
    return Spelling(trap, {"service_date": cell}, values, flags=flags, undecided=undecided)


def _refused(trap: str, cell: cells.Cell, problem: str) -> Spelling:
    return Spelling(trap, {"service_date": cell}, problems=(problem,))
