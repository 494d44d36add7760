"""Services and their units in a free text: only runs of words that all belong to the trade are read."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rekap.vocabulary import lexicon
from rekap.vocabulary.folding import fold
from rekap.vocabulary.reading import EMPTY, Reading, refused
from rekap.vocabulary.services import Services, read_services
from rekap.vocabulary.units import MOST, counts

AMBIGUOUS = "ambiguous"
TOKEN = re.compile(r"\d+|[^\W\d_]+|\S")
PAPER = re.compile(r"(?<![^\W_])[^\W\d_]{1,8}(?:[-/]\d{1,8}){2,6}\b")  # "PO-2026/08/17", "INV/2026/08/12"
JOINS = frozenset((",", "+", "&", "/", "dan", "and", "serta"))
MOST_RUNS = 40  # in one text; more is a list that nobody orders from


@dataclass(frozen=True)
class Run:
    """Words of the trade beside each other. `kind`: "service" when one is named, else "units" for "3 unit"."""

    start: int
    end: int
    text: str
    kind: str


@dataclass(frozen=True)
class _Token:
    start: int
    end: int
    word: str
    kind: str  # number, unit, service, join, filler, other


def runs(clause: str, *, is_title: bool) -> Iterator[Run]:
    """The runs of one clause, whose other pieces (days, times, outlets, phones, sizes) are blanked with `|`."""
    for not_meant in (PAPER, _no_services()):
        clause = not_meant.sub(lambda match: "|" * len(match[0]), clause)
    tokens = [_token(match) for match in TOKEN.finditer(clause)]
    about_units = any(token.kind == "unit" for token in tokens)
    run: list[_Token] = []
    for at in range(len(tokens) + 1):
        if at < len(tokens) and tokens[at].kind not in ("other", "filler"):
            run.append(tokens[at])
            continue
        if found := _run(clause, run, tokens, at - 1, about_units=about_units, is_title=is_title):
            yield found
        run = []


def read_jobs(
    found: Sequence[Run], *, is_title: bool, row_text: str = ""
) -> tuple[Reading[Services], Reading[int]] | None:
    """(services, all units) of the runs of one text, None when no service is named. A number that is said twice, or
    beside units that no service names, is `ambiguous`; "service" alone is only a service in a title, by the
    vocabulary's rule."""
    texts = [run.text for run in found if run.kind == "service"]
    if not texts or len(found) > MOST_RUNS:
        return None
    plain = [text for text in (_bare().sub(" ", text) for text in texts) if _names_services(text)]
    if not plain and not is_title:
        return refused(AMBIGUOUS), refused(EMPTY)
    loose = {int(run.text) for run in found if run.kind == "units"}
    numbers: dict[str, list[int]] = {}
    flagged = False
    for text in plain or texts:
        reading = read_services(text, row_text=row_text)
        flagged = flagged or bool(reading.flags)
        told = [units for _, units in reading.value or () if units is not None]
        loose.update({sum(counts(text))} - {sum(told)} if told else ())  # "2 unit, cuci 3": whose are the 2?
        for code, units in reading.value or ():
            numbers.setdefault(code, []).extend([] if units is None else [units])
    if not numbers:
        return None
    total = _total(numbers, loose, flagged=flagged)
    sure = total.problem != AMBIGUOUS
    return Reading([(code, each[0] if sure and len(each) == 1 else None) for code, each in numbers.items()]), total


def _total(numbers: dict[str, list[int]], loose: set[int], *, flagged: bool) -> Reading[int]:
    if flagged:
        return refused("unknown")
    if any(len(each) > 1 for each in numbers.values()) or len(loose) > 1:
        return refused(AMBIGUOUS)
    said = [each[0] for each in numbers.values() if each]
    if not said:
        return Reading(loose.pop()) if loose else refused(EMPTY)
    if loose - {sum(said)}:
        return refused(AMBIGUOUS)
    return Reading(sum(said)) if len(said) == len(numbers) else refused(EMPTY)


def _run(
    clause: str, run: list[_Token], tokens: Sequence[_Token], last: int, *, about_units: bool, is_title: bool
) -> Run | None:
    """What a run of tokens says, without numbers that belong to the words around it."""
    while run and (run[-1].kind == "join" or (run[-1].kind == "number" and _leans(tokens, last))):
        run, last = run[:-1], last - 1
    while run and (run[0].kind == "join" or (run[0].kind == "number" and _hangs(tokens, run))):
        run = run[1:]
    if not run:
        return None
    weak = lexicon.words("order_form", "weak_services")
    faults = lexicon.words("order_form", "faults")
    beside_a_unit = any(token.kind == "unit" for token in run)
    text, at = "", run[0].start
    for token in run:
        silent = (token.word in weak and not beside_a_unit) or (token.word in faults and not about_units)
        text += clause[at : token.start] + ("|" if silent and not is_title else token.word)
        at = token.end
    if _names_services(text):
        return Run(run[0].start, run[-1].end, text, "service")
    counted = [n for at in range(len(run) - 1) if run[at + 1].kind == "unit" for n in counts(run[at].word)]
    if not counted or not 0 < sum(counted) <= MOST:
        return None
    return Run(run[0].start, run[-1].end, str(sum(counted)), "units")


def _leans(tokens: Sequence[_Token], at: int) -> bool:
    """Whether the number at the end of a run belongs to the word behind it: "cuci 3 kali"."""
    return at + 1 < len(tokens) and tokens[at + 1].kind == "other" and tokens[at + 1].word[0].isalnum()


def _hangs(tokens: Sequence[_Token], run: Sequence[_Token]) -> bool:
    """Whether the number at a run's beginning belongs to what stands before it: "BSD 3 cuci AC"."""
    if len(run) > 1 and run[1].kind == "unit":
        return False
    before = next((token for token in reversed(tokens) if token.end <= run[0].start), None)
    return before is not None and before.kind == "other" and (before.word[0].isalnum() or before.word == "|")


@lexicon.by_words(4096)  # the same words stand in order after order
def _names_services(text: str) -> bool:
    return read_services(text).value is not None


def _token(match: re.Match[str]) -> _Token:
    word = fold(match[0])
    return _Token(match.start(), match.end(), word, _kind(word))


@lexicon.by_words(4096)
def _kind(word: str) -> str:
    if word.isdigit():
        return "number" if len(word) <= 3 else "other"
    if word in lexicon.words("services", "unit_words"):
        return "unit"
    if word in JOINS:
        return "join"
    if word in lexicon.read("services")["numbers"]:
        return "number"
    if word in _words_of_services() or word in lexicon.words("services", "everything"):
        return "service"
    return "filler" if word in lexicon.words("order_form", "fillers") else "other"


@lexicon.by_words()
def _words_of_services() -> frozenset[str]:
    phrases = (*lexicon.meanings("services", "codes"), *lexicon.words("services", "parts"))
    changes = lexicon.words("services", "change")
    return frozenset(word for phrase in phrases for word in re.findall(r"[^\W\d_]+", phrase)) | changes


@lexicon.by_words()
def _no_services() -> re.Pattern[str]:
    words = "|".join(map(re.escape, sorted(lexicon.words("order_form", "no_services"), key=len, reverse=True)))
    return re.compile(rf"(?<![^\W_])(?:{words})(?![^\W_])", re.IGNORECASE)


@lexicon.by_words()
def _bare() -> re.Pattern[str]:
    """ "service" where no longer phrase begins with it."""
    bare = lexicon.words("services", "bare")
    spellings = (spelling.split() for spelling in lexicon.meanings("services", "codes"))
    behind = {words[1] for words in spellings if len(words) > 1 and words[0] in bare}
    return re.compile(rf"\b(?:{'|'.join(bare)})\b(?!\s+(?:{'|'.join(behind)})\b)")
