"""Clauses of a free text: where they end, and which of them say the opposite, another time or a condition.

A line is looked at with its pieces blanked (days, times, outlets, phones): BLANK stands for what was read already.
"""

import re
from collections.abc import Iterator, Sequence

from rekap.vocabulary import lexicon
from rekap.vocabulary.folding import fold

BLANK = "|"  # no word reaches across it
FEW_WORDS = 3
WORD = re.compile(r"[^\W\d_]+(?:[/'][^\W\d_]+)*")
ENDS = re.compile(r"[;!?()\n|•]|[.,](?!\d)|(?<=\s)[-/](?=\s)")
SENTENCE_ENDS = re.compile(r"[;!?\n]|\.(?!\d)")


def clauses(line: str, rest: str) -> Iterator[tuple[int, int]]:
    """Where the clauses of a line begin and end; a mark inside a piece ends none."""
    marks = [match.span() for match in ENDS.finditer(line) if rest[match.start()] == line[match.start()]]
    marks += [(match.start(), match.start()) for match in _but().finditer(rest)]
    yield from _between(sorted(marks), len(line))


def sentences(rest: str) -> Iterator[tuple[int, int]]:
    """Where the sentences of a line begin and end."""
    return _between([match.span() for match in SENTENCE_ENDS.finditer(rest)], len(rest))


def _between(marks: Sequence[tuple[int, int]], length: int) -> Iterator[tuple[int, int]]:
    start = 0
    for begin, end in marks:
        if begin > start:
            yield start, begin
        start = max(start, end)
    if start < length:
        yield start, length


def is_against(clause: str) -> bool:
    """Whether a clause says the opposite, another time or a condition; "tidak dingin" is a fault and says neither."""
    plain = _harmless().sub(" ", fold(clause))
    return any(word in lexicon.words("order_form", "not_so") for word in WORD.findall(plain))


def takes_back(clause: str) -> bool:
    """Whether a clause holds nothing but a refusal of the clause before it: "tidak bisa", "jangan ya"."""
    words = WORD.findall(_harmless().sub(" ", fold(clause)))
    if not words or BLANK in clause:
        return False
    plain = " ".join(word for word in words if word not in lexicon.words("order_form", "fillers"))
    begins = words[0] in lexicon.words("order_form", "but") and words[0] in lexicon.words("order_form", "not_so")
    return plain in lexicon.words("order_form", "taken_back") or (begins and len(words) <= FEW_WORDS)


def ends_with(before: str, words: str) -> bool:
    """Whether the text before a piece ends with one of a list of words of order_form.yaml: "sebelum tgl" too."""
    last = WORD.findall(fold(before))[-2:]
    known = lexicon.words("order_form", words)
    stripped = [word for word in last if word not in lexicon.words("dates", "beside")]
    end = re.search(r"[|.,;!?)]\s*$", before)
    return not end and bool(stripped) and (stripped[-1] in known or " ".join(last) in known)


def is_signature(line: str) -> bool:
    """Whether below this line stands who wrote."""
    folded = fold(line).lstrip("-*_ ")
    first = lexicon.words("order_form", "signatures")
    return fold(line).strip() == "--" or any(re.match(rf"{re.escape(word)}(?:[\s,.!]|$)", folded) for word in first)


@lexicon.by_words()
def _but() -> re.Pattern[str]:
    words = "|".join(map(re.escape, lexicon.words("order_form", "but")))
    return re.compile(rf"(?<![^\W_])(?:{words})(?![^\W_])", re.IGNORECASE)


@lexicon.by_words()
def _harmless() -> re.Pattern[str]:
    """Phrases that hold a word of `not_so` without meaning it: faults of the trade, and "jangan lupa"."""
    against = lexicon.words("order_form", "not_so")
    spellings = lexicon.meanings("services", "codes")
    faults = {spelling for spelling in spellings if any(word in against for word in spelling.split())}
    words = sorted(faults | lexicon.words("order_form", "so_all_the_same"), key=len, reverse=True)
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(map(re.escape, words))})(?![^\W_])")
