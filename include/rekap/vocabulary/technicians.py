"""Names of technicians in one cell: "Pak Budi / Andi", "Budi & Andi", "Tim 2"."""

import re
import unicodedata

from rekap.vocabulary import lexicon
from rekap.vocabulary.folding import fold
from rekap.vocabulary.reading import EMPTY, ERROR_CELL, LONGEST, UNKNOWN, Reading, refused

MOST = 20  # names in one cell
LEAST_NAME = 3  # letters behind "teknisi" that are a name: "teknisi A" is called so
BETWEEN = re.compile(r"[/&,+;\n|]")
PHONE = re.compile(r"\+?\(?\d[\d .()-]{6,20}\d")


def read_technicians(text: str) -> Reading[list[str]]:
    """The names as written, without forms of address, each once. Problems: `empty` (a reader of rows takes it as no
    technician), `unknown` (a text without a name)."""
    if len(text) > LONGEST:
        return refused(UNKNOWN)
    found = _read(text)
    return Reading(list(found.value) if found.value else None, found.problem, found.flags)


@lexicon.by_words(4000)
def _read(text: str) -> Reading[tuple[str, ...]]:
    if not fold(text).strip(" .") or fold(text).strip(" .") in lexicon.words("people", "nothing"):
        return refused(EMPTY)
    if ERROR_CELL.fullmatch(fold(text)):
        return refused(UNKNOWN)
    plain = PHONE.sub(" ", unicodedata.normalize("NFKC", text))
    plain = "".join(sign for sign in plain if unicodedata.category(sign) != "Cf")
    names = _names(re.sub(r"\([^()]*\)", " ", plain)) or _names(re.sub(r"[()]", ",", plain))
    if not names or len(names) > MOST:
        return refused(UNKNOWN)
    return Reading(tuple(names.values()))


def _names(text: str) -> dict[str, str]:
    names: dict[str, str] = {}
    for piece in BETWEEN.split(_between().sub("/", _others().sub(" ", text))):
        name = _name(piece)
        if name and fold(name) not in lexicon.words("people", "nothing"):
            names.setdefault(fold(name), name)
    return names


@lexicon.by_words()
def _between() -> re.Pattern[str]:
    return re.compile(rf"(?i)(?<=\s)(?:{lexicon.alternatives(lexicon.words('people', 'between'))})(?=\s)")


@lexicon.by_words()
def _others() -> re.Pattern[str]:
    return re.compile(rf"(?i)(?<!\w)(?:{lexicon.alternatives(lexicon.words('people', 'others'))})\.?(?!\w)")


@lexicon.by_words(10_000)
def name_key(name: str) -> str:
    """The form in which names of people are compared: folded, without forms of address and punctuation."""
    return " ".join(re.findall(r"[^\W_]+", fold(_name(name))))


def _name(piece: str) -> str:
    words = _unlabelled(piece).split()
    while len(words) > 1 and (_is_address(words[0]) or _is_office(*words[:2])):
        words = words[1:]
    if words and (glued := re.fullmatch(r"([^\W\d_]{1,8}\.)(\w.*)", words[0])) and _is_address(glued[1]):
        words[0] = glued[2]  # "Bpk.Budi"
    name = " ".join(words).strip(" .:-_*\"'")
    if not re.search(r"[^\W\d_]", name) or fold(name) in lexicon.words("people", "honorifics"):
        return ""
    counted = re.fullmatch(r"\d+ (\w+)", fold(name))
    return "" if counted and counted[1] in lexicon.words("people", "count_words") else name


def _unlabelled(piece: str) -> str:
    """Without a label: "Teknisi: Budi", "Tim : Budi"."""
    label, colon, rest = piece.partition(":")
    labels = lexicon.words("people", "offices") | lexicon.words("people", "count_words")
    return rest if colon and fold(label).strip(" *-") in labels and rest.strip() else piece


def _is_address(word: str) -> bool:
    known = lexicon.words("people", "honorifics")
    return fold(word) in known or (word.endswith(".") and fold(word[:-1]) in known)


def _is_office(word: str, name: str) -> bool:
    return (
        fold(word).strip(".") in lexicon.words("people", "offices") and len(re.findall(r"[^\W\d_]", name)) >= LEAST_NAME
    )
