"""Services in the words of the trade → canonical codes with their units (tracker contract)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from rekap.vocabulary import asides, lexicon, units
from rekap.vocabulary.folding import fold
from rekap.vocabulary.reading import EMPTY, LONGEST, UNKNOWN, Reading, refused
from rekap.vocabulary.typos import near
from rekap.vocabulary.units import MOST, UNITS_UNKNOWN, Counted, counted

Services = list[tuple[str, int | None]]

BETWEEN = re.compile(
    r"[;\n&+|]|,(?!\d)|(?<!\d),|//| / |\b(?:dan|and|serta|plus|lalu|kemudian|kmdn|trus|terus|sekalian)\b"
)
BEFORE_SERVICE = re.compile(r"(?:\.|->|\s[-*>\N{BULLET}]+)\s?(?=<)")  # "cuci AC. Isi freon 2 unit"
EXPLAINED = re.compile(r"(\d[^()\d<]*)\(([^()]*)\)")
MARK = re.compile(r"<(\w+)>")
SUMMARY = re.compile(r"^[^<:]*\d[^<:]*:(?=[^:]*\d)")  # "3 unit AC: cuci 2, freon 1"
TYPO_FROM = 5  # letters
BARE = "bare"  # "service" alone, until the rest of the text says what it is
DENIED = "denied"
DENIAL = f" <{DENIED}> "
CLEANING = ("cleaning", "deep_cleaning")


@dataclass
class _Found:
    """The services of a text in the order of their first mention; None in `units` until a number is said. `open`: those
    whose number nobody can know."""

    units: dict[str, int | None] = field(default_factory=dict)
    open: set[str] = field(default_factory=set)

    def add(self, code: str, number: int | None) -> None:
        known = self.units.get(code)
        self.units[code] = known if number is None else (known or 0) + number

    def settle(self, bare: str | None) -> None:
        """Give what was said of "service" alone to the code that it means; None: to the cleaning beside it."""
        if BARE not in self.units:
            return
        number = self.units.pop(BARE)
        code = bare or next((code for code in self.units if code in CLEANING), "repair")
        if BARE in self.open:
            self.open = self.open - {BARE} | {code}
        self.units = {code: None, **self.units} if code not in self.units else self.units
        self.add(code, number)


def codes() -> list[str]:
    """Every canonical service code."""
    return list(lexicon.read("services")["codes"])


def read_services(text: str, *, row_text: str = "") -> Reading[Services]:
    """[(code, units or None)] in the order of the text; units only where the text itself names them.
    `row_text` is the rest of the row: "service" alone is cleaning when the row says cleaning elsewhere.
    Problems: `empty`, `unknown`. Flag `units_unknown`: "semua", or a number that cannot be a number of units."""
    if len(text) > LONGEST:
        return refused(UNKNOWN)
    found = _read(text)
    if found.value is None:
        return refused(found.problem or UNKNOWN)
    said = [(_settled(code, found.value, row_text), number) for code, number in found.value]
    return Reading(said, None, found.flags)


def _settled(code: str, said: tuple[tuple[str, int | None], ...], row_text: str) -> str:
    if code != BARE:
        return code
    return "cleaning" if len(said) == 1 and "<cleaning>" in _marked(fold(row_text[:LONGEST])) else "repair"


@lexicon.by_words(4000)
def _read(text: str) -> Reading[tuple[tuple[str, int | None], ...]]:
    """The services of a text; `bare` stands for "service" where only the row can tell."""
    folded = MARK.sub(r" \1 ", fold(text.replace("\n", " ; ")))
    if not folded.strip("-_. ") or folded in lexicon.words("services", "nothing"):
        return refused(EMPTY)
    plain = units.without_sizes(asides.without(units.numerals(folded), _known_words()))
    plain = _totals().sub(r"jumlah \g<number>", plain)  # "cuci total" would be a service
    found = _Found()
    last: str | None = None
    before = 0  # units said before the first service: "3 unit, cuci AC"
    marked = units.summaries(_explained(_marked(units.sums(plain))))
    if len(set(MARK.findall(marked)) - {DENIED}) > 1:
        marked = _totals().sub(" ", marked)
    for segment in _segments(marked):
        if not found.units and last is None and not MARK.search(segment) and (at := counted(segment)).said:
            before += 0 if at.open else sum(at.numbers)
        last = _read_segment(segment, found, last)
    if before and len(found.units) == 1:
        code, number = next(iter(found.units.items()))
        found.units = {code: before}
        found.open |= {code} if number not in (None, before) else set()
    if not found.units:
        return refused(UNKNOWN)
    if len(found.units) > 1:
        found.settle(None)
    strange = {code for code, number in found.units.items() if number is not None and not 0 < number <= MOST}
    unknown = found.open | strange
    said = tuple((code, None if code in unknown else number) for code, number in found.units.items())
    return Reading(said, None, (UNITS_UNKNOWN,) if unknown else ())


def _segments(marked: str) -> Iterator[str]:
    """The parts of a text that speak of their own services."""
    for part in BETWEEN.split(marked):
        start = 0
        for found in BEFORE_SERVICE.finditer(part):
            if MARK.search(part[start : found.start()]):
                yield part[start : found.start()]
                start = found.end()
        yield part[start:]


def _explained(marked: str) -> str:
    """Brackets behind a number of units explain it, "3 unit (2 split + 1 kaset)", and are not added to it; those that
    name a service of their own speak for themselves."""

    def told(found: re.Match[str]) -> str:
        if MARK.search(found[2]):
            return f"{found[1]} ; {found[2]} ; "
        before = counted(marked[: found.end(1)])
        return found[0] if before.uncertain or units.changes(found[2]) else f"{found[1]} "

    return EXPLAINED.sub(told, marked)


def _read_segment(segment: str, found: _Found, last: str | None) -> str | None:
    """Adds what one segment says; returns the service that a following "1 cassette" would belong to."""
    named: list[str] = list(dict.fromkeys(MARK.findall(segment)))
    if not named:
        segment = _marked(_mended(segment))
        named = list(dict.fromkeys(MARK.findall(segment)))
    if DENIED in named:
        if len(named) == 1:
            return None
        segment = segment.replace(f"<{DENIED}>", " ")
        named.remove(DENIED)
    if len(named) > 1 and BARE in named:  # "service isi freon"
        segment = segment.replace(f"<{BARE}>", " ")
        named.remove(BARE)
    segment = _totals().sub(" ", segment) if found.units else segment
    segment = SUMMARY.sub("", segment) if len(counted(segment).numbers) > 1 else segment
    everything = bool(_everything().search(segment))
    if not named:
        if last:
            _count_more(found, last, segment, everything)
        return last
    if len(named) == 1:
        _count(found, named[0], counted(segment), everything)
        return named[0]
    # "cuci 3 tambah freon 1" or "3 cuci 1 freon": each number to its neighbour; fewer numbers belong to nobody.
    pieces = [counted(piece) for piece in MARK.sub("\0", segment).split("\0")]
    marks = MARK.findall(segment)
    for side, rest in ((pieces[1:], pieces[0]), (pieces[:-1], pieces[-1])):
        if all(piece.numbers and not piece.uncertain for piece in side) and not (rest.numbers or rest.open):
            for code, piece in zip(marks, side, strict=True):
                found.add(code, sum(piece.numbers))
            return str(named[-1])
    for code in named:
        found.add(code, None)
        found.open |= {code} if everything else set()
    return None


def _count(found: _Found, code: str, here: Counted, everything: bool) -> None:
    if here.uncertain or (everything and not here.numbers):
        found.open.add(code)
    found.add(code, sum(here.numbers) if here.numbers else None)


def _count_more(found: _Found, last: str, segment: str, everything: bool) -> None:
    """Adds what a segment without a service says of the units of the service before it: "1 cassette", "LG 2",
    "dapur 2 unit", not "2 kamar". Units of which it says something else, "1 unit batal", leave their number open."""
    here = counted(segment)
    words = re.findall(r"[^\W\d_]+", segment)
    of_units = any(word in units.unit_words() or word in lexicon.words("services", "places") for word in words)
    if everything or units.OPEN in segment or (here.numbers and of_units and all(map(_of_units, words))):
        _count(found, last, here, everything)
    elif here.said or here.open or (here.numbers and not words):
        found.open.add(last)


def _of_units(word: str) -> bool:
    lists = ("neutral", "places", "rooms", "spots")
    return len(word) == 1 or word in units.unit_words() or any(word in lexicon.words("services", key) for key in lists)


@lexicon.by_words()
def _totals() -> re.Pattern[str]:
    words = lexicon.alternatives(lexicon.words("services", "totals"))
    return re.compile(rf"(?<!\w)(?:{words})(?: unit)?[ :=]{{0,3}}(?P<number>\d+(?: units?)?)(?!\w)")


@lexicon.by_words()
def _everything() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{lexicon.alternatives(lexicon.words('services', 'everything'))})(?!\w)")


@lexicon.by_words()
def _phrases() -> re.Pattern[str]:
    change, parts = (lexicon.alternatives(lexicon.words("services", key)) for key in ("change", "parts"))
    changed = rf"(?P<part>(?:{change}|pasang) (?P<between>[^\W_]+ )??(?:{parts}))"
    known = "|".join(_with_fillers(spelling) for spelling in sorted(_code_of(), key=len, reverse=True))
    return re.compile(rf"(?<![^\W\d_])(?:{changed}|(?P<known>{known}))(?![^\W\d_])")


def _with_fillers(spelling: str) -> str:
    fillers = lexicon.alternatives(lexicon.words("services", "fillers"))
    return rf" (?:(?:{fillers}) ){{0,2}}".join(map(re.escape, spelling.split(" ")))


@lexicon.by_words()
def _code_of() -> dict[str, str]:
    """Spelling as a text is compared → its code, `bare` for the word that says nothing more."""
    bare = lexicon.words("services", "bare")
    return {
        _alike(spelling): BARE if spelling in bare else str(code)
        for spelling, code in lexicon.meanings("services", "codes").items()
    }


def _alike(folded: str) -> str:
    """Hyphens between letters as spaces, abbreviations written out."""
    return _abbreviations().sub(lambda found: _written_out()[found[0]], re.sub(r"(?<=[a-z])-(?=[a-z])", " ", folded))


@lexicon.by_words()
def _written_out() -> dict[str, str]:
    return lexicon.meanings("services", "same")


@lexicon.by_words()
def _abbreviations() -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W_])(?:{lexicon.alternatives(_written_out())})(?![^\W_])")


@lexicon.by_words()
def _plain_code_of() -> dict[str, str]:
    """Spelling without its fillers → code: what a match with fillers between its words says."""
    fillers = lexicon.words("services", "fillers")
    return {_unfilled(spelling, fillers): code for spelling, code in reversed(_code_of().items())}


def _unfilled(spelling: str, fillers: frozenset[str]) -> str:
    return " ".join(word for word in spelling.split() if word not in fillers) or spelling


def _code(known: str) -> str:
    return _code_of().get(known) or _plain_code_of()[_unfilled(known, lexicon.words("services", "fillers"))]


def _marked(plain: str) -> str:
    """The text with each known phrase as `<code>`, the longest wins; what is denied, "tanpa freon", as `<denied>`."""
    marked = _denied_behind("denied").sub(DENIAL, _denied().sub(DENIAL, _marked_all(plain)))
    kept = _denied_behind("called_off").sub(DENIAL, marked)
    return kept if set(MARK.findall(kept)) - {DENIED} else marked


@lexicon.by_words()
def _denied() -> re.Pattern[str]:
    before, gap = (
        lexicon.alternatives([*map(_alike, lexicon.words("services", key))]) for key in ("negations", "denying")
    )
    return re.compile(rf"(?<!\w)(?:{before})(?: (?:{gap})){{0,3}} <\w+>")


@lexicon.by_words()
def _denied_behind(key: str) -> re.Pattern[str]:
    words = lexicon.alternatives([*map(_alike, lexicon.words("services", key))])
    return re.compile(rf"<\w+>[^<,;&+]{{0,30}}(?<!\w)(?:{words})(?!\w)(?: (?:ya|dulu|kak))?(?=\s*(?:$|[,;.()&+|/]))")


def _marked_all(plain: str) -> str:
    return _phrases().sub(_mark, _alike(" ".join(plain.split())))


def _mark(found: re.Match[str]) -> str:
    if found["part"]:  # "ganti 2 kapasitor"
        return f"<part_replacement> {found['between'] or ''}"
    return f"<{_code(found['known'])}>"


def _mended(segment: str) -> str:
    """A segment without any service, its slips of the pen mended where a word can mean only one service."""
    return re.sub(r"[a-z]+", lambda found: _meant(found[0]), segment)


@lexicon.by_words(4000)
def _meant(word: str) -> str:
    if word in _known_words() or word in lexicon.words("services", "not_typos") or word in units.unit_words():
        return word
    found = near(word, _known_words(), least=TYPO_FROM)
    return found[0] if len({_code_of().get(other, other) for other in found}) == 1 else word


@lexicon.by_words()
def _known_words() -> frozenset[str]:
    """The words that services are made of."""
    return frozenset(word for spelling in _code_of() for word in spelling.split())
