"""Where days, clock times and phone numbers stand in a free text, and what no one may take for one of them.

It only finds the pieces; what a piece means is the vocabulary's to say.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from rekap.vocabulary import lexicon
from rekap.vocabulary.date_grammar import months, weekdays
from rekap.vocabulary.dates import read_date
from rekap.vocabulary.phones import read_phone
from rekap.vocabulary.reading import Reading
from rekap.vocabulary.times import read_time
from rekap.vocabulary.units import SIZE

# Sizes and floors stand among the words of a service: "cuci 2 unit 1 PK lt 3".
SIZES_AND_FLOORS = re.compile(
    rf"(?<![\d.:,]){SIZE}(?:\s?(?:-|s/d|,|&)\s?{SIZE}){{0,3}}\s?(?:pk|psi|btu|kg|hp)\b"
    r"|\b(?:di )?(?:lt|lantai|lantal|floor)\.? ?(?:[a-z]?\d+[a-z]?(?:[/-]\d+)?|dasar|gf|ug)\b",
    re.IGNORECASE,
)
PHONE = re.compile(
    r"(?<![\w/.])(?:(?:\+?62[ .-]?(?:\(0\))?|\(?0)\d{1,3}\)?(?P<between>[ .-]?)\d{2,6}(?:(?P=between)\d{2,6}){0,3}"
    r"|8\d{8,10})(?!\w)"
)
WHATSAPP = re.compile(
    r"^\W*\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4},? \d{1,2}[.:]\d{2}(?:[.:]\d{2})?(?: ?[ap]\.?m\.?)?(?:\] ?| - )[^:]{1,60}:",
    re.IGNORECASE,
)
LISTED = re.compile(
    r"(?:(?P<word>[^\W\d_]+)\s?)?(?<![\d/.:,])(?P<number>\d{1,2})\s?(?P<sign>,|&|\+|dan|and|-)\s?$", re.IGNORECASE
)
LONGEST_VISIT = 6  # days between the first and the last
FRACTIONS = frozenset(("1/2", "1/4", "3/4", "2/3", "1/3"))
PARTS_OF_DAY = "pagi|siang|sore|malam|malem|mlm|am|pm"
CLOCK = r"\d{1,2}(?:[.:]\d{2})?(?![\d/]|[.:,]\d)"


@dataclass(frozen=True)
class Moment:
    """A piece of a text that may be a day (`date`) or a time (`time`). `sure`: by its form it can be nothing else."""

    start: int
    end: int
    reading: Reading[Any]
    sure: bool = True


def days(line: str, reference: date, *, is_title: bool) -> Iterator[Moment]:
    """Each piece that is written as a day. A bare `7/8` is only sure beside a weekday, "tgl" or a time, or set apart in
    a title; a day without its month is `bad_date` by the vocabulary."""
    for match in _days().finditer(line):
        text = match[0].strip(" ,.:(")
        if match["short"] and not match["before"]:
            plain = re.sub(r"\s", "", match["short"])
            if plain in FRACTIONS:
                continue
            reading = read_date(text, reference=reference, alone=True)
            if reading.value:
                yield Moment(match.start(), match.end(), reading, _set_apart(line, match, is_title=is_title))
            continue
        sure = not (match["short"] and re.search(r"\d ?-", match["short"]) and not _weekday().search(match["before"]))
        reading = read_date(text, reference=reference, alone=True)
        if reading.value is None and match["full"] and not match["before"] and not re.search(r"20\d\d", text):
            continue
        start = _list_begins(line[: match.start()], match)
        yield Moment(start, match.end(), reading, sure and start == match.start())


def times(line: str) -> Iterator[Moment]:
    """Each piece that is written as a clock time; a part of the day alone is none."""
    for match in _times().finditer(line):
        reading = read_time(match[0].strip(" ,.;("))
        if reading.value and reading.value != (None, None):
            counted = not match["cue"] and not re.search(r"[.:]", match[0]) and _trade_before(line[: match.start()])
            yield Moment(
                match.start(), match.end(), reading, sure=not counted
            )  # "cuci 3 sore": three units, or at three
        elif reading.problem:
            yield Moment(match.start(), match.end(), reading, sure=bool(match["cue"]))


def phones(line: str) -> Iterator[Moment]:
    """Each piece that is written as a phone number, without a number that only stands behind it."""
    for match in PHONE.finditer(line):
        text = match[0]
        reading = read_phone(text)
        while reading.value is None and match["between"] and text.count(match["between"]) > 1:
            text = text.rpartition(match["between"])[0]
            reading = read_phone(text)
        end = match.start() + len(text) if reading.value else match.end()
        if len(re.sub(r"\D", "", match[0])) >= 8:
            yield Moment(match.start(), end, reading)


def _set_apart(line: str, match: re.Match[str], *, is_title: bool) -> bool:
    if re.match(r"[\s,]*(?:jam|jm|pkl|pukul)\b", line[match.end() :], re.IGNORECASE):
        return True
    before, after = line[: match.start()].rstrip(), line[match.end() :].lstrip()
    return is_title and (not before or before[-1] in "-,|(;") and (not after or after[0] in "-,|);")


def noise(line: str) -> Iterator[re.Match[str]]:
    """Prices, house numbers, counted days, ids, links: their numbers are no day, no time and no units."""
    return _noise().finditer(line)


@lexicon.by_words()
def _noise() -> re.Pattern[str]:
    numbered, counted = (_any(lexicon.words("order_form", key)) for key in ("numbered", "counted"))
    return re.compile(
        r"\brp\.? ?\d[\d.,]*(?: ?(?:rb|ribu|jt|juta|k)\b)?|(?<![\w.:,])\d[\d.,]* ?(?:rb|ribu|jt|juta|k|%)(?!\w)"
        rf"|\b\d{{1,3}}(?:\.\d{{3}})+\b|\b(?:{numbered})\.? ?[a-z]?\d+[a-z]?(?:[/-]\d+)?\b|(?<=error )[a-z]?\d+\b"
        r"|\br ?(?:22|32|410a?|407c?|134a?)\b|\bh ?[+-] ?\d+\b|#\d+|\b24 ?jam\b|\b24/7\b"
        r"|https?://\S+|\bwww\.\S+|\S+@\S+\.\S+"
        rf"|(?<![\w.:,])\d{{1,3}} ?(?:{counted}|(?<= )th|jam(?!\.? ?\d))\b(?! (?:depan|ini))"
        r"|\b\d{1,3} ?(?:x|kali) ?(?:se|per|/)\w*|\b\w*\d{5,}\w*\b",
        re.IGNORECASE,
    )


def vague_counts(line: str) -> Iterator[re.Match[str]]:
    """Numbers of units that name no number: "2-3 unit", "3 atau 4 unit", "sekitar 3 unit", "3 unit per outlet"."""
    return _vague().finditer(line)


@lexicon.by_words()
def _vague() -> re.Pattern[str]:
    unit = rf"\s?(?:{_any(lexicon.words('services', 'unit_words'))})(?![^\W_])"
    about = _any(lexicon.words("order_form", "about_so_many"))
    each = _any(lexicon.words("order_form", "each"))
    return re.compile(
        rf"\b\d{{1,3}}(?:{unit})?\s?(?:-|/|~|atau|or|s/d|sd|sampai)\s?\d{{1,3}}{unit}"
        rf"|(?<![^\W_])(?:{about}|{each})\s?(?:[^\W\d_]+\s)?\d{{1,3}}(?:{unit})?|\b\d{{1,3}}{unit}\s?(?:lebih|{each})(?![^\W_])",
        re.IGNORECASE,
    )


def _list_begins(before: str, match: re.Match[str]) -> int:
    """Where the days begin: "12 - 14 Agustus" and "11, 12 Agustus" may be days or a number and a day; "cuci 2 - 14
    Agustus" is a number and a day, for no visit takes so long."""
    counted = LISTED.search(before[-60:])
    if counted is None or match["before"] or not match["named"]:
        return match.start()
    days_apart = int(re.match(r"\d+", match["named"])[0]) - int(counted["number"])  # type: ignore[index]  # it begins so
    of_the_trade = (counted["word"] or "").lower() in _words_of_the_trade()
    if 0 < days_apart <= LONGEST_VISIT or (counted["sign"] == "-" and days_apart > 0 and not of_the_trade):
        return match.start() - (len(counted[0]) - (counted.start("number") - counted.start()))
    return match.start()


def _trade_before(before: str) -> bool:
    last = re.search(r"([^\W\d_]+)\s*$", before[-60:])
    return last is not None and last[1].lower() in _words_of_the_trade()


@lexicon.by_words()
def _words_of_the_trade() -> frozenset[str]:
    services = (word for spelling in lexicon.meanings("services", "codes") for word in spelling.split())
    return frozenset(services) | lexicon.words("services", "unit_words")


@lexicon.by_words()
def _weekday() -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W_])(?:{_any(weekdays())})(?![^\W_])", re.IGNORECASE)


@lexicon.by_words()
def _days() -> re.Pattern[str]:
    """Groups: `before` (weekday, "tgl"), then what stands there: `listed` days of one month, a `named` month, three
    numbers (`full`), two (`short`), or the `day` alone; `listed` and `day` only behind `before`."""
    weekday = rf"(?:{_any(weekdays())})(?![^\W_])"
    month = rf"(?:{_any(months())})\.?(?![^\W\d_])"
    units = _any(lexicon.words("services", "unit_words"))
    before = rf"(?:(?:(?:hari\s+)?{weekday}|(?:tgl|tanggal|tg|tggl)(?![^\W\d_])\.?)[\s,.:(]{{0,3}}){{1,3}}"
    year = rf"(?:20\d\d(?![\d.:])|'\d\d(?!\d)|(?<=[-/])\d\d(?!\d)|\d\d(?![\d.:/]|\s*(?:{units})(?![^\W_])|\s*\d))"
    ends = rf"{month}(?:[\s,./-]{{0,2}}{year})?"
    one = rf"\d{{1,2}}(?:st|nd|rd|th)?\s?[-./]?\s?{ends}"
    until = r"(?:-|\s?(?:s/d|s\.d\.?|~)\s?|\s(?:sd|smp|sampai|hingga|to|until|till)\s)"
    also = rf"(?:{until}|\s?[&+,/]\s?|\s(?:dan|and|-)\s)"
    behind = rf"(?:\s?\(\s?{weekday}\s?\))?"
    three = r"\d{1,2}\s?(?P<sign>[/.-])\s?\d{1,2}\s?(?P=sign)\s?(?:20\d\d|\d\d)(?![\d/])"
    three_more = r"\d{1,2}(?P=sign)\d{1,2}(?P=sign)\d{2,4}(?!\d)"
    listed = rf"(?P<listed>\d{{1,2}}(?:{also}\d{{1,2}}){{1,6}}\s?{ends})"
    named = rf"(?P<named>(?:\d{{1,2}}{until})?{one}(?:\s?(?:{until}|-\s)\s?(?:(?:tgl|tanggal)\s?)?{one})?)"
    full = (
        rf"(?P<full>\d{{4}}-\d{{1,2}}-\d{{1,2}}(?!\d)"
        rf"|(?:\d{{1,2}}(?:-|&|\s?s/d\s?))?{three}(?:\s?(?:{until}|-\s)\s?{three_more})?)"
    )
    two = r"(?:\d{1,2}/\d{1,2}|(?(before)\d{1,2}\s?[/.-]\s?\d{1,2}|(?!)))(?![\d/]|[.:,]\d)"
    short = rf"(?P<short>(?:\d{{1,2}}(?:-|&|\s?s/d\s?|\sdan\s))?{two}(?:-\d{{1,2}}/\d{{1,2}}(?![\d/]))?)"
    day = r"(?P<day>\d{1,2}(?![\d/]|[.:,]\d))"
    return re.compile(
        rf"(?<![^\W_])(?<!\d[./,:-])(?P<before>{before})?"
        rf"(?:(?(before){listed}|(?!)){behind}|{named}{behind}|{full}{behind}|{short}|(?(before){day}|(?!)))",
        re.IGNORECASE,
    )


@lexicon.by_words()
def _times() -> re.Pattern[str]:
    """A clock behind "jam", before a part of the day or "WIB", written with a colon, or as a range with minutes."""
    around = "|".join(_any(lexicon.words("times", key)) for key in ("after", "before", "about"))
    units = _any(lexicon.words("services", "unit_words"))
    part = rf"(?:{PARTS_OF_DAY})(?![^\W_])"
    until = r"\s?(?:-|s/d|sd|sampai|hingga|smp|to)\s?"
    cue = r"(?P<cue>(?<![^\W_])(?:jam|jm|pkl|pukul)\b\.?:?\s?)"
    no_unit = rf"(?!\s?(?:{units})(?![^\W_]))"
    last = rf"(?:{CLOCK}{no_unit}(?:\s?{part})?|selesai\b|slsai\b)"
    cued = rf"{cue}(?:(?:{around})\s)?{CLOCK}(?:\s?an\b)?(?:\s?{part})?(?:{until}(?:(?:jam|jm|pkl|pukul)\s?)?{last})?"
    of_day = rf"(?<![\w.,:/+-]){CLOCK}(?:\s?-\s?{CLOCK})?\s?{part}"
    ranged = rf"(?<![\w.,:/+-])\d{{1,2}}[.:]\d\d{until}\d{{1,2}}[.:]\d\d(?!\d|[.:]\d)"
    colon = r"(?<![\w.,:/+-])\d{1,2}:\d\d(?!\d|[.:]\d)"
    dotted = r"(?<![\w.,:/+-])\d{1,2}\.\d\d(?=\s?wib\b)"
    return re.compile(
        rf"(?:(?<![^\W_])(?:{around})\s)?(?:{cued}|{of_day}|{ranged}|{colon}|{dotted})(?:\s?wib\b)?", re.IGNORECASE
    )


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
