"""Numbers of units: "3", "3 unit", "2+1", "3 split 1 cassette", "tiga"; "semua" names none."""

import re

from rekap.vocabulary import lexicon
from rekap.vocabulary.folding import fold
from rekap.vocabulary.reading import EMPTY, LONGEST, UNKNOWN, Reading, refused

UNITS_UNKNOWN = "units_unknown"
MOST = 500  # units in one visit; a greater number is a price, a phone or a code
SIZE = r"(?:(?:\d+ ?)?\d/\d|\d+(?:[.,]\d+)?)"
SIZES = re.compile(rf"{SIZE}(?:\s*(?:-|s/d|,|&)\s*{SIZE})*\s*(?:pk|psi|btu|kg|hp)\b")
CODES = re.compile(
    r"\b(?:r ?(?:22|32|410a?|407c?|134a?)|(?:lt|lantai|no|nomor|blok|error|kode|code|jam|tgl)\.? ?[a-z]?\d+\w*"
    r"|(?:rp\.? ?\d[\d.,]*|\d[\d.,]* ?(?:rb|ribu|k|jt|juta))(?:\b|$))"
)
COUNT = re.compile(r"(?<![\d.,/])\d+(?:[.,]0+)?(?![\d/]|[.,]\d)")


def read_units(text: str) -> Reading[int]:
    """The number that a unit cell names. Problems `empty` and `unknown`, the latter with flag `units_unknown`."""
    folded = fold(text) if len(text) <= LONGEST else "?"
    if not folded.strip("-_. "):
        return refused(EMPTY)
    plain = without_sizes(folded)
    numbers = counts(plain)
    strange = [word for word in re.findall(r"[^\W\d_]+", plain) if word not in _known_words()]
    if not numbers or strange or re.search(r"[/*?]|\d[.,][1-9]", plain) or sum(numbers) > MOST:
        return refused(UNKNOWN, UNITS_UNKNOWN)
    return Reading(sum(numbers))


def without_sizes(folded: str) -> str:
    """A folded text without what looks like a number of units and is none: sizes, refrigerants, floors, prices."""
    return CODES.sub(" ", SIZES.sub(" ", folded))


def counts(folded: str) -> list[int]:
    """The whole numbers of a folded text, in digits or in words."""
    named = lexicon.read("services")["numbers"]
    return [
        int(named.get(found) or re.split("[.,]", found)[0])
        for found in re.findall(rf"{COUNT.pattern}|[^\W\d_]+", folded)
        if found in named or found[0].isdigit()
    ]


def _known_words() -> frozenset[str]:
    named = frozenset(lexicon.read("services")["numbers"])
    return lexicon.words("services", "unit_words") | named | frozenset(("dan", "and"))
