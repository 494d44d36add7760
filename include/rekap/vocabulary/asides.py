"""What stands in a service cell and names no service: numbers of a list, days, "Bp." for a person."""

import re

from rekap.vocabulary import date_words, lexicon, units

START, BEHIND = r"^\s*", r"(?<![\w.,/-])"  # where the first and the further numbers of a list stand
ABOUT = re.compile(r"\+\s?/?\s?-\s?(?=\d)|\N{PLUS-MINUS SIGN}")
TWO_DAYS = re.compile(r"(?<![\d.,/])\d{1,2} ?(?:-|&|s/d|sd|dan) ?\d{1,2}/\d{1,2}(?:/\d{2,4})?(?![\d/])")  # "7&8/8"
PERSON = re.compile(r"(?<!\w)bp(?:\. ?|\s)(?=([a-z]{2,20}))")
DAYS = r"\d{1,2}(?: ?(?:-|&|s/d|sd|sampai|dan) ?\d{1,2}){0,2} ?"


def without(folded: str, services: frozenset[str]) -> str:
    """The folded text without its asides. `services`: the words that services are made of; no names."""
    folded = ABOUT.sub(" sekitar ", without_numbering(folded))
    folded = _moved().sub(" ", folded)
    folded = PERSON.sub(lambda found: found[0] if found[1] in _behind_bp() | services else " ", folded)
    return units.CLOCK_OR_DATE.sub(" ", TWO_DAYS.sub(" ", _without_days(folded)))


def without_numbering(text: str, point: str = r"\s?[a-z]") -> str:
    """The points of a list parted: "1. cuci 2. isi freon" → "; cuci ; isi freon". `point`: how a point begins."""
    parted, number = text, 1
    while found := re.search(rf"{START if number == 1 else BEHIND}\(?{number}[.)](?={point})", parted):
        parted = f"{parted[: found.start()]} ; {parted[found.end() :]}"
        number += 1
    return parted


@lexicon.by_words()
def _moved() -> re.Pattern[str]:
    moved, moments = (lexicon.words("services", key) for key in ("moved", "moments"))
    days = lexicon.alternatives(moments | frozenset(date_words.weekdays()))
    return re.compile(
        rf"(?<!\w)(?:{lexicon.alternatives(moved)})(?: (?:ke|jadi|jd|di|dari|dulu)){{0,2}} "
        rf"(?:(?:{days})(?!\w)(?: \d{{1,2}}(?:[./:-]\d{{1,2}}){{0,2}})?|\d{{1,2}}[/-]\d{{1,2}}"
        rf"|(?={DAYS}(?:{_months()})(?!\w)))"
    )


def _months() -> str:
    return lexicon.alternatives(frozenset(date_words.months()))


@lexicon.by_words()
def _behind_bp() -> frozenset[str]:
    """Words behind "BP" that leave it bongkar pasang."""
    lists = ("neutral", "spots", "places", "rooms", "measures", "fillers", "everything", "totals")
    return units.unit_words().union(*(lexicon.words("services", key) for key in lists), {"ke", "dari", "lalu"})


def _without_days(folded: str) -> str:
    """Without days of a month: "cuci 3 unit 7-8 Agustus"."""
    return re.sub(
        rf"(?<![\d.,/]){DAYS}([a-z]{{3,9}})\b(?: ?\d{{4}})?",
        lambda found: " " if found[1] in date_words.months() else found[0],
        folded,
    )
