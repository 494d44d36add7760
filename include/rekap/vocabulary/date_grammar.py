"""The shapes in which a date is written: text → the numbers that it names, without deciding what is missing.

Words become signs first: months `M8`, "tgl" before a number `D`, "s/d" `~`, "dan" `&`, "dari" `^`.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace

from rekap.vocabulary import lexicon, notes
from rekap.vocabulary.date_words import said
from rekap.vocabulary.times import is_time

YEAR = r"(?:'?(\d{4}|\d{2}))"
ORDINAL = r"(st|nd|rd|th)?"
YEAR_FIRST = re.compile(r"(\d{4}) ?([/.-]| ) ?(?:M(\d+)|(\d{1,2})) ?\2 ?(\d{1,2})")
COMPACT = re.compile(r"(20\d\d)(\d\d)(\d\d)|(\d\d)(\d\d)(20\d\d)")
NUMERIC = re.compile(rf"D?(\d{{1,2}}) ?([/.-]) ?(\d{{1,2}})(?: ?\2 ?{YEAR}|[ /.-]{{1,3}}(\d{{4}}))?")
SPACED = re.compile(r"D?(\d{1,2}) (\d{1,2}) (\d{4})")
NAMED = re.compile(rf"D?(\d{{1,2}}){ORDINAL}[ ,.]{{0,3}}M(\d+)(?:[ ,.]{{0,3}}{YEAR}|[-/](\d{{4}}))?")
JOINED = re.compile(rf"D?(\d{{1,2}})([-/.])M(\d+)(?:(?:\2|[ ,]{{1,2}}){YEAR})?")
MONTH_FIRST = re.compile(rf"M(\d+)[ .,-]{{0,3}}(D)?(\d{{1,2}}){ORDINAL}(?:[ ,]{{1,2}}{YEAR})?")
MONTH_FIRST_RANGE = re.compile(r"(M\d+) (\d{1,2}) ?([-~]) ?(\d{1,2}),? (\d{4})")
DAY = re.compile(r"(D)?(\d{1,2})")
# One number too many for a date, too few for two: "07-08-2026-09", "2026-08-07-08-09".
CHAINED = re.compile(r"\d{1,4}-\d{1,4}-\d{1,4}-\d{1,4}(?:-\d{1,4})?|\d{1,2}-M\d+-\d{2,4}-\d{1,2}")
LISTED = re.compile(r"D?(\d{1,2}(?: ?[&,+] ?\d{1,2})*) ?[&,+] ?(D?\d{1,2}\b.*)")
# A day that was counted, not named: "2 hari lagi", "H-1", "minggu ke-2", "dua minggu lagi".
COUNTED = (
    r"\bh ?[+-] ?\d|\bd ?- ?\d|(?:\d|\b(?:{counts})) ?(?:hari|hr|bulan|bln|pekan|days?|weeks?|months?)\b"
    r"|(?:\d|\b(?:{counts})) ?(?:minggu|mgg) (?:lagi|lg|ke depan|kedepan|setelah|dari)"
)
NUMBERED_WEEK = re.compile(
    r"\b(?:minggu|mgg|pekan|week|wk) ?(?:ke|yang|yg)[ -]{0,2}(?:\d|[a-z])|\b(?:week|wk|pekan) ?\d"
)
CLOCK = re.compile(r"[a-z]|\d[.:]\d\d")
ONLY_A_PART_OF_DAY = re.compile(r"[^\d]*")
YEARS = range(20, 40)  # two digits behind a dash that may be a year as well as a day


@dataclass(frozen=True)
class Part:
    """What one date of a text names. `dashed`: written `7-8`, which may mean two days as well; `dotted`: `7.8`;
    `marked`: "tgl 7"."""

    day: int
    month: int | None = None
    year: int | None = None
    short_year: bool = False
    month_first: bool = False
    dashed: bool = False
    dotted: bool = False
    marked: bool = False


@dataclass(frozen=True)
class Shape:
    """A text taken apart: its date or dates, the weekdays beside them, or that it says in known words that no day is
    known yet (`silent`). Without `first` and not silent it is unreadable. `weekday_leads`: it stands before the first
    number."""

    first: Part | None = None
    last: Part | None = None
    weekdays: tuple[int, ...] = ()
    weekday_leads: bool = False
    silent: bool = False


UNREADABLE, SILENT = Shape(), Shape(silent=True)


@lexicon.by_words(4000)
def shape(folded: str, alone: bool = False) -> Shape:
    """Take a folded text apart; unless the date must stand alone, what stands beside a day that is named with its month
    and says nothing of it is no part of the date."""
    if notes.is_crossed(folded):
        return UNREADABLE
    whole = _shape(folded)
    if alone or whole.first is not None or not re.search(r"\d", folded):
        return whole
    plain = notes.without_numbers(folded)
    for text in dict.fromkeys((plain, *notes.heads(folded), *notes.heads(plain))):
        found = _shape(text)
        if found.first is not None and found.first.month is not None:
            return found
    return whole


def _shape(folded: str) -> Shape:
    if folded.startswith("~"):  # "about"
        return UNREADABLE
    found = said(re.sub(r"(?<=\d)t(?=\d\d:)", " ", folded))
    no_day = found.relative or found.open or found.span or bool(found.weekdays)
    if NUMBERED_WEEK.search(folded):
        return SILENT
    names_month = re.search(r"M\d|\d ?[/.] ?\d", found.text)
    if not names_month and _counted().search(found.counted):
        return SILENT
    if not re.search(r"\d", re.sub(r"M\d+", "", found.text)) or re.fullmatch(r"M\d+ '?\d{2,4}", found.text):
        empty = not re.search(r"[\w?]", found.text)
        return SILENT if (no_day or empty) else UNREADABLE
    timed = ""
    dates = parts(found.text)
    if dates is None:
        dates, timed = _beside_time(found.text)
    if dates is None or (dates[0].month is None and (found.relative or found.open or found.span)):
        only_a_time = no_day and _is_time(found.text)
        return SILENT if only_a_time else UNREADABLE
    if found.open or found.last:  # "7/8 tbc": a day, and that it is none yet; "terakhir 7/8": the visit before
        return UNREADABLE
    if _of_the_clock(dates[0]) and timed and not re.search(r"\d", timed):
        return UNREADABLE  # "7 pagi" and "Jumat 7-8 pagi" are times rather than the morning of a day
    if dates[0].month is None and not (dates[0].marked or found.weekdays or timed) and found.numbered:
        return UNREADABLE  # "jadwal 2": the second one
    if found.weekdays == (6,) and dates[0].month is None and dates[0].day <= 5 and not dates[0].marked:
        return UNREADABLE  # "minggu 2" is the second week as well as Sunday the 2nd
    return Shape(dates[0], dates[1], found.weekdays, found.weekday_leads)


def parts(text: str) -> tuple[Part, Part | None] | None:
    """One date, or the first and last day of a range; None when the text is neither, or could be two things."""
    if one := _one(text):
        return one, None
    if CHAINED.fullmatch(text) or text[:1] in ("~", "&") or text[-1:] in ("~", "&"):  # "s/d 8 Agustus": since when?
        return None
    text = MONTH_FIRST_RANGE.sub(r"\2\3\4 \1 \5", text)
    if text.startswith("^"):
        text = text[1:].strip()
        if not re.search(r"[~-]", text):
            return None
    if text.count("~") == 1:
        return _range(*text.split("~"))
    if (listed := LISTED.fullmatch(text)) and (last := _one(listed[2])) and not last.month_first:
        days = [int(day) for day in re.findall(r"\d+", listed[1])]
        if [*days, last.day] == list(range(days[0], days[0] + len(days) + 1)):
            return replace(last, day=days[0]), last
        return None
    for separator in ("&", ","):
        if text.count(separator) == 1 and (ranged := _range(*text.split(separator))):
            return ranged if _follows(*ranged) else None
    if text.count(" - ") == 1 and (ranged := _range(*text.split(" - "))):
        return None if _may_be_year(ranged, text) else ranged
    found = list(_dash_ranges(text))
    return found[0] if len(found) == 1 and not _may_be_year(found[0], text) else None


def _of_the_clock(part: Part) -> bool:
    """Whether the numbers of a day may be hours."""
    return not part.marked and (part.month is None or (part.year is None and (part.dashed or part.dotted)))


@lexicon.by_words()
def _counted() -> re.Pattern[str]:
    return re.compile(COUNTED.format(counts=lexicon.alternatives(lexicon.words("dates", "counts"))))


def _is_time(text: str) -> bool:
    return is_time(text.replace("~", " s/d ").replace("D", ""))


def _beside_time(text: str) -> tuple[tuple[Part, Part | None] | None, str]:
    """The date before or behind a clock time, and that time; nothing when the text can be split in two ways."""
    found: dict[tuple[Part, Part | None], str] = {}
    for space in (match.start() for match in re.finditer(" ", text)):
        head, tail = text[:space].rstrip(" ,-;:|@/"), text[space + 1 :].lstrip(" ,-;:|@/")
        for day, moment in ((head, tail), (tail, head)):
            if "M" in moment or not CLOCK.search(moment) or not (dates := parts(day)) or not _is_time(moment):
                continue
            if day is tail and dates[0].month is None and not dates[0].marked:
                continue  # "10.00 12": the 12th, or until 12
            found.setdefault(dates, moment)
    return next(iter(found.items())) if len(found) == 1 else (None, "")


def _follows(first: Part, last: Part) -> bool:
    """Whether two days that are named one by one are neighbours: "31 Juli & 1 Agustus"."""
    if first.month == last.month or first.month is None:
        return last.day == first.day + 1
    ends = (monthrange(2024, first.month)[1], monthrange(2025, first.month)[1])
    return last.day == 1 and last.month == first.month % 12 + 1 and first.day in ends


def _may_be_year(ranged: tuple[Part, Part], text: str) -> bool:
    """ "7 Agt-26": until the 26th, or August 2026."""
    bare = re.search(r"- ?'?(\d{2})$", text)
    return bool(bare and int(bare[1]) in YEARS and ranged[1].year is None and ranged[0].month is not None)


def _dash_ranges(text: str) -> Iterator[tuple[Part, Part]]:
    for dash in re.finditer("-", text):
        if ranged := _range(text[: dash.start()], text[dash.end() :]):
            yield ranged


def _range(left: str, right: str) -> tuple[Part, Part] | None:
    first, last = _one(left), _one(right)
    if first is None or last is None or _may_be_month_first(left, right) or _may_be_month_first(right, left):
        return None
    if first.month is None:
        return replace(last, day=first.day, month_first=False), last
    if last.month is None:
        return first, replace(first, day=last.day)
    return first, last


def _may_be_month_first(whole: str, short: str) -> bool:
    """ "2026-08-07 s/d 08-09": until 8 September, or until 9 August in the order of the first."""
    numeric = NUMERIC.fullmatch(short.strip(" ,."))
    return bool(numeric and not (numeric[4] or numeric[5]) and YEAR_FIRST.fullmatch(whole.strip(" ,.")))


def _one(text: str) -> Part | None:
    text = text.strip(" ,.")
    if match := YEAR_FIRST.fullmatch(text):
        return _part(match[5], match[3] or match[4], match[1])
    if match := COMPACT.fullmatch(text):
        return _part(match[3] or match[4], match[2] or match[5], match[1] or match[6])
    if match := NUMERIC.fullmatch(text):
        part = _part(match[1], match[3], match[4] or match[5])
        dashed, dotted = match[2] == "-", match[2] == "."
        return replace(part, dashed=dashed, dotted=dotted, marked=text.startswith("D")) if part else None
    if match := SPACED.fullmatch(text):
        return _part(match[1], match[2], match[3])
    if match := NAMED.fullmatch(text):
        return _part(match[1], match[3], match[4] or match[5])
    if match := JOINED.fullmatch(text):
        return _part(match[1], match[3], match[4])
    if match := MONTH_FIRST.fullmatch(text):
        part = _part(match[3], match[1], match[5])
        return replace(part, month_first=not (match[2] or match[4])) if part else None
    if match := DAY.fullmatch(text):
        part = _part(match[2], None, None)
        return replace(part, marked=bool(match[1])) if part else None
    return None


def _part(day: str, month: str | None, year: str | None) -> Part | None:
    if not 1 <= int(day) <= 31 or (month is not None and not 1 <= int(month) <= 12):
        return None
    short = year is not None and len(year) == 2
    number = None if year is None else int(year) + (2000 if short else 0)
    return Part(int(day), int(month) if month else None, number, short)


def months() -> dict[str, int]:
    """Folded spelling → 1-12."""
    from rekap.vocabulary import date_words

    return date_words.months()


def weekdays() -> dict[str, int]:
    """Folded spelling → 0 for Monday to 6."""
    from rekap.vocabulary import date_words

    return date_words.weekdays()
