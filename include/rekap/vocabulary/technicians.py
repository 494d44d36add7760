"""Names of technicians in one cell: "Pak Budi / Andi", "Budi & Andi", "Tim 2"."""

import re
import unicodedata
from itertools import pairwise

from rekap.vocabulary import asides, lexicon
from rekap.vocabulary.folding import fold
from rekap.vocabulary.reading import EMPTY, ERROR_CELL, LONGEST, UNKNOWN, Reading, refused

MOST = 20  # names in one cell
NO_SIGNS = ("Cf", "So")  # invisible marks, ✅ and its like
LEAST_NAME = 3  # letters behind "teknisi" that are a name: "teknisi A" is called so
BETWEEN = re.compile(r"[/&,+;\n|\\\N{BULLET}]|\s[-*]+\s|^[-*]+\s")
PHONE = r"\+?(?:\(\d{2,4}\) ?)?\d[\d .()-]{6,20}\d"
DAY = re.compile(r"(?i)(?<![\w/.-])(?<!tim )(?<!team )(?<!teknisi )\d{1,2}/\d{1,2}(?:/\d{2,4})?(?![\w/])")
POINT = r"\s?[^\W\d_]"  # how a point of a list begins
TEAM = re.compile(r"(?i)((?:tim|team|teknisi|tek)\.? )(?:\d{1,2}|[^\W\d_])")
BRACKETS = str.maketrans("[]{}", "()()")
MEMBER = re.compile(r"\d{1,2}|[^\W\d_]")


def read_technicians(text: str) -> Reading[list[str]]:
    """The names as written, without forms of address, each once. Problems: `empty` (a reader of rows takes it as no
    technician), `unknown` (a text without a name)."""
    if len(text) > LONGEST:
        return refused(UNKNOWN)
    found = _read(text)
    return Reading(list(found.value) if found.value else None, found.problem, found.flags)


@lexicon.by_words(4000)
def _read(text: str) -> Reading[tuple[str, ...]]:
    said = fold(text).strip(" .")
    if not said or said in lexicon.words("people", "nothing") or _lacking(said):
        return refused(EMPTY)
    if ERROR_CELL.fullmatch(fold(text)):
        return refused(UNKNOWN)
    plain = asides.without_numbering(DAY.sub(" ", _phones().sub(" ", _plain(text))), POINT)
    if _changing().search(fold(plain)):
        return refused(UNKNOWN)
    names = _names(re.sub(r"\([^()]*\)", " ", plain)) or _names(re.sub(r"[()]", ",", plain))
    if not names or len(names) > MOST or not all(map(_certain, names)):
        return refused(UNKNOWN)
    return Reading(tuple(names.values()))


def _plain(text: str) -> str:
    """As written, in one width, without signs that are no letters, with round brackets only."""
    signs = unicodedata.normalize("NFKC", text.replace("\N{VARIATION SELECTOR-16}", ""))
    return "".join(sign for sign in signs if unicodedata.category(sign) not in NO_SIGNS).translate(BRACKETS)


def _names(text: str) -> dict[str, str]:
    names: dict[str, str] = {}
    team = ""
    for piece in BETWEEN.split(_between().sub("/", _others().sub(" ", text))):
        member = team and MEMBER.fullmatch(piece.strip())  # "Tim 1 & 2"
        if not member and _nobody(fold(piece).strip(" .:-_")):
            continue
        for said in _parted(piece):
            name = team + said.strip() if member else _name(said)
            team = found[1] if (found := TEAM.fullmatch(name)) else ""
            if name and not _nobody(fold(name)):
                names.setdefault(fold(name), name)
    return names


def _parted(piece: str) -> list[str]:
    """ "Pak Budi Mas Andi" → two: a form of address behind a name that has one itself."""
    words = piece.split()
    starts = [at for at, word in enumerate(words) if fold(word).strip(".") in lexicon.words("people", "parting")]
    if len(starts) < 2 or starts[0] or any(later - start < 2 for start, later in pairwise(starts)):
        return [piece]
    return [" ".join(words[start:end]) for start, end in pairwise([*starts, len(words)])]


def _nobody(folded: str) -> bool:
    """Whether a piece names nobody: "menyusul", "belum dapat teknisi", "2 helper"."""
    words = folded.split()
    if not words:
        return True
    if folded in lexicon.words("people", "nothing") or _no_name(folded) or _lacking(folded):
        return True
    return words[0].isdigit() and all(map(_no_name, words[1:]))


def _lacking(folded: str) -> bool:
    words = folded.split()
    return words[0] in lexicon.words("people", "lacking") and words[-1] in lexicon.words("people", "count_words")


def _no_name(folded: str) -> bool:
    return folded in lexicon.words("people", "no_names") or folded in lexicon.meanings("statuses", "codes")


def _certain(folded: str) -> bool:
    """Whether a name holds only what names hold: a number only at the end of "Tim 2" and "Budi 2"."""
    if "@" in folded or ":" in folded:
        return False
    *words, last = folded.split()
    if not re.search(r"\d", folded) or (not words and re.fullmatch(r"[^\W\d_]+-?\d{1,2}", last)):
        return True
    teams = lexicon.words("people", "count_words")
    known = re.fullmatch(r"\d{1,2}", last) or (words[:1] and words[0] in teams)
    return bool(words and known and (lexicon.words("services", "places") - teams).isdisjoint(words)) and not re.search(
        r"\d", " ".join(words)
    )


@lexicon.by_words()
def _phones() -> re.Pattern[str]:
    labels = lexicon.alternatives([label for label in lexicon.words("phones", "labels") if len(label) > 1])
    return re.compile(rf"(?i)(?:(?<!\w)(?:{labels})[ .:]{{0,3}}){{0,3}}{PHONE}")


@lexicon.by_words()
def _changing() -> re.Pattern[str]:
    words = lexicon.alternatives(lexicon.words("people", "changing"))
    return re.compile(rf"(?<![^\W_])(?:{words})(?![^\W_])|\w\s?\?")


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
    while " " in name and _no_name(fold(name.rsplit(None, 1)[1])) and not TEAM.fullmatch(name):
        name = name.rsplit(None, 1)[0].strip(" .:-_")  # "Budi OK"
    counted = re.fullmatch(r"\d+ (\w+)", fold(name))
    return "" if counted and counted[1] in lexicon.words("people", "count_words") else name


def _unlabelled(piece: str) -> str:
    """Without a label: "Teknisi: Budi", "Tim 2: Budi", "Pagi: Budi"."""
    label, colon, rest = piece.partition(":")
    labels = lexicon.words("people", "offices") | lexicon.words("people", "count_words")
    said = re.sub(r" ?\d{1,2}$", "", fold(label).strip(" *-"))
    known = labels | lexicon.words("people", "times")
    return rest if colon and said in known and rest.strip() else piece


def _is_address(word: str) -> bool:
    known = lexicon.words("people", "honorifics")
    return fold(word) in known or (word.endswith(".") and fold(word[:-1]) in known)


def _is_office(word: str, name: str) -> bool:
    return (
        fold(word).strip(".") in lexicon.words("people", "offices") and len(re.findall(r"[^\W\d_]", name)) >= LEAST_NAME
    )
