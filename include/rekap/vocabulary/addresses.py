"""An address taken apart: "Jl. Raya Serpong No. 5, Ruko Melati Blok A2 Lt. 2, RT 003/RW 002, Kel. …, Tangsel 15332".

A part that stands twice with different values makes the address unknown: nobody guesses which one counts. City words
name areas only roughly; an outlet is known by its name, never by them.
"""

import re
from dataclasses import dataclass, fields

from rekap.vocabulary import lexicon
from rekap.vocabulary.folding import fold
from rekap.vocabulary.reading import EMPTY, LONGEST, UNKNOWN, Reading, refused

LINK = re.compile(r"https?://\S{1,300}|(?:maps\.app\.)?goo\.gl/\S{1,200}|g\.co/\S{1,200}", re.IGNORECASE)
POSTAL_CODE = re.compile(r"(?<![\d.,/-])[1-9]\d{4}(?![\d./-])")
RT_RW = re.compile(r"\brt ?[.:]? ?(\d{1,3})(?: ?[,/-]? ?(?:rw)? ?[.:]? ?(\d{1,3}))?\b|\brw ?[.:]? ?(\d{1,3})\b")
CODE = r"[a-z]{0,3} ?[-.]? ?\d{1,4}(?: ?[/-] ?\d{1,4})?[a-z]?"


@dataclass(frozen=True)
class Address:
    """The parts that a text names, folded; None where it names none. `city` is the name of
    the list, `floor` a number or GF, LG, UG, …"""

    street: str | None = None
    number: str | None = None
    block: str | None = None
    building: str | None = None
    floor: str | None = None
    rt: str | None = None
    rw: str | None = None
    kelurahan: str | None = None
    kecamatan: str | None = None
    city: str | None = None
    postal_code: str | None = None
    landmark: str | None = None
    map_link: str | None = None


def read_address(text: str) -> Reading[Address]:
    """The parts of an address. Problems: `empty`; `unknown` when no part is named, when one is named twice with
    different values, or when the text is longer than a cell's address.
    Flag `city_unknown`: "Kota" or "Kab." names a place that is not in the list."""
    return refused(UNKNOWN) if len(text) > LONGEST else _read(text)


@lexicon.by_words(4000)
def _read(text: str) -> Reading[Address]:
    links = list(dict.fromkeys(found[0].rstrip(".,;)") for found in LINK.finditer(text)))
    folded = fold(re.sub(r"\s*\n\s*", ", ", LINK.sub(" ", text)))
    if (not folded.strip("-_.,? ") and not links) or folded in lexicon.words("addresses", "nothing"):
        return refused(EMPTY)
    found: dict[str, set[str]] = {"map_link": set(links)}
    rest = _landmark(folded, found)
    rest = _taken(RT_RW, rest, found, {1: "rt", 2: "rw", 3: "rw"})
    rest = _taken(POSTAL_CODE, rest, found, {0: "postal_code"})
    for part, pattern in _labelled().items():
        rest = _taken(pattern, rest, found, {1: part})
    rest = _floors(rest, found)
    flags = _city(rest, found)
    _place(rest, found)
    values = {part: values.pop() for part, values in found.items() if len(values) == 1}
    if any(found.values()) or not values:  # what is left had a second value
        return refused(UNKNOWN)
    shown = {part.name: values.get(part.name) for part in fields(Address)}
    return Reading(Address(**shown), None, flags)


def _taken(pattern: re.Pattern[str], text: str, found: dict[str, set[str]], parts: dict[int, str]) -> str:
    """The text without what a pattern finds, which goes to its parts."""
    for match in pattern.finditer(text):
        for group, part in parts.items():
            if match[group]:
                value = match[group].strip(" .,-:/")
                if part in ("rt", "rw"):
                    value = value.zfill(3)
                found.setdefault(part, set()).add(value.upper() if part in ("number", "block") else value)
    return pattern.sub(" , ", text)


def _landmark(folded: str, found: dict[str, set[str]]) -> str:
    """The rest of a text behind its landmark, "dkt Indomaret", up to the next comma or bracket."""
    match = _landmarks().search(folded)
    if match is None:
        return folded
    found["landmark"] = {match[0].strip(" ,()")}
    return f"{folded[: match.start()]} , {folded[match.end() :]}"


@lexicon.by_words()
def _landmarks() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{lexicon.alternatives(lexicon.words('addresses', 'landmark'))})(?!\w)[^,()\n]*")


@lexicon.by_words()
def _labelled() -> dict[str, re.Pattern[str]]:
    """Parts that stand behind their name: "No. 5", "Blok A2", "Kel. Lengkong"."""
    of = {part: lexicon.alternatives(lexicon.words("addresses", part)) for part in lexicon.read("addresses")
          if isinstance(lexicon.read("addresses")[part], list)}  # fmt: skip
    name = r"([^\W\d][^,()/\d]{1,40}?)"
    stop = (
        rf"(?= ?(?:[,()/]|$|\b(?:{of['kelurahan']}|{of['kecamatan']}|{of['regency']}|{of['city']}|{of['province']})\b))"
    )
    return {
        "kelurahan": re.compile(rf"\b(?:{of['kelurahan']})\b[. :]{{0,2}}{name}{stop}"),
        "kecamatan": re.compile(rf"\b(?:{of['kecamatan']})\b[. :]{{0,2}}{name}{stop}"),
        "floor": re.compile(rf"\b(?:{of['floor']})\b[. :-]{{0,2}}(\d{{1,2}}[a-z]?)\b"),
        "number": re.compile(rf"\b(?:{of['number']})\b[. :]{{0,2}}({CODE})(?!\w)"),
        "block": re.compile(rf"\b(?:{of['block']}|{of['plot']})\b[. :]{{0,2}}({CODE}|[a-z]{{1,3}}(?![a-z]))(?!\w)"),
    }


def _floors(text: str, found: dict[str, set[str]]) -> str:
    named = {fold(word): str(floor) for word, floor in lexicon.read("addresses")["named_floors"].items()}
    pattern = re.compile(rf"(?<!\w)(?:{lexicon.alternatives(named)})(?!\w)")
    for match in pattern.finditer(text):
        found.setdefault("floor", set()).add(named[match[0]])
    return pattern.sub(" , ", text)


def _city(text: str, found: dict[str, set[str]]) -> tuple[str, ...]:
    """The city that is named; of two, the one within the other: "Tangerang Selatan, Tangerang"."""
    plain = " ".join(re.sub(r"[.,]", " ", text).split())
    names = list(dict.fromkeys(_cities()[word] for word in _city_words().findall(plain)))
    names = [name for name in names if not any(name != other and name in other for other in names)]
    if names:
        found["city"] = set(names)
        return ()
    of = "|".join(lexicon.alternatives(lexicon.words("addresses", part)) for part in ("city", "regency"))
    return ("city_unknown",) if re.search(rf"\b(?:{of})\b[. ]{{0,2}}[a-z]", text) else ()


@lexicon.by_words()
def _cities() -> dict[str, str]:
    return lexicon.meanings("addresses", "cities")


@lexicon.by_words()
def _city_words() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{lexicon.alternatives(_cities())})(?!\w)")


def _place(text: str, found: dict[str, set[str]]) -> None:
    """Street and building: the piece between commas that begins with their word."""
    for piece in re.split(r"[,()]", text):
        piece = piece.strip(" .-/")
        for part, lists in (("street", ("street", "alley")), ("building", ("building", "estate"))):
            words = "|".join(lexicon.alternatives(lexicon.words("addresses", name)) for name in lists)
            if re.match(rf"(?:{words})\b[. ]{{0,2}}\S", piece):
                found.setdefault(part, set()).add(piece)
                break
