"""Dates as people here write them, day first (rules: tracker contract).

Problems: `no_date` (no day is named), `bad_date` (unreadable, or more than one reading), `date_conflict` (the weekday
contradicts), `date_outside_tab`; where both of the last apply, the second stands in the flags. Other flags:
`date_other_month` (next to the tab's month), `date_far`.
"""

import re
from dataclasses import replace
from datetime import date, timedelta

from rekap.vocabulary import date_grammar
from rekap.vocabulary.date_grammar import Part, Shape
from rekap.vocabulary.folding import fold
from rekap.vocabulary.reading import ERROR_CELL, Reading, refused

Days = tuple[date, date | None]

LONGEST = 120  # characters
FAR = 400  # days (tracker contract)
EPOCH = date(1899, 12, 30)  # day 0 of a spreadsheet
LONGEST_RANGE = 92  # days; a longer one comes from a misread month, not from a visit
YEARS_AROUND = 5  # a year of two digits further from the reference is more likely an hour or a count
SHORT_YEARS = range(2000, 2070)  # without a reference, two digits that are a year
NEAREST = 200  # days; what is further from its anchor has no date in the nearest year: 29 February
SERIAL = re.compile(r"\d{5}(?:[.,]\d+)?")


def read_date(
    text: str, *, reference: date | None = None, tab_month: str | None = None, alone: bool = False
) -> Reading[Days]:
    """The day or days that a text names: (first, last or None). `tab_month` is `YYYY-MM`; `reference` is the day of
    reading. A missing year is the one nearest the middle of the tab's month, else nearest the reference.
    `alone`: nothing but the date stands in the text, no unit and no note beside it."""
    if len(text) > LONGEST:
        return refused("bad_date")
    folded = fold(text)
    if SERIAL.fullmatch(folded):
        return from_serial(float(folded.replace(",", ".")), reference=reference, tab_month=tab_month)
    shape = date_grammar.shape(folded, alone) if not ERROR_CELL.fullmatch(folded) else date_grammar.UNREADABLE
    if shape.first is None:
        return refused("no_date" if shape.silent else "bad_date")
    days = _resolved(shape.first, shape.last, _anchor(reference, tab_month), tab_month)
    if days is None:
        return refused("bad_date")
    apart = abs(_month_number(days[0]) - _month_number(date.fromisoformat(f"{tab_month}-01"))) if tab_month else 0
    outside = ("date_outside_tab",) if apart > 1 else ()
    if shape.weekdays and not _agrees(shape, *days):
        return refused("date_conflict", *outside)
    if outside:
        return refused("date_outside_tab")
    if tab_month:
        return Reading(days, None, ("date_other_month",) * apart)
    far = reference is not None and abs((days[0] - reference).days) > FAR
    return Reading(days, None, ("date_far",) if far else ())


def from_serial(number: float, *, reference: date | None = None, tab_month: str | None = None) -> Reading[Days]:
    """A spreadsheet's number without a date format: a date only within 400 days of the tab's month or the reference."""
    anchor = _anchor(reference, tab_month)
    if anchor is None or not 1 <= number < 100_000:
        return refused("bad_date")
    day = EPOCH + timedelta(days=int(number))
    return Reading((day, None)) if abs((day - anchor).days) <= FAR else refused("bad_date")


def month_of_word(word: str) -> int | None:
    """1-12 when the word is a month in any spelling that is in use here."""
    return date_grammar.months().get(fold(word))


def _anchor(reference: date | None, tab_month: str | None) -> date | None:
    return date.fromisoformat(f"{tab_month}-15") if tab_month else reference


def _month_number(day: date) -> int:
    return day.year * 12 + day.month


def _agrees(shape: Shape, start: date, end: date | None) -> bool:
    """Whether the weekdays are those of the days: one before the numbers is the first day's."""
    ends = (start.weekday(), (end or start).weekday())
    if len(shape.weekdays) == 1:
        return shape.weekdays[0] in (ends[:1] if shape.weekday_leads else ends)
    return shape.weekdays == ends


def _resolved(first: Part, last: Part | None, anchor: date | None, tab_month: str | None) -> Days | None:
    """The dates that the parts name, or None when one does not exist or can be two."""
    if first.month is None:
        if not tab_month:
            return None
        year, month = map(int, tab_month.split("-"))
        first = replace(first, month=month, year=year)
        last = replace(last, month=month, year=year) if last else None
    if any(part is not None and not _sure(part, anchor) for part in (first, last)):
        return None
    if last is None:
        day = _dated(first, anchor)
        if day is None or _may_be_two_days(first, tab_month):
            return None
        return day, None
    if first.year is None and last.year is not None:
        end = _dated(last, anchor)
        start = end and max(_candidates(first, (end.year - 1, end.year), until=end), default=None)
    else:
        start = _dated(first, anchor)
        if last.year is not None:
            end = _dated(last, anchor)
        else:
            end = start and min(_candidates(last, (start.year, start.year + 1), since=start), default=None)
    if start is None or end is None or not 0 <= (end - start).days <= LONGEST_RANGE:
        return None
    return start, end if end > start else None


def _sure(part: Part, anchor: date | None) -> bool:
    if part.month_first and part.year is None:  # "Agt 26": the 26th, or August 2026
        return anchor is not None and abs(2000 + part.day - anchor.year) > 2
    if part.year is None:
        return True
    if part.short_year:
        return abs(part.year - anchor.year) <= YEARS_AROUND if anchor else part.year in SHORT_YEARS
    return 2000 <= part.year <= 2099


def _may_be_two_days(part: Part, tab_month: str | None) -> bool:
    """`7-8` in the tab of July: 7 August, or the 7th and 8th of July; "tgl 7-8" names days in any tab."""
    days = part.dashed and part.year is None and part.day < (part.month or 0)
    return days and (part.marked or (tab_month is not None and part.month != int(tab_month[5:])))


def _dated(part: Part, anchor: date | None) -> date | None:
    if part.year is not None:
        return next(iter(_candidates(part, (part.year,))), None)
    if anchor is None:
        return None
    days = _candidates(part, (anchor.year - 1, anchor.year, anchor.year + 1))
    day = min(days, key=lambda day: abs((day - anchor).days), default=None)
    return day if day and abs((day - anchor).days) <= NEAREST else None


def _candidates(
    part: Part, years: tuple[int, ...], *, since: date = date.min, until: date = date.max
) -> list[date]:  # fmt: skip
    days = []
    for year in years:
        try:
            day = date(year, part.month or 0, part.day)
        except ValueError:
            continue
        if since <= day <= until:
            days.append(day)
    return days
