"""The order form: labelled values in the lines of a description, and the lines that are not of the form."""

import re
from dataclasses import dataclass

from rekap.sources.basecamp.rich_text import CELL
from rekap.vocabulary import lexicon
from rekap.vocabulary.folding import fold

LONGEST_VALUE = 500  # characters
LONGEST_LINE = 2_000  # a longer one is prose
TYPO_FROM = 5  # letters: a slip in a shorter label makes another word
LABEL_WORDS = 30  # characters of what may be a label with a slip of the pen
GATHERED = ("contact", "technicians", "service")  # several lines of these say more, and do not contradict
BESIDE = ""  # the field of labels that name nothing of an order
BULLET = re.compile(r"[\W_]*(?:\d{1,2}[.)][\W_]*)?")
BOUNDARY = re.compile(r"[/|,;•·(\t][\W_]*$|\s-\s+$")
SIGN = r"\s*[*_]*[ ]*(?P<sign>:[-=]?|=>?|->|→)\s*[*_]*[ ]*"


@dataclass(frozen=True)
class Form:
    """`told`: field → text as written, empty where the line of a field was left blank. `several`: fields that were told
    more than once and not alike. `rest`: every line that is not of the form."""

    told: dict[str, str]
    several: frozenset[str]
    rest: str


def read_form(text: str) -> Form:
    """Take the lines of a description apart (rich_text.plain_text). Labels may stand before `:`, `=`, `->`, a dash or a
    table's next cell, several in a line, alone above their values, or in the head of a table."""
    lines = text.split("\n")
    values: dict[str, list[str]] = {}
    rest: list[str] = []
    read = [_labelled(line) for line in lines]
    beside_labels = any(value for found in read for field, value in found if field)
    at = 0
    while at < len(lines):
        line, found = lines[at], read[at]
        at += 1
        if heads := _heads(line):
            while at < len(lines) and not read[at] and lines[at].count(CELL) == len(heads) - 1:
                for field, cell in zip(heads, lines[at].split(CELL), strict=True):
                    values.setdefault(field, []).append(cell.strip())
                at += 1
            continue
        if not beside_labels and at < len(lines) and not read[at] and (label := _alone(line)) is not None:
            found, at = [(label, lines[at])], at + 1
        if not found:
            rest.append(line)
        for field, value in found:
            values.setdefault(field, []).append(value[:LONGEST_VALUE])
    values.pop(BESIDE, None)
    return _settled(values, "\n".join(rest))


def says_nothing(text: str) -> bool:
    """Whether a line only says that its field is still open."""
    return fold(text).strip(" .") in lexicon.words("order_form", "nothing") or not text.strip()


def _settled(values: dict[str, list[str]], rest: str) -> Form:
    told: dict[str, str] = {}
    several: set[str] = set()
    for field, texts in values.items():
        different = list({fold(text): text for text in texts if text}.values())
        told[field] = "\n".join(different) if field in GATHERED else different[0] if different else ""
        if len(different) > 1 and field not in GATHERED:
            several.add(field)
    if "outlet" in several and "\n" in told.get("service", ""):
        several.add("service")
    return Form(told, frozenset(several), rest)


def _labelled(line: str) -> list[tuple[str, str]]:
    """(field, value) of each label in a line with a sign behind it; the first must stand at the line's beginning or
    behind a separator."""
    if len(line) > LONGEST_LINE:
        return []
    labels = _labels()
    found: list[tuple[int, int, str]] = []
    bullet = BULLET.match(line)
    start = bullet.end() if bullet else 0
    for match in _label_and_sign().finditer(line):
        begins = match.start() == start or BOUNDARY.search(line[max(0, match.start() - 8) : match.start()])
        if begins or found:
            found.append((match.start(), match.end(), labels[_key(match["label"])]))
    if not found and (dashed := _label_and_dash().match(line, start)):
        found = [(dashed.start(), dashed.end(), labels[_key(dashed["label"])])]
    if not found or found[0][0] > start:
        field, behind = _slipped(line, start)
        if field is not None and (not found or behind <= found[0][0]):
            found.insert(0, (start, behind, field))
    ends = [*(begin for begin, _, _ in found[1:]), len(line)] if found else []
    parts = zip(found, ends, strict=True)
    return [(field, _trimmed(line[begin:end], last=end == len(line))) for (_, begin, field), end in parts]


def _trimmed(value: str, *, last: bool) -> str:
    value = value.strip(" \t*_")
    return value if last else re.sub(r"[\s/|,;•·(*_]+$|\s+-\s*$", "", value)


def _heads(line: str) -> list[str]:
    """The fields of a table's head, in the order of its cells; empty when the line is none."""
    cells = line.split(CELL)
    fields = [_labels().get(_key(cell)) for cell in cells]
    known = [field for field in fields if field is not None]
    return known if len(cells) > 1 and len(known) == len(cells) and len(set(known) - {BESIDE}) > 1 else []


def _alone(line: str) -> str | None:
    """The field whose label is all that stands in a line."""
    return _labels().get(_key(line))


def _slipped(line: str, start: int) -> tuple[str | None, int]:
    """The field of a label with a slip of the pen at a line's beginning, and where its value begins."""
    match = re.compile(rf"(?P<label>[^:=\n]{{1,{LABEL_WORDS}}}?){SIGN}").match(line, start)
    label = _key(match["label"]) if match else ""
    if match is None or len(label) < TYPO_FROM:
        return None, 0
    fields = {field for variant in _variants(label) for field in _slips().get(variant, ())}
    return (fields.pop(), match.end()) if len(fields) == 1 else (None, 0)


def _key(label: str) -> str:
    return re.sub(r"\s*([/,&])\s*", r"\1", BULLET.sub("", fold(label), count=1).strip(" *_:=-"))


@lexicon.by_words()
def _labels() -> dict[str, str]:
    named = {_key(spelling): field for spelling, field in lexicon.meanings("order_form", "labels").items()}
    return {_key(word): BESIDE for word in lexicon.words("order_form", "beside")} | named


@lexicon.by_words()
def _label() -> str:
    spellings = sorted(_labels(), key=len, reverse=True)
    loose = (re.sub(r"(?:\\)?([/,&])", r"\\s*\1\\s*", re.escape(label).replace(r"\ ", r"\s+")) for label in spellings)
    return rf"(?<![^\W_])(?P<label>{'|'.join(loose)})(?![^\W_])"


@lexicon.by_words()
def _label_and_sign() -> re.Pattern[str]:
    return re.compile(rf"{_label()}(?:{SIGN}|[*_ ]*{CELL}\s*)", re.IGNORECASE)


@lexicon.by_words()
def _label_and_dash() -> re.Pattern[str]:
    return re.compile(rf"{_label()}[*_]*(?:\s+-|-\s)\s*", re.IGNORECASE)


@lexicon.by_words()
def _slips() -> dict[str, set[str]]:
    """A label, and each label without one of its letters → its fields."""
    found: dict[str, set[str]] = {}
    for label, field in _labels().items():
        if len(label) >= TYPO_FROM:
            for variant in _variants(label):
                found.setdefault(variant, set()).add(field)
    return found


def _variants(label: str) -> set[str]:
    return {label, *(label[:at] + label[at + 1 :] for at in range(len(label)))}
