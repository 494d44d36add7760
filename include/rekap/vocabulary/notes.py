"""What stands beside a date or a time and says nothing of it: units, sizes, floors, prices, phones, a word to the toko.

A note is taken away only from a text that cannot be read whole, and only when nothing in it can change the day or time.
"""

import re
from collections.abc import Iterator

from rekap.vocabulary import lexicon, units

PHONE = re.compile(r"(?<!\d)(?:\+62|62|0)[ -]?\(?\d[\d .()-]{6,16}\d(?!\d)")
WEEK = re.compile(r"\b(?:minggu|mgg|pekan|week|wk) ?ke[ -]{0,2}\d\b")
OPEN = re.compile(r"[?<>=~→]|->")
BOUNDARY = re.compile(r" ?[(,;|-]+ ?| ")
SURE = re.compile(r"\b(?:jam|jm|pukul|pkl|tgl|tanggal)\W{0,3}[\d.:]+$|[.:]\d\d$|\d{4}$|[^\W\d_]\W{0,2}$")
KEPT = frozenset(("jam", "pukul", "pkl", "tgl", "tanggal", "ke"))  # before a number they are what is being read


def without_numbers(folded: str) -> str:
    """A folded text without numbers that belong to something else: "3 unit", "lt 2", "1/2 PK", "Rp75.000", phones."""
    for pattern in (PHONE, WEEK, units.GAS, units.MONEY, *_others()):
        folded = pattern.sub(" ", folded)
    return re.sub(r"\([ ,;/-]*\)", " ", " ".join(folded.split())).strip(" ,;-/")


def is_crossed(folded: str) -> bool:
    """Whether a sign in a text strikes out or doubts what stands beside it: "❌ 7 Agustus"."""
    return not folded.isascii() and not lexicon.words("statuses", "crosses").isdisjoint(folded)


def heads(folded: str) -> Iterator[str]:
    """What a text may mean once the note at its end is taken away, the longest first."""
    for boundary in reversed(list(BOUNDARY.finditer(folded))):
        head, note = folded[: boundary.start()], folded[boundary.end() :]
        if head.strip() and is_harmless(note) and not (boundary[0] == " " and _is_counted(head, note)):
            yield head


def is_harmless(note: str) -> bool:
    """Whether a note leaves the day and the time beside it alone: no number, nothing that moves or denies them."""
    plain = without_numbers(_urging().sub(" ", note))
    words = [*re.findall(r"[^\W\d_]+", plain), *plain.split()]  # "s/d" is no word of letters
    if OPEN.search(plain) or re.search(r"\d", plain):
        return False
    return not any(word in _changing() for word in words)


def _is_counted(head: str, note: str) -> bool:
    """Whether a note begins with what is counted: "1/2" in front of "PK" or "unit" is no day."""
    if SURE.search(head):
        return False
    first = re.match(r"[^\W\d_]+", note)
    counted = lexicon.words("services", "unit_words") | lexicon.words("services", "measures")
    return first is not None and first[0] in counted


@lexicon.by_words()
def _urging() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{lexicon.alternatives(lexicon.words('dates', 'urging'))})(?!\w)")


@lexicon.by_words()
def _changing() -> frozenset[str]:
    from rekap.vocabulary import date_words

    lists = [
        lexicon.words("dates", key) for key in ("relative", "span", "nothing", "range", "from", "also", "unsettled")
    ]
    times = [lexicon.words("times", key) for key in ("range", "after", "before", "upward", "about", "zones",
                                                         "short_of", "shop_hours")]  # fmt: skip
    moved = [
        word
        for word, code in lexicon.meanings("statuses", "codes").items()
        if code in ("rescheduled", "cancelled", "on_hold")
    ]
    day_words = lexicon.words("dates", "day") | lexicon.words("times", "beside") & KEPT
    changing = frozenset().union(
        *lists, *times, moved, date_words.months(), date_words.weekdays(), lexicon.meanings("times", "parts"), day_words
    )
    return changing - lexicon.words("services", "brands")  # LG is no "lagi"


@lexicon.by_words()
def _others() -> tuple[re.Pattern[str], ...]:
    unit_words = lexicon.alternatives(lexicon.words("services", "unit_words"))
    sizes, places = units.not_counted(KEPT | frozenset(lexicon.meanings("times", "parts")))
    counted = rf"(?<![\d.,/-])\d{{1,3}}(?: ?- ?\d{{1,3}})? ?(?:{unit_words})(?![^\W_])"
    return places, re.compile(counted), sizes
