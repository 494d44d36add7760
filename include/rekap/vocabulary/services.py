"""Services in the words of the trade → canonical codes with their units (tracker contract)."""

import re
from dataclasses import dataclass, field
from functools import cache

from rekap.vocabulary import lexicon
from rekap.vocabulary.folding import fold
from rekap.vocabulary.reading import EMPTY, LONGEST, UNKNOWN, Reading, refused
from rekap.vocabulary.units import MOST, UNITS_UNKNOWN, counts, without_sizes

Services = list[tuple[str, int | None]]

BETWEEN = re.compile(r"\s*(?:[,;\n&]|\+|\bdan\b|\band\b|\bserta\b| / )\s*")
MARK = re.compile(r"<(\w+)>")


@dataclass
class _Found:
    """The services of a text in the order of their first mention; None in `units` until a number is said."""

    units: dict[str, int | None] = field(default_factory=dict)

    def add(self, code: str, number: int | None) -> None:
        known = self.units.get(code)
        self.units[code] = known if number is None else (known or 0) + number


def codes() -> list[str]:
    """Every canonical service code."""
    return list(lexicon.read("services")["codes"])


def read_services(text: str, *, row_text: str = "") -> Reading[Services]:
    """[(code, units or None)] in the order of the text; units only where the text itself names them.
    `row_text` is the rest of the row: "service" alone is cleaning when the row says cleaning elsewhere.
    Problems: `empty`, `unknown`. Flag `units_unknown`: "semua", or a number that cannot be a number of units."""
    if len(text) > LONGEST:
        return refused(UNKNOWN)
    folded = fold(text.replace("\n", " ; "))
    if not folded.strip("-_. ") or folded in lexicon.words("services", "nothing"):
        return refused(EMPTY)
    # "3 unit (2 split + 1 kaset)": what stands in brackets explains the number before it, and is not added to it.
    folded = re.sub(r"(\d[^()]*)\([^)]*\)", r"\1 ", folded)
    plain = re.sub(r"(\d)\+(\d+)", lambda sum_: str(int(sum_[1]) + int(sum_[2])), without_sizes(folded))
    found = _Found()
    last: str | None = None
    for segment in BETWEEN.split(_marked(plain)):
        last = _read_segment(segment, found, last)
    if not found.units:
        return refused(UNKNOWN)
    units = found.units
    if _says_bare(folded) and list(units) == ["repair"] and _says_cleaning(row_text):
        units = {"cleaning": units["repair"]}
    strange = any(number is not None and not 0 < number <= MOST for number in units.values())
    everything = any(re.search(rf"\b{word}\b", plain) for word in lexicon.words("services", "everything"))
    if strange or everything:
        return Reading([(code, None) for code in units], None, (UNITS_UNKNOWN,))
    return Reading(list(units.items()))


def _read_segment(segment: str, found: _Found, last: str | None) -> str | None:
    """Adds what one segment says; returns the service that a following "1 cassette" would belong to."""
    named: list[str] = list(dict.fromkeys(MARK.findall(segment)))
    if not named:
        numbers = counts(segment)
        if last and numbers and re.search(r"\d+ ?[a-z]", segment):
            found.add(last, sum(numbers))
        return last
    if len(named) == 1:
        numbers = counts(MARK.sub(" ", segment))
        found.add(named[0], sum(numbers) if numbers else None)
        return named[0]
    # "cuci 3 tambah freon 1" or "3 cuci 1 freon": each number to its neighbour; fewer numbers belong to nobody.
    pieces = re.split(r"(<\w+>)", segment)
    after = [(pieces[at][1:-1], counts(pieces[at + 1])) for at in range(1, len(pieces), 2)]
    before = [(pieces[at][1:-1], counts(pieces[at - 1])) for at in range(1, len(pieces), 2)]
    for side, rest in ((after, pieces[0]), (before, pieces[-1])):
        if all(numbers for _, numbers in side) and not counts(rest):
            for code, numbers in side:
                found.add(code, sum(numbers))
            return named[-1]
    for code in named:
        found.add(code, None)
    return None


@cache
def _phrases() -> re.Pattern[str]:
    spellings = [*lexicon.meanings("services", "codes")]
    change = "|".join(map(re.escape, sorted(lexicon.words("services", "change"), key=len, reverse=True)))
    parts = "|".join(map(re.escape, sorted(lexicon.words("services", "parts"), key=len, reverse=True)))
    changed = rf"(?P<part>(?:{change}|pasang) (?:\w+ ){{0,1}}?(?:{parts}))"
    known = "|".join(re.escape(spelling) for spelling in sorted(spellings, key=len, reverse=True))
    return re.compile(rf"(?<![^\W\d_])(?:{changed}|(?P<known>{known}))(?![^\W\d_])")


def _marked(plain: str) -> str:
    """The text with each known phrase as `<code>`; the longest wins."""
    code_of = lexicon.meanings("services", "codes")
    return _phrases().sub(lambda match: f"<{'part_replacement' if match['part'] else code_of[match['known']]}>", plain)


def _says_bare(folded: str) -> bool:
    code_of = lexicon.meanings("services", "codes")
    said = [match["known"] for match in _phrases().finditer(folded)]
    bare = lexicon.words("services", "bare")
    return all(phrase in bare for phrase in said if phrase is None or code_of.get(phrase) == "repair")


def _says_cleaning(row_text: str) -> bool:
    return "<cleaning>" in _marked(fold(row_text[:LONGEST]))
