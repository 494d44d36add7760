"""Names of technicians in one cell: "Pak Budi / Andi", "Budi & Andi", "Tim 2"."""

import re

from rekap.vocabulary import lexicon
from rekap.vocabulary.folding import fold
from rekap.vocabulary.reading import EMPTY, LONGEST, UNKNOWN, Reading, refused

MOST = 20  # names in one cell
BETWEEN = re.compile(r"\s*[/&,+;\n|]\s*")


def read_technicians(text: str) -> Reading[list[str]]:
    """The names as written, without forms of address, each once. Problems: `empty` (a reader of rows takes it as no
    technician), `unknown` (a text without a name)."""
    if len(text) > LONGEST:
        return refused(UNKNOWN)
    if not fold(text) or fold(text).strip(" .") in lexicon.words("people", "nothing"):
        return refused(EMPTY)
    between = "|".join(map(re.escape, lexicon.words("people", "between")))
    names: dict[str, str] = {}
    for piece in BETWEEN.split(re.sub(rf"(?i)\s+(?:{between})\s+", "/", re.sub(r"\([^)]*\)|\s", " ", text))):
        name = _name(piece)
        if name and fold(name) not in lexicon.words("people", "nothing"):
            names.setdefault(fold(name), name)
    if not names or len(names) > MOST:
        return refused(UNKNOWN)
    return Reading(list(names.values()))


def name_key(name: str) -> str:
    """The form in which names of people are compared: folded, without forms of address and punctuation."""
    return " ".join(re.findall(r"[^\W_]+", fold(_name(name))))


def _name(piece: str) -> str:
    words = piece.split()
    while len(words) > 1 and _is_address(words[0]):
        words = words[1:]
    name = " ".join(words).strip(" .:-_*\"'")
    if not re.search(r"[^\W\d_]", name) or fold(name) in lexicon.words("people", "honorifics"):
        return ""
    counted = re.fullmatch(r"\d+ (\w+)", fold(name))
    return "" if counted and counted[1] in lexicon.words("people", "count_words") else name


def _is_address(word: str) -> bool:
    known = lexicon.words("people", "honorifics")
    return fold(word) in known or (word.endswith(".") and fold(word[:-1]) in known)
