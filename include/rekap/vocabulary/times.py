"""Clock times as people here write them: a dot before the minutes, parts of the day, ranges (tracker contract)."""

import re
from datetime import time
from functools import cache

from rekap.vocabulary import lexicon
from rekap.vocabulary.folding import fold
from rekap.vocabulary.reading import EMPTY, UNKNOWN, Reading, refused

Span = tuple[time | None, time | None]

LONGEST = 80  # characters
AFTERNOON = range(1, 7)  # "jam 2" without more: service hours are 08-20, so 14:00 (tracker contract)
CLOCK = re.compile(r"(\d{1,2})(?:[.:](\d{1,2})(?:[.:]\d{2})?)?|(\d{2})(\d{2})")
MARKS = {"range": "~", "after": ">", "before": "<", "open_end": "$", "about": "", "beside": ""}


def read_time(text: str) -> Reading[Span]:
    """(from, to) of a text, each None where it is not said; "pagi" alone names no hour: (None, None).
    Problems: `empty`, `unknown`. Flag `time_about`: "sekitar jam 10", "jam 10an"."""
    if len(text) > LONGEST:
        return refused(UNKNOWN)
    folded = re.sub(r"\((?=[^)\d]*\))[^)]*\)", " ", fold(text)).strip(" .,;")
    if not folded.strip("-?_ ") or folded in lexicon.words("times", "nothing"):
        return refused(EMPTY)
    about = bool(re.search(r"\d ?an\b|±|\b(" + _alternatives("about") + r")\b", folded))
    marked = _marked(re.sub(r"(?<=\d) ?an\b|±", "", folded))
    span = _span(marked)
    return refused(UNKNOWN) if span is None else Reading(span, None, ("time_about",) if about else ())


@cache
def _alternatives(key: str) -> str:
    return "|".join(re.escape(word) for word in sorted(lexicon.words("times", key), key=len, reverse=True))


@cache
def _parts_of_day() -> dict[str, tuple[str, int, int]]:
    return {
        fold(spelling): (part, limits["from"], limits["to"])
        for part, limits in lexicon.read("times")["parts"].items()
        for spelling in limits["spellings"]
    }


def _marked(folded: str) -> str:
    """Known words as signs: `~` until, `>` after, `<` before, `$` open end; a part of the day as `[pagi]`."""
    for spelling in sorted(_parts_of_day(), key=len, reverse=True):
        folded = re.sub(rf"(?<![a-z\[]){re.escape(spelling)}(?![a-z\]])", f" [{_parts_of_day()[spelling][0]}] ", folded)
    for key, sign in MARKS.items():
        folded = re.sub(rf"(?<![a-z\[])(?:{_alternatives(key)})(?![a-z\]])", f" {sign} ", folded)
    return " ".join(folded.split()).strip(" ,;")


def _span(marked: str) -> Span | None:
    if re.fullmatch(r"(?:\[\w+\] ?(?:[~/,-] ?)?)+", marked):
        return None, None
    if match := re.fullmatch(r"([<>~]) ?(.+)", marked):
        moment = _moment(match[2])
        if moment is None:
            return None
        return (moment, None) if match[1] == ">" else (None, moment)
    for separator in ("~", "-"):
        if marked.count(separator) == 1:
            return _range(*(side.strip() for side in marked.split(separator)))
    moment = _moment(marked)
    return None if moment is None else (moment, None)


def _range(left: str, right: str) -> Span | None:
    if right in ("$", ""):
        start = _moment(left) if right else None
        return (start, None) if start else None
    end = _moment(right)
    # "10-12 siang", "1-3 sore": the part of the day stands once for both, unless that would turn the range round.
    part = re.search(r"\[\w+\]", right)
    starts = [_moment(left)] + ([_moment(f"{left} {part[0]}")] if part and "[" not in left else [])
    fitting = {start for start in starts if start and end and start < end}
    if end is None or not fitting:
        return None
    return max(fitting), end


def _moment(text: str) -> time | None:
    match = re.fullmatch(r"([\d.:]+) ?(?:\[(\w+)\])?|\[(\w+)\] ?([\d.:]+)", text)
    clock = CLOCK.fullmatch((match[1] or match[4]).strip(".:")) if match else None
    if match is None or clock is None:
        return None
    written_hour = clock[1] or clock[3]
    hour, minute = int(written_hour), _minutes(clock[2] or clock[4])
    part = match[2] or match[3]
    if minute is None or minute > 59 or hour > 24 or (hour == 24 and minute):
        return None
    if part:
        in_part = _hour_in(part, hour)
        return None if in_part is None else time(in_part % 24, minute)
    if hour in AFTERNOON and len(written_hour) == 1:
        hour += 12
    return time(hour % 24, minute) if hour != 24 or not minute else None


def _minutes(written: str | None) -> int | None:
    if not written:
        return 0
    if len(written) == 1:  # a sheet keeps 10.30 as the number 10.3; 10.5 can be half past ten as well
        return int(written) * 10 if written in "01234" else None
    return int(written)


def _hour_in(part: str, hour: int) -> int | None:
    """The hour of the day that a spoken hour means in a part of the day; None when it cannot be."""
    _, first, last = next(limits for limits in _parts_of_day().values() if limits[0] == part)
    if part == "malam" and hour in (12, 24):
        return 24
    if part == "malam" and 1 <= hour <= 4:
        return hour
    if part == "pagi" and hour == 12:
        return None
    for candidate in (hour, hour + 12 if hour < 12 else hour):
        if first <= candidate <= last:
            return candidate
    return None
