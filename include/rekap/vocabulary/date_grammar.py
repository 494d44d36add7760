"""The shapes in which a date is written: text → the numbers that it names, without deciding what is missing."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from rekap.vocabulary import lexicon
from rekap.vocabulary.folding import fold
from rekap.vocabulary.times import read_time

YEAR_FIRST = re.compile(r"(\d{4}) ?([/.-]| ) ?(?:M(\d+)|(\d{1,2})) ?\2 ?(\d{1,2})")
NUMERIC = re.compile(r"(\d{1,2}) ?([/.-]) ?(\d{1,2})(?: ?\2 ?'?(\d{4}|\d{2})|[ /.-]+(\d{4}))?")
SPACED = re.compile(r"(\d{1,2}) (\d{1,2}) (\d{4})")
NAMED = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ ,.]*M(\d+)(?:[ ,.]*'?(\d{4}|\d{2})|[-/](\d{4}))?")
JOINED = re.compile(r"(\d{1,2})([-/.])M(\d+)(?:(?:\2|[ ,]+)'?(\d{4}|\d{2}))?")
MONTH_FIRST = re.compile(r"M(\d+)[ .-]*(\d{1,2})(?:st|nd|rd|th)?(?:[ ,]+'?(\d{4}|\d{2}))?")
DAY = re.compile(r"\d{1,2}")
LISTED = re.compile(r"((?:\d{1,2} ?[&,+] ?)+)(\d{1,2}\b.*)")
CLOCK = re.compile(r"[a-z]|\d[.:]\d\d")
TOKEN = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|\d+|\s+|.", re.DOTALL)
# A number of days or weeks names no day: "2 hari lagi", "minggu ke-2", "H-1".
COUNTED = re.compile(
    r"\bh ?[+-] ?\d|\d ?(hari|hr|bulan|bln|pekan)\b|\d ?(minggu|mgg) (lagi|lg|ke depan|kedepan|setelah)"
    r"|\b(minggu|mgg|pekan|week) ?ke\b"
)
WEEKS = re.compile(r"\b(minggu|mgg|pekan) (depan|dpn|ini|lalu|besok)\b")


@dataclass(frozen=True)
class Part:
    """What one date of a text names. `dashed`: written `7-8`, which may mean two days as well."""

    day: int
    month: int | None = None
    year: int | None = None
    short_year: bool = False
    month_first: bool = False
    dashed: bool = False


@dataclass(frozen=True)
class Shape:
    """A text taken apart: its date or dates, the weekdays beside them, or that it says in known words that no day is
    known yet (`silent`). Without `first` and not silent it is unreadable."""

    first: Part | None = None
    last: Part | None = None
    weekdays: tuple[int, ...] = ()
    silent: bool = False


def shape(folded: str) -> Shape:
    """Take a folded text apart."""
    folded = re.sub(r"(?<=\d)t(?=\d\d:)", " ", folded).replace("_", " ")
    marked, weekdays, loose = _marked(WEEKS.sub(" depan ", folded))
    if COUNTED.search(folded) and not re.search(r"M\d|\d ?[/.] ?\d", marked):
        return Shape(silent=True)
    if re.fullmatch(r"\W*(M\d+)?\W*(\d{4})?\W*", marked) and (loose or not re.search(r"\w", marked)):
        return Shape(silent=True)
    dates = parts(marked) or parts(_without_time(marked))
    if dates is None or (loose and dates[0].month is None):
        only_a_time = loose and read_time(marked).problem is None
        return Shape(silent=only_a_time)
    return Shape(dates[0], dates[1], tuple(weekdays))


def parts(text: str) -> tuple[Part, Part | None] | None:
    """One date, or the first and last day of a range; None when the text is neither, or could be two things."""
    if one := _one(text):
        return one, None
    if text.count("~") == 1:
        return _range(*text.split("~"))
    if listed := LISTED.fullmatch(text):
        last = _one(listed[2])
        days = [int(day) for day in re.findall(r"\d+", listed[1])]
        if last is None or last.month_first or [*days, last.day] != list(range(days[0], days[0] + len(days) + 1)):
            return None
        return replace(last, day=days[0]), last
    if text.count("&") == 1:
        ranged = _range(*text.split("&"))
        return ranged if ranged and ranged[0].month == ranged[1].month and ranged[1].day - ranged[0].day == 1 else None
    if text.count(" - ") == 1 and (ranged := _range(*text.split(" - "))):
        return ranged
    found = list(_dash_ranges(text))
    return found[0] if len(found) == 1 else None


@cache
def months() -> dict[str, int]:
    """Folded spelling → 1-12."""
    from babel.dates import get_month_names

    named = dict(lexicon.meanings("dates", "months"))
    for language in ("id", "en"):
        for number, name in get_month_names("wide", locale=language).items():
            named.setdefault(fold(name), number)
        for number, name in get_month_names("abbreviated", locale=language).items():
            named.setdefault(fold(name), number)
    return named


@cache
def weekdays() -> dict[str, int]:
    """Folded spelling → 0 for Monday to 6."""
    from babel.dates import get_day_names

    named = dict(lexicon.meanings("dates", "days"))
    for language in ("id", "en"):
        for number, name in get_day_names("wide", locale=language).items():
            named.setdefault(fold(name), number)
    return named


def _marked(folded: str) -> tuple[str, list[int], bool]:
    """The text with months as `M8`, "s/d" as `~`, "dan" as `&`, weekdays and words that change nothing taken out;
    the weekdays; and whether a word says that the day is not known yet."""
    ranging, joining = lexicon.words("dates", "range"), lexicon.words("dates", "also")
    beside = lexicon.words("dates", "beside")
    unknown_day = lexicon.words("dates", "relative") | lexicon.words("dates", "nothing")
    for word in sorted((word for word in ranging if not word.isalpha()), key=len, reverse=True):
        folded = folded.replace(word, " ~ ")
    found: list[int] = []
    loose = False
    pieces: list[str] = []
    for piece in TOKEN.findall(folded):
        if piece in ranging:
            pieces.append("~")
        elif piece in joining:
            pieces.append("&")
        elif piece in weekdays():
            found.append(weekdays()[piece])
        elif piece in months():
            pieces.append(f" M{months()[piece]} ")
        elif piece in unknown_day:
            loose = True
        elif piece not in beside:
            pieces.append(" " if piece in "()[]" else piece)
    marked = re.sub(r"\s+", " ", "".join(pieces))
    marked = re.sub(r"(?<=\d[-/.]) (?=M)", "", re.sub(r"(?<=M\d|\d\d) (?=[-/]\d)", "", marked))
    marked = re.sub(r" ?([~&]) ?", r"\1", marked)
    return re.sub(r"[,.&]+(?=[&~])", "", marked).strip(" ,.;:-~&*'\""), found, loose


def _without_time(marked: str) -> str:
    """The date in front of a clock time: `7 M8 2026 14.30` → `7 M8 2026`; empty when the rest is no time."""
    for space in (match.start() for match in re.finditer(" ", marked)):
        head, tail = marked[:space].rstrip(" ,"), marked[space + 1 :].replace("~", " s/d ")
        if CLOCK.search(tail) and "M" not in tail and parts(head) and read_time(tail).problem is None:
            return head
    return ""


def _dash_ranges(text: str) -> Iterator[tuple[Part, Part]]:
    for dash in re.finditer("-", text):
        if ranged := _range(text[: dash.start()], text[dash.end() :]):
            yield ranged


def _range(left: str, right: str) -> tuple[Part, Part] | None:
    first, last = _one(left), _one(right)
    if first is None or last is None:
        return None
    if first.month is None:
        return replace(last, day=first.day, month_first=False), last
    if last.month is None:
        return first, replace(first, day=last.day)
    return first, last


def _one(text: str) -> Part | None:
    text = text.strip(" ,.")
    if match := YEAR_FIRST.fullmatch(text):
        return _part(match[5], match[3] or match[4], match[1])
    if match := NUMERIC.fullmatch(text):
        part = _part(match[1], match[3], match[4] or match[5])
        return replace(part, dashed=match[2] == "-") if part else None
    if match := SPACED.fullmatch(text):
        return _part(match[1], match[2], match[3])
    if match := NAMED.fullmatch(text):
        return _part(match[1], match[2], match[3] or match[4])
    if match := JOINED.fullmatch(text):
        return _part(match[1], match[3], match[4])
    if match := MONTH_FIRST.fullmatch(text):
        part = _part(match[2], match[1], match[3])
        return replace(part, month_first=True) if part else None
    if match := DAY.fullmatch(text):
        return _part(match[0], None, None)
    return None


def _part(day: str, month: str | None, year: str | None) -> Part | None:
    if not 1 <= int(day) <= 31 or (month is not None and not 1 <= int(month) <= 12):
        return None
    short = year is not None and len(year) == 2
    number = None if year is None else int(year) + (2000 if short else 0)
    return Part(int(day), int(month) if month else None, number, short)
