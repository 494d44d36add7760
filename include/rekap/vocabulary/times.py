"""Clock times as people here write them: a dot before the minutes, parts of the day, ranges (tracker contract)."""

import re
from datetime import time

from rekap.vocabulary import lexicon
from rekap.vocabulary.folding import fold
from rekap.vocabulary.reading import EMPTY, UNKNOWN, Reading, refused
from rekap.vocabulary.typos import near

Span = tuple[time | None, time | None]

LONGEST = 80  # characters
AFTERNOON = range(1, 7)  # "jam 2" without more: service hours are 08-20, so 14:00 (tracker contract)
TYPO_FROM = 5  # letters
CLOCK = re.compile(r"(\d{1,2})(?:[.:,](\d{1,2})(?:[.:]\d{2})?)?|(\d{2})(\d{2})")
FRACTION = re.compile(r"0[.,]\d{3,17}")  # of a day: a time whose format was lost
MOMENT = re.compile(r"([\d.:,]+) ?(?:\[(\w+)\])?|\[(\w+)\] ?([\d.:,]+)")
BETWEEN = re.compile(r"\b(?:antara|between) ([^,]{1,20}) (?:dan|and) ")
PART = re.compile(r"\[(\w+)\]")
MARKS = {"range": "~", "upward": "^", "after": ">", "before": "<", "open_end": "$", "beside": ""}


def read_time(text: str) -> Reading[Span]:
    """(from, to) of a text, each None where it is not said; "pagi" alone names no hour: (None, None).
    Problems: `empty`, `unknown`. Flag `time_about`: "sekitar jam 10", "jam 10an"."""
    return refused(UNKNOWN) if len(text) > LONGEST else _read(text)


@lexicon.by_words(4000)
def _read(text: str) -> Reading[Span]:
    folded = re.sub(r"\([^)\d]*\)", " ", fold(text)).strip(" .,;:!*'\"")
    if not folded.strip("-?_ ") or folded in lexicon.words("times", "nothing"):
        return refused(EMPTY)
    if FRACTION.fullmatch(folded):
        minutes = round(float(folded.replace(",", ".")) * 1440)
        return Reading((time(minutes // 60 % 24, minutes % 60), None))
    mended = " ".join(map(_mended, folded.split(" ")))
    plain, about = _abouts().subn(" ", BETWEEN.sub(r"\1 s/d ", mended))
    span = _span(_marked(plain))
    return refused(UNKNOWN) if span is None else Reading(span, None, ("time_about",) if about else ())


@lexicon.by_words()
def _abouts() -> re.Pattern[str]:
    about = lexicon.alternatives(lexicon.words("times", "about"))
    return re.compile(rf"(?<=\d)[ -]?an\b|^~|±|\+ ?/ ?-|\+-|(?<!\w)(?:{about})(?!\w)")


@lexicon.by_words()
def _spoken() -> frozenset[str]:
    lists = [key for key, known in lexicon.read("times").items() if isinstance(known, list)]
    phrases = [*lexicon.meanings("times", "parts"), *(phrase for key in lists for phrase in lexicon.words("times", key))]
    return frozenset(word for phrase in phrases for word in phrase.split())


def _mended(word: str) -> str:
    """The one known word that a misspelt one can mean: "setlah", "siag"."""
    known = _spoken()
    found = [] if word in known else near(word, known, least=TYPO_FROM)
    return found[0] if len(found) == 1 else word


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
    return re.compile(rf"\b(?:{lexicon.alternatives(lexicon.words('times', 'half'))})\.? (\d{{1,2}})(?![\d.:])")


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
    if minute is None or minute > 59 or hour > 24 or (hour == 24 and minute) or (written_hour == "0" and minute):
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
