"""Clock times as people here write them: a dot before the minutes, parts of the day, ranges (tracker contract)."""

import re
from collections.abc import Iterator
from datetime import time

from rekap.vocabulary import date_words, lexicon, notes, units
from rekap.vocabulary.folding import fold
from rekap.vocabulary.reading import EMPTY, ERROR_CELL, UNKNOWN, Reading, refused
from rekap.vocabulary.typos import near

Span = tuple[time | None, time | None]

LONGEST = 80  # characters
AFTERNOON = range(1, 7)  # "jam 2" without more: service hours are 08-20, so 14:00 (tracker contract)
TYPO_FROM = 5  # letters
AFTERNOON_TO_EVENING = re.compile(r"[1-6]-[78]")
CLOCK = re.compile(r"(\d{1,2})(?:[.:,](\d{1,2})(?:[.:]\d{2})?)?|(\d{2})(\d{2})")
FRACTION = re.compile(r"0[.,]\d{3,17}")  # of a day: a time whose format was lost
MOMENT = re.compile(r"([\d.:,]+) ?(?:\[(\w+)\])?|\[(\w+)\] ?([\d.:,]+)")
BETWEEN = re.compile(r"\b(?:antara|between) ([^,]{1,20}) (?:dan|and) ")
DURATION = re.compile(r"(?<![\d.:,])\d{1,2}(?:[.,]5)? ?(?:jam|menit|mnt|hours?|hrs?|minutes?)\b(?! ?\d)")
ASIDE = re.compile(r"\(([^()\d]*)\)")
HALF_BEHIND = re.compile(r"\d ?1/2(?! ?pk)")  # "jam 10 1/2": half past ten, or half past nine said backwards
EVIDENT = re.compile(r"\d[.:]\d\d|\b(?:jam|jm|pukul|pkl)\b|\d ?(?:am|pm|pagi|siang|sore|malam)\b")
PART = re.compile(r"\[(\w+)\]")
BESIDE = ("beside", "leading", "counted")
MARKS = {"range": "~", "upward": "^", "after": ">", "before": "<", "open_end": "$", **dict.fromkeys(BESIDE, "")}
SIZE = re.compile(r"(?<![\d.,/])\d{1,2}(?:[.,]\d{1,2})? ?pk(?![a-z])(?! ?\d)")  # "2 PK", "1.50 PK"


def read_time(text: str) -> Reading[Span]:
    """(from, to) of a text, each None where it is not said; "pagi" alone names no hour: (None, None).
    Problems: `empty`, `unknown`. Flag `time_about`: "sekitar jam 10", "jam 10an"."""
    return refused(UNKNOWN) if len(text) > LONGEST else _read(text)


@lexicon.by_words(4000)
def _read(text: str) -> Reading[Span]:
    folded = fold(text)
    if ERROR_CELL.fullmatch(folded) or notes.is_crossed(folded):
        return refused(UNKNOWN)
    folded = DURATION.sub(" ", ASIDE.sub(_unless_it_matters, folded)).strip(" .,;:!*'\"")
    if DURATION.search(fold(text)) and not re.search(r"\w", folded):
        return refused(UNKNOWN)  # "2 jam" says how long
    if not folded.strip("-_ ") or folded in lexicon.words("times", "nothing"):
        return refused(EMPTY)
    if HALF_BEHIND.search(folded):
        return refused(UNKNOWN)
    if FRACTION.fullmatch(folded):
        minutes = round(float(folded.replace(",", ".")) * 1440)
        return Reading((time(minutes // 60 % 24, minutes % 60), None))
    mended = " ".join(map(_mended, _in_digits(folded).split()))
    whole = _read_whole(mended)
    if whole.problem is None or not re.search(r"\d", mended):
        return whole
    for text in _without_notes(mended):
        if EVIDENT.search(text) and (found := _read_whole(text)).value and found.value != (None, None):
            return found
    return whole


def _unless_it_matters(aside: re.Match[str]) -> str:
    """Nothing for "10.00 (bawa tangga)"; the words themselves for "7 (malam)" and "10.00 (batal)"."""
    return " " if notes.is_harmless(aside[1]) else f" {aside[1]} "


def _without_notes(folded: str) -> Iterator[str]:
    """A text without the day, the units and the notes that stand beside a time."""
    undated = " ".join(_days().sub(" ", SIZE.sub(" ", folded)).split()).strip(" ,;-(")
    plain = notes.without_numbers(undated)
    yield from dict.fromkeys((undated, plain, *notes.heads(undated), *notes.heads(plain)))


@lexicon.by_words()
def _days() -> re.Pattern[str]:
    months = lexicon.alternatives(date_words.months())
    lists = [*date_words.weekdays(), *lexicon.words("dates", "relative"), *lexicon.words("dates", "day")]
    numeric = r"\d{1,2}[/-]\d{1,2}(?:[/-]\d{2,4})?|\d{4}-\d\d-\d\d"
    named = rf"\d{{1,2}}[ -]?(?:{months})(?:[ -]?\d{{4}})?"
    spoken = rf"(?<!\w)(?:{lexicon.alternatives(lists)})(?: \d{{1,2}}(?= jam| pukul| pkl))?(?!\w)"
    return re.compile(rf"(?<![\d.,/-])(?:{numeric}|{named})(?![\d/])|{spoken}")


def is_time(text: str) -> bool:
    """Whether a folded text is a time and nothing beside it."""
    return _read_whole(" ".join(map(_mended, text.split()))).problem is None


def _read_whole(mended: str) -> Reading[Span]:
    if SIZE.search(mended) or (_no_hours().search(mended) and not EVIDENT.search(mended)):
        return refused(UNKNOWN)
    plain, about = _abouts().subn(" ", BETWEEN.sub(r"\1 s/d ", mended))
    span = _span(_marked(plain))
    return refused(UNKNOWN) if span is None else Reading(span, None, ("time_about",) if about else ())


@lexicon.by_words()
def _no_hours() -> re.Pattern[str]:
    """A bare number that may be something else: "2 hari", "kunjungan 2", "5 min"."""
    counted = lexicon.alternatives(lexicon.words("times", "counted"))
    behind = lexicon.alternatives(lexicon.words("times", "counted") | lexicon.words("times", "leading"))
    return re.compile(rf"(?<![\d.:,])\d{{1,2}} ?(?:{behind})(?![a-z])|(?<![a-z])(?:{counted}) ?\d{{1,2}}(?![\d.:])")


@lexicon.by_words()
def _abouts() -> re.Pattern[str]:
    about = lexicon.alternatives(lexicon.words("times", "about"))
    return re.compile(rf"(?<=\d)[ -]?an\b|^~|±|\+ ?/ ?-|\+-|(?<!\w)(?:{about})(?!\w)")


@lexicon.by_words()
def _spoken() -> dict[str, str]:
    """Word → the list or part of the day that it belongs to."""
    lists = [key for key, known in lexicon.read("times").items() if isinstance(known, list) and key not in BESIDE]
    phrases = [(phrase, key) for key in lists for phrase in lexicon.words("times", key)]
    phrases += lexicon.meanings("times", "parts").items()
    return {word: key for phrase, key in phrases for word in phrase.split()}


def _mended(word: str) -> str:
    """The known word that a misspelt one can mean, if all that it can mean is the same: "setlah", "siag"."""
    known = _spoken()
    if word in known or any(word in lexicon.words("times", key) for key in ("not_typos", *BESIDE)):
        return word
    found = near(word, known, least=TYPO_FROM)
    return sorted(found)[0] if len({known[other] for other in found}) == 1 else word


def _in_digits(folded: str) -> str:
    """ "jam sembilan" → "jam 9"."""
    named = lexicon.read("services")["numbers"]
    return re.sub(r"[a-z]+", lambda found: str(named.get(found[0], found[0])), units.in_digits(folded))


@lexicon.by_words()
def _signs() -> list[tuple[re.Pattern[str], str]]:
    """Patterns of known words and the signs that stand for them; parts of the day as `[pagi]`."""
    signs = [
        (_alone([spelling]), f" [{part}] ")
        for spelling, part in sorted(lexicon.meanings("times", "parts").items(), key=lambda known: -len(known[0]))
    ]
    return signs + [(_alone(lexicon.words("times", key)), f" {sign} ") for key, sign in MARKS.items()]


def _alone(spellings: list[str] | frozenset[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<![a-z\[])(?:{lexicon.alternatives(spellings)})(?![a-z\]])")


def _marked(folded: str) -> str:
    """Known words as signs: `~` until, `>` after, `<` before, `^` or later, `$` open end."""
    folded = re.sub(r"(?<=\d) ?([.:]) ?(?=\d\d(?!\d))", r"\1", folded)
    folded = re.sub(r"\b(jam|jm|pukul|pkl|waktu) ?:", r"\1 ", _around_the_hour(folded))
    for pattern, sign in _signs():
        folded = pattern.sub(sign, folded)
    return " ".join(folded.split()).strip(" ,;:")


def _around_the_hour(folded: str) -> str:
    """ "setengah 3" is half past two, "3 kurang 15" a quarter to three, "9 lewat 15" a quarter past nine."""
    folded = _halves().sub(lambda m: f"{(int(m[1]) - 2) % 12 + 1}.30" if 1 <= int(m[1]) <= 12 else m[0], folded)
    folded = _beside_hours("short_of").sub(lambda m: _shifted(m, -1), folded)
    return _beside_hours("past").sub(lambda m: _shifted(m, 1), folded)


@lexicon.by_words()
def _halves() -> re.Pattern[str]:
    half = lexicon.alternatives(lexicon.words("times", "half"))
    return re.compile(rf"(?:\b(?:{half})\.?|(?<=jam |pkl )1/2|(?<=pukul )1/2) (\d{{1,2}})(?![\d.:])")


@lexicon.by_words()
def _beside_hours(key: str) -> re.Pattern[str]:
    quarter = lexicon.alternatives(lexicon.words("times", "quarter"))
    words = lexicon.alternatives(lexicon.words("times", key))
    return re.compile(rf"(?<![\d.:])(\d{{1,2}}) (?:{words}) (\d{{1,2}}|{quarter})(?: ?(?:menit|mnt))?(?![\w.:])")


def _shifted(match: re.Match[str], sign: int) -> str:
    hour, minutes = int(match[1]), int(match[2]) if match[2].isdigit() else 15
    if not 0 < minutes < 60 or not 1 <= hour <= 23:
        return match[0]
    total = hour * 60 + sign * minutes
    return f"{total // 60 or 12}.{total % 60:02}"


def _span(marked: str) -> Span | None:
    if PART.search(marked) and not re.sub(r"\[\w+\]|[ ~/,-]", "", marked):
        return None, None
    if match := re.fullmatch(r"([<>~]) ?(.+)", marked):
        moment = _moment(match[2])
        if moment is None:
            return None
        return (moment, None) if match[1] == ">" else (None, moment)
    if marked.endswith(("^", "-")):
        moment = _moment(marked[:-1].strip())
        return (moment, None) if moment else None
    for separator in ("~", "-"):
        if marked.count(separator) == 1:
            return _range(*(side.strip() for side in marked.split(separator)))
    moment = _moment(marked)
    return None if moment is None else (moment, None)


def _range(left: str, right: str) -> Span | None:
    if right == "$":
        start = _moment(left)
        return (start, None) if start else None
    # "10-12 siang", "1-3 sore", "malam 7-9": the part of the day stands once for both, unless that would turn the range
    # round.
    starts = [_moment(left), *_shared(left, right)]
    ends = [_moment(right), *([] if _moment(right) is None else _shared(right, left))]
    if AFTERNOON_TO_EVENING.fullmatch(f"{left}-{right}"):  # "jam 5-7": from 17:00, so until 19:00
        ends.append(_moment(f"{right} [malam]"))
    fitting = [(start, end) for end in ends for start in starts if start and end and start < end]
    return max(fitting, key=lambda span: (-ends.index(span[1]), span[0])) if fitting else None


def _shared(side: str, other: str) -> list[time | None]:
    part = PART.search(other)
    return [_moment(f"{side} {part[0]}")] if part and "[" not in side else []


def _moment(text: str) -> time | None:
    match = MOMENT.fullmatch(text)
    clock = CLOCK.fullmatch((match[1] or match[4]).strip(".:,")) if match else None
    if match is None or clock is None:
        return None
    written_hour, written_minute = clock[1] or clock[3], clock[2] or clock[4]
    hour, minute = int(written_hour), _minutes(written_minute)
    part = match[2] or match[3]
    if minute is None or minute > 59 or hour > 24 or (hour == 24 and minute) or written_hour == "0":
        return None
    if "," in text and (minute % 5 or minute == hour + 1):  # "jam 10,11" are two hours
        return None
    if part:
        in_part = _hour_in(part, hour)
        return None if in_part is None else time(in_part % 24, minute)
    if hour in AFTERNOON and len(written_hour) == 1:
        hour += 12
    return time(hour % 24, minute)


def _minutes(written: str | None) -> int | None:
    if not written:
        return 0
    if len(written) == 1:  # a sheet keeps 10.30 as the number 10.3; 10.5 can be half past ten as well
        return int(written) * 10 if written in "01234" else None
    return int(written)


def _hour_in(part: str, hour: int) -> int | None:
    """The hour of the day that a spoken hour means in a part of the day; None when it cannot be."""
    limits = lexicon.read("times")["parts"][part]
    if part == "malam" and hour in (12, 24):
        return 24
    if part == "malam" and 1 <= hour <= 4:
        return hour
    if part == "pagi" and hour == 12:
        return None
    for candidate in (hour, hour + 12 if hour < 12 else hour):
        if limits["from"] <= candidate <= limits["to"]:
            return candidate
    return None
