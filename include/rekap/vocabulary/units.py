"""Numbers of units: "3", "3 unit", "2+1", "3 split 1 cassette", "tiga"; "semua" names none."""

import re
from dataclasses import dataclass

from rekap.vocabulary import lexicon
from rekap.vocabulary.folding import fold
from rekap.vocabulary.reading import EMPTY, LONGEST, UNKNOWN, Reading, refused

UNITS_UNKNOWN = "units_unknown"
MOST = 500  # units in one visit; a greater number is a price, a phone or a code
SIZE = r"(?:(?:[1-9] ?)?(?:\d/\d|setengah)|\d{1,6}(?:[.,]\d{1,3})?)"
MONEY = re.compile(
    r"(?:@ ?)?(?:(?<![^\W\d_])(?:rp|idr)\.? ?\d[\d.,]*(?: ?(?:rb|ribu|k|jt|juta))?(?:,?-)?(?![\d])"
    r"|\d[\d.,]* ?(?:rb|ribu|k|jt|juta)\b|(?<![\d.,])\d{1,3}(?:[.,]\d{3})+(?:,\d\d)?(?:,-)?(?![\d.,]*\d))"
)
GAS = re.compile(r"\b(?:r[ -]?(?:22|32|134a?|290|404a?|407c?|410a?|600a?))\b")
CLOCK_OR_DATE = re.compile(r"(?<![\d.,/])(?:\d{1,2}[.:][0-5]\d(?!\d)|\d{1,2}[/-]\d{1,2}[/-]\d{2,4})(?![\d])")
LONG = re.compile(r"(?<![\d.,/])\d{4,}(?![\d.,/]| ?(?:unit|units|u|un)\b)")  # a price, a code
PK_FIRST = re.compile(rf"\bpk ?{SIZE}")  # "PK 1"
COUNT = re.compile(r"(?<![\d.,/])(?<![^\W\d_]-)\d+(?:[.,]0{1,2})?(?![\d/]|[.,]\d)")
OPEN = "\N{INVERTED QUESTION MARK}"  # in place of numbers of which nobody knows what they count: "1 PK 2, 2 PK 1"
LISTED = re.compile(r"^\d+,\s")  # "2, 3 PK": two sizes, or two units of 3 PK
EITHER = re.compile(r"(?<![\d.,])(\d{1,3})( ?(?:-|~|/|s/d|sd|atau|or|sampai|dari) ?)\d{1,3}(?![\d.,])")
TOKEN = re.compile(rf"<\w+>|(?P<count>{COUNT.pattern})|[^\W\d_]+|\S")
JOINTS = frozenset(".:=(#-@")  # between a number and the word before it
SUM = re.compile(r"(?<![\d.,/])\d{1,3}(?: ?\+ ?\d{1,3}(?![\d.,/]))+")


def read_units(text: str) -> Reading[int]:
    """The number that a unit cell names. Problems `empty` and `unknown`, the latter with flag `units_unknown`."""
    return _read(text) if len(text) <= LONGEST else refused(UNKNOWN, UNITS_UNKNOWN)


@lexicon.by_words(4000)
def _read(text: str) -> Reading[int]:
    folded = fold(text)
    if not folded.strip("-_. "):
        return refused(EMPTY)
    plain = without_sizes(in_digits(folded))
    numbers = counts(plain)
    strange = [word for word in re.findall(r"[^\W\d_]+", plain) if word not in _known_words()]
    if not numbers or strange or between(plain) or re.search(r"[/*?]|\d[.,][1-9]", plain) or sum(numbers) > MOST:
        return refused(UNKNOWN, UNITS_UNKNOWN)
    return Reading(sum(numbers))


def without_sizes(folded: str) -> str:
    """A folded text without what looks like a number of units and is none: sizes, refrigerants, floors, prices."""
    sizes, places = not_counted()
    folded = places.sub(r" \g<word> ", MONEY.sub(" ", GAS.sub(" ", folded)))
    folded = sizes.sub(lambda found: f" {OPEN} " if LISTED.match(found[0]) else " ", folded)
    return LONG.sub(" ", PK_FIRST.sub(" ", folded))


@lexicon.by_words()
def not_counted(but: frozenset[str] = frozenset()) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Patterns of numbers with a measure behind them, and of numbers with the name of a place, code or time before them
    (`word`). `but`: words beside a number that are left alone."""
    measures = lexicon.alternatives((lexicon.words("services", "measures") | lexicon.words("services", "rooms")) - but)
    places = lexicon.alternatives(lexicon.words("services", "places") - but)
    units = lexicon.alternatives(lexicon.words("services", "unit_words"))
    return (
        re.compile(
            rf"(?<![\d/.,])(?!20\d\d\b){SIZE}(?:(?:\s?(?:-|s/d|&|atau)\s?|,\s){SIZE}){{0,5}}\s?(?:{measures})(?![^\W_])"
        ),
        re.compile(
            rf"(?<![^\W_])(?P<word>{places})[. :#-]{{0,2}}[a-z]?\d{{1,5}}[a-z]?(?![^\W_])(?! ?(?:{units})(?![^\W_]))"
            rf"(?:(?:,| ?[-&/] ?| dan | and )\d{{1,5}}[a-z]?(?![^\W_])(?! ?(?:{units})(?![^\W_]))){{0,9}}"
        ),
    )


def counts(folded: str) -> list[int]:
    """The whole numbers of a folded text, in digits or in words."""
    named = lexicon.read("services")["numbers"]
    return [
        int(named.get(found) or re.split("[.,]", found)[0])
        for found in re.findall(rf"{COUNT.pattern}|[^\W\d_]+", folded)
        if found in named or found[0].isdigit()
    ]


@dataclass(frozen=True)
class Counted:
    """The numbers of a text that count units. `said`: a word for a unit stands behind one of them. `open`: something is
    said of units that nobody can know: "2-3 unit", "sekitar 5", "5 dari 7", "kasir 2". `named`: a number belongs to a
    name, "BSD 2", and counts nothing."""

    numbers: list[int]
    said: bool
    open: bool
    named: bool

    @property
    def uncertain(self) -> bool:
        """A name's number leaves the units open unless a number with a word for a unit stands beside it."""
        return self.open or (self.named and not self.said)


def counted(segment: str) -> Counted:
    """The units of a folded text with services as `<code>`."""
    tokens = list(TOKEN.finditer(segment))
    words = [token[0] for token in tokens]
    kinds = {token.start(): _kind(words, at) for at, token in enumerate(tokens) if token["count"]}
    numbers = [int(re.split("[.,]", token[0])[0]) for token in tokens if kinds.get(token.start()) in ("unit", "bare")]
    found = set(kinds.values())
    either = any(kinds.get(told.start()) != "name" or told[2] != " - " for told in EITHER.finditer(segment))
    changed = len(kinds) > 1 and changes(segment)
    twice = len(numbers) > 2 and numbers[0] == sum(numbers[1:])  # "3 unit Daikin 2 LG 1"
    times = bool(kinds) and bool(_times().search(segment))
    unknown = OPEN in segment or either or changed or twice or times or "open" in found
    return Counted(numbers, "unit" in found, unknown, "name" in found)


@lexicon.by_words()
def _changing() -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W_])(?:{lexicon.alternatives(lexicon.words('services', 'changing'))})(?![^\W_])")


@lexicon.by_words()
def _times() -> re.Pattern[str]:
    """A number of units that is to be multiplied: "2 unit per lantai", "masing-masing 2 unit", "3 unit x 2"."""
    each, rooms, words, counting = (
        lexicon.alternatives(lexicon.words("services", key)) for key in ("each", "rooms", "unit_words", "counted")
    )
    return re.compile(
        rf"(?<![^\W_])(?:{each})(?![^\W_])|(?:\bper|\btiap|\bsetiap|/) ?(?:{rooms})(?![^\W_])"
        rf"|@ ?\d+ ?(?:{counting})(?![^\W_])|\d ?(?:(?:{words}) ?)?x ?\d"
    )


def summaries(marked: str) -> str:
    """A text whose numbers stand once: "4 unit: 3 split, 1 kaset" without the 4; open where the parts do not add up."""

    def told(found: re.Match[str]) -> str:
        rest = found.string[found.end() :].partition("<")[0].partition(";")[0]
        return " " if sum(counted(rest).numbers) == int(found[1]) else f" {OPEN} "

    return _summary().sub(told, marked)


@lexicon.by_words()
def _summary() -> re.Pattern[str]:
    words = lexicon.alternatives(unit_words())
    explaining = lexicon.alternatives(lexicon.words("services", "explaining"))
    return re.compile(rf"(?<![\d.,/])(\d{{1,3}})(?: ?(?:{words})(?!\w)){{0,3}} ?(?:{explaining}) ?(?=\d)")


def changes(text: str) -> bool:
    """Whether a text says that a number of units is no longer what it was."""
    return bool(_changing().search(text))


def in_digits(folded: str) -> str:
    """ "dua belas" → 12, "dua puluh tiga" → 23, "2 + 1" → 3."""
    return sums(_worded().sub(_number_of, folded))


def sums(folded: str) -> str:
    """ "2 + 1" → 3."""
    return SUM.sub(lambda found: _summed(folded, found), folded)


def numerals(folded: str) -> str:
    """Every number word in digits: "tiga" → 3, "dua belas" → 12."""
    named = lexicon.read("services")["numbers"]
    return re.sub(r"[^\W_]+", lambda found: str(named.get(found[0], found[0])), _worded().sub(_number_of, folded))


def between(folded: str) -> bool:
    """Whether a text leaves open which number it is: "2-3 unit", "2 atau 3", "2/3"."""
    return bool(EITHER.search(folded))


def _kind(words: list[str], at: int) -> str:
    """What the number at a place of a text counts: `unit`, `bare` (units, as far as one sees), `name` (a part of
    one), `open` (nobody can know)."""
    behind = words[at + 1 : at + 3]
    before = at - 1
    while before >= 0 and words[before] in JOINTS:
        before -= 1
    word = words[before] if before >= 0 else ""
    if word in lexicon.words("services", "about") or "?" in behind:
        return "open"
    if behind and behind[0] in unit_words() and behind[0] != "x":
        return "unit"
    if word[:1].isdigit() or (word in lexicon.words("services", "counted") and words[before - 1][:1].isdigit()):
        return "open"
    if word in lexicon.words("services", "spots") and word not in unit_words():
        return "open"
    return "name" if word[:1].isalpha() and word not in _neutral() else "bare"


@lexicon.by_words()
def unit_words() -> frozenset[str]:
    """Words behind or before a number of units: kinds of units and brands."""
    phrases = [phrase for key in ("unit_words", "brands") for phrase in lexicon.words("services", key)]
    return frozenset(word for phrase in phrases for word in phrase.split())


@lexicon.by_words()
def _neutral() -> frozenset[str]:
    """Words before a number that name nothing."""
    lists = ("neutral", "totals", "places", "rooms", "everything", "fillers")
    return unit_words().union(*(lexicon.words("services", key) for key in lists))


@lexicon.by_words()
def _worded() -> re.Pattern[str]:
    digits = lexicon.alternatives([word for word, number in lexicon.read("services")["numbers"].items() if number < 10])
    teens, tens = (lexicon.alternatives(lexicon.words("services", key)) for key in ("teens", "tens"))
    return re.compile(rf"(?<!\w)({digits}) ?(?:({teens})|(?:{tens})(?: ({digits}))?)(?!\w)")


def _number_of(found: re.Match[str]) -> str:
    named = lexicon.read("services")["numbers"]
    return str(10 + named[found[1]] if found[2] else 10 * named[found[1]] + (named[found[3]] if found[3] else 0))


def _summed(folded: str, found: re.Match[str]) -> str:
    """The sum, unless the last number counts something of its own: "cuci 2 + 1 freon"."""
    behind = re.match(r" ?([^\W\d_]+)", folded[found.end() :])
    if behind and behind[1] not in unit_words():
        return found[0]
    return str(sum(int(number) for number in re.findall(r"\d+", found[0])))


@lexicon.by_words()
def _known_words() -> frozenset[str]:
    named = frozenset(lexicon.read("services")["numbers"])
    return unit_words() | lexicon.words("services", "totals") | named | frozenset(("dan", "and"))
