"""Which month a tab is about, from its name or else from its dates; or that it is no tracker at all."""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date

from rekap.vocabulary import date_grammar, lexicon
from rekap.vocabulary.dates import month_of_word
from rekap.vocabulary.folding import fold
from rekap.vocabulary.typos import one_edit

YEARS_AROUND = 5  # two digits behind a month are its year only if that lies near
TYPO_FROM = 6  # letters of a month's name that is known with a slip: "Market" is not March
NUMERIC = re.compile(r"(?<!\d)(?:(20\d\d)[-./_ ]?(0[1-9]|1[0-2]|(?<=[-./_ ])[1-9])|(0?[1-9]|1[0-2])[-./_ ](20\d\d))(?!\d)")
SHORT = re.compile(r"(0?[1-9]|1[0-2])[-./_ ](\d\d)|(\d\d)[-./_ ](0[1-9]|1[0-2])")


def is_other(title: str, hidden: bool) -> bool:
    """Whether a tab is no tracker whatever it holds: hidden, a template, a copy."""
    folded = fold(title)
    plain = " ".join(re.findall(r"[^\W_]+", folded))
    return hidden or any(
        re.search(rf"^{re.escape(word)}\b|\b{re.escape(word)}(?: \d+)?$", plain)
        for word in lexicon.words("trackers", "other_tabs")
    )


def month_of_title(title: str, as_of: date) -> str | None:
    """`YYYY-MM` of a name such as `AGT 26`, `Agustus (2)`, `Sept'26`, `2026-08`; without a year, the one nearest
    `as_of`. None when the name holds no month, or several."""
    folded = re.sub(r"\(\d+\)\s*$", "", fold(title))
    if match := NUMERIC.search(folded):
        return f"{match[1] or match[4]}-{int(match[2] or match[3]):02}"
    if match := SHORT.fullmatch(folded.strip(" ()[]")):
        year = _year([match[2] or match[3]], as_of)
        return f"{year}-{int(match[1] or match[4]):02}" if year else None
    tokens = re.findall(r"\d+|[^\W\d_]+", folded)
    named = [(at, month) for at, token in enumerate(tokens) if (month := _month(token))]
    if len({month for _, month in named}) != 1:
        return None
    at, month = named[0]
    # What stands before the month, or as "25-31" behind it, are days; only four digits are a year there.
    behind = re.sub(r"\d+ ?(?:-|s/d|sd) ?\d+", " ", folded[folded.index(tokens[at]) :])
    before = [token for token in tokens[:at] if len(token) == 4]
    year = _year([*re.findall(r"\d+", behind), *before], as_of)
    if year is None:
        middle = [date(as_of.year + step, month, 15) for step in (-1, 0, 1) if 1 <= as_of.year + step <= 9999]
        year = min(middle, key=lambda day: abs((day - as_of).days)).year
    return f"{year}-{month:02}"


def month_of_dates(days: Iterable[date]) -> str | None:
    """The month in which more than half of the dates lie, or None."""
    counted = Counter(f"{day:%Y-%m}" for day in days)
    month, times = counted.most_common(1)[0] if counted else (None, 0)
    return month if times * 2 > counted.total() else None


def _month(word: str) -> int | None:
    if (month := month_of_word(word)) or len(word) < TYPO_FROM - 1:
        return month
    names = {known: number for known, number in date_grammar.months().items() if len(known) >= TYPO_FROM}
    near = {number for known, number in names.items() if one_edit(known, word)}
    return near.pop() if len(near) == 1 else None


def _year(numbers: list[str], as_of: date) -> int | None:
    for number in numbers:
        year = int(number) if len(number) == 4 else 2000 + int(number) if len(number) == 2 else 0
        if 2000 <= year <= 2099 and (len(number) == 4 or abs(year - as_of.year) <= YEARS_AROUND):
            return year
    return None
