"""What one heading of a tracker means: in any spelling, in Indonesian or English, with a slip of the pen."""

import re
from collections.abc import Iterator
from itertools import product

from rekap.vocabulary import lexicon
from rekap.vocabulary.folding import fold
from rekap.vocabulary.typos import one_edit

TYPO = 500  # added to the rank of a heading with a slip of the pen
FUZZY = 1000  # added to the rank of a heading that only begins or ends with a known word
LONGEST = 60  # characters; what is longer is prose
MOST_WORDS = 6
TYPO_FROM = 5  # letters of the known word (tracker contract)
MOST_READINGS = 16  # of the words of one heading, slips mended

Meaning = tuple[str, int]  # (column, rank): a lower rank is a better word for the column


@lexicon.by_words(16_000)
def meaning(text: str) -> Meaning | None:
    """The column that a heading names and its rank, or None. `Tanggal*`, `1. Tgl/Jam`, `(Outlet)`, `Stauts`."""
    if len(text) > LONGEST:
        return None
    heading = fold(text)
    if re.search(r":\s*\w", heading):  # "Lokasi: BSD" says which, it heads nothing
        return None
    beside = _words(" ".join(re.findall(r"\(([^)]*)\)?", heading)))
    words = _words(re.sub(r"\([^)]*\)?", " ", heading))
    words, beside = (words, beside) if words else (beside, [])
    while len(words) > 1 and words[0].isdigit():  # "1. Tanggal"
        words = words[1:]
    if len(words) > 2 and all(len(word) == 1 for word in words):  # "T A N G G A L"
        words = ["".join(words)]
    if not words or len(words) > MOST_WORDS:
        return None
    found = sorted(filter(None, map(_read, _mended(words))), key=lambda each: each[1])
    if not found or any(each[0] != found[0][0] and is_exact(each) == is_exact(found[0]) for each in found):
        return None
    return None if _is_something_else(found[0][0], beside) else found[0]


def joined(group: str, own: str) -> str:
    """A heading read with the group above it: words that stand in both count once, empty words not at all."""
    fillers = lexicon.words("headings", "fillers")
    words = [word for word in _words(fold(f"{group} {own}")) if word not in fillers]
    return " ".join(dict.fromkeys(words))


def is_exact(found: Meaning | None) -> bool:
    """Whether a heading is a known one as a whole, slips of the pen apart."""
    return found is not None and found[1] < FUZZY


def _words(folded: str) -> list[str]:
    return re.findall(r"[^\W_]+", folded.replace("'", ""))


def _mended(words: list[str]) -> Iterator[tuple[tuple[str, ...], bool]]:
    """The words as written, or, where one is within one edit of known words, every reading with those."""
    known = _known_words()
    choices = [[word] if word in known else _near(word) or [word] for word in words]
    readings = [reading for reading, _ in zip(product(*choices), range(MOST_READINGS + 1), strict=False)]
    for reading in readings if len(readings) <= MOST_READINGS else [tuple(words)]:
        yield reading, list(reading) != words


def _read(reading: tuple[tuple[str, ...], bool]) -> Meaning | None:
    words, mended = reading
    exact = _by_words().get(tuple(sorted(words))) or _by_letters().get("".join(words))
    if exact:
        return exact[0], exact[1] + (TYPO if mended else 0)
    begun = _longest(words[:size] for size in range(len(words) - 1, 0, -1))
    ended = _longest(words[-size:] for size in range(len(words) - 1, 0, -1))
    if not (begun or ended):
        return None
    phrase = ended if ended and (not begun or " ".join(ended) in lexicon.words("headings", "said_last")) else begun
    column, rank = _by_words()[tuple(sorted(phrase))]
    if _is_something_else(column, list(words)):
        return None
    return column, rank + FUZZY + (TYPO if mended else 0)


def _longest(phrases: Iterator[tuple[str, ...]]) -> tuple[str, ...]:
    return next((phrase for phrase in phrases if tuple(sorted(phrase)) in _by_words()), ())


def _is_something_else(column: str, words: list[str]) -> bool:
    return bool(words) and _not_headings()[column].search(" ".join(words)) is not None


@lexicon.by_words()
def _not_headings() -> dict[str, re.Pattern[str]]:
    patterns = {}
    for column, spellings in lexicon.read("headings")["not_headings"].items():
        alternatives = []
        for spelling in map(str, spellings):
            word = re.escape(fold(spelling.strip("… ")))
            begins, ends = spelling.endswith("…"), spelling.startswith("…")
            alternatives.append(rf"^{word}\b" if begins else rf"\b{word}$" if ends else rf"\b{word}\b")
        patterns[column] = re.compile("|".join(alternatives) or r"(?!)")
    return patterns


@lexicon.by_words()
def _headings() -> list[tuple[tuple[str, ...], Meaning]]:
    """Every known heading, the best last, so that it stays where two are written with the same words."""
    return [
        (tuple(_words(fold(str(heading)))), (column, rank))
        for column, spellings in reversed(lexicon.spellings("trackers", "headings").items())
        for rank, heading in reversed(list(enumerate(spellings)))
    ]


@lexicon.by_words()
def _by_words() -> dict[tuple[str, ...], Meaning]:
    return {tuple(sorted(words)): found for words, found in _headings()}


@lexicon.by_words()
def _by_letters() -> dict[str, Meaning]:
    """`TglService`, `T A N G G A L`."""
    return {"".join(words): found for words, found in _headings()}


@lexicon.by_words()
def _known_words() -> frozenset[str]:
    others = lexicon.read("headings")["not_headings"].values()
    phrases = [fold(str(word)) for words in others for word in words]
    return frozenset(
        [word for words, _ in _headings() for word in words] + [word for phrase in phrases for word in _words(phrase)]
    )


@lexicon.by_words(16_000)
def _near(word: str) -> list[str]:
    """The known words of five letters or more within one edit."""
    if len(word) < TYPO_FROM - 1 or not word.isalpha():
        return []
    return sorted(known for known in _known_words() if len(known) >= TYPO_FROM and one_edit(known, word))
