"""Which month a tab is about, from its name or else from its dates; or that it is no tracker at all."""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date

from rekap.vocabulary import lexicon
from rekap.vocabulary.dates import month_of_word
from rekap.vocabulary.folding import fold

YEARS_AROUND = 5  # two digits beside a month are its year only if that lies near
NUMERIC = re.compile(r"(?<!\d)(?:(20\d\d)[-./ ](0?[1-9]|1[0-2])|(0?[1-9]|1[0-2])[-./ ](20\d\d))(?!\d)")


def is_other(title: str, hidden: bool) -> bool:
    """Whether a tab is no tracker whatever it holds: hidden, a template, a copy."""
    folded = fold(title)
    return hidden or any(
        re.search(rf"\b{re.escape(word)}\b", folded) for word in lexicon.words("trackers", "other_tabs")
    )


def month_of_title(title: str, as_of: date) -> str | None:
    """`YYYY-MM` of a name such as `AGT 26`, `Agustus (2)`, `Sept'26`, `2026-08`; without a year, the one nearest
    `as_of`. None when the name holds no month, or several."""
    folded = re.sub(r"\(\d+\)\s*$", "", fold(title))
    if match := NUMERIC.search(folded):
        return f"{match[1] or match[4]}-{int(match[2] or match[3]):02}"
    tokens = re.findall(r"\d+|[^\W\d_]+", folded)
    named = [(at, month) for at, token in enumerate(tokens) if (month := month_of_word(token))]
    if len({month for _, month in named}) != 1:
        return None
    at, month = named[0]
    year = _year([token for token in tokens[at + 1 :] + tokens[:at] if token.isdigit()], as_of)
    if year is None:
        middle = [date(as_of.year + step, month, 15) for step in (-1, 0, 1) if 1 <= as_of.year + step <= 9999]
        year = min(middle, key=lambda day: abs((day - as_of).days)).year
    return f"{year}-{month:02}"


def month_of_dates(days: Iterable[date]) -> str | None:
    """The month in which more than half of the dates lie, or None."""
    counted = Counter(f"{day:%Y-%m}" for day in days)
    month, times = counted.most_common(1)[0] if counted else (None, 0)
    return month if times * 2 > counted.total() else None


def _year(numbers: list[str], as_of: date) -> int | None:
    for number in numbers:
        year = int(number) if len(number) == 4 else 2000 + int(number) if len(number) == 2 else 0
        if 2000 <= year <= 2099 and (len(number) == 4 or abs(year - as_of.year) <= YEARS_AROUND):
            return year
    return None
