"""The order form: lines `Label: value` in a to-do's description, and what a free title says."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from html.parser import HTMLParser

from rekap.vocabulary import lexicon
from rekap.vocabulary.dates import read_date
from rekap.vocabulary.folding import fold
from rekap.vocabulary.outlets import normalise

LONGEST = 20_000  # characters of a description that are read
LONGEST_VALUE = 500
LINE_BREAKS = frozenset(("br", "div", "p", "li", "tr", "h1", "pre", "blockquote"))
LONGEST_TITLE = 400
WORDS_OF_A_DATE = 6


def plain_text(html: str) -> str:
    """The text of rich text, one line a block; attachments and mentions leave nothing."""
    reader = _Text()
    reader.feed(html[:LONGEST])
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.pieces).split("\n"))
    return "\n".join(line for line in lines if line)


def fields(description: str) -> dict[str, str]:
    """field → text of the first line with its label; a line whose value is empty is there with an empty text."""
    found: dict[str, str] = {}
    labels = lexicon.meanings("order_form", "labels")
    for line in plain_text(description).split("\n"):
        label, colon, value = line.partition(":")
        field = labels.get(fold(label).strip(" *-•"))
        if colon and field:
            found.setdefault(field, value.strip()[:LONGEST_VALUE])
    return found


def says_nothing(text: str) -> bool:
    """Whether a line only says that its field is still open."""
    return fold(text).strip(" .") in lexicon.words("order_form", "nothing") or not text.strip()


@dataclass(frozen=True)
class Title:
    """What a title holds beside its words: the day at its end, the outlet of the client, and the rest."""

    day: date | None
    outlet: str | None
    outlet_text: str | None
    problem: str | None
    rest: str


def read_title(title: str, spellings: Mapping[str, str], reference: date) -> Title:
    """Take a title apart. `spellings`: normalised spelling → outlet of the client. `problem` is `ambiguous` when two
    outlets stand in it, or when a number could be the outlet's or the units'."""
    head, day = _without_date(" ".join(title[:LONGEST_TITLE].split()), reference)
    text = normalise(head, longest=LONGEST_TITLE)
    spans = [
        (start, start + len(spelling), spelling)
        for spelling in spellings
        if spelling in text
        for start in _places(spelling, text)
    ]
    spans = [
        span for span in spans
        if not any(o[0] <= span[0] and span[1] <= o[1] and o[:2] != span[:2] for o in spans)
    ]  # fmt: skip
    outlets = {spellings[spelling] for _, _, spelling in spans}
    if len(outlets) != 1:
        return Title(day, None, None, "ambiguous" if outlets else None, text)
    start, end, spelling = spans[0]
    rest = f"{text[:start]} ; {text[end:]}"
    if _number_is_doubtful(spelling, text[end:], spellings):
        return Title(day, None, spelling, "ambiguous", rest)
    return Title(day, spellings[spelling], spelling, None, rest)


def _places(spelling: str, text: str) -> Iterator[int]:
    """Where whole words of a normalised text are the spelling."""
    padded, at = f" {text} ", -1
    while spelling and (at := padded.find(f" {spelling} ", at + 1)) >= 0:
        yield at


def _number_is_doubtful(spelling: str, after: str, spellings: Mapping[str, str]) -> bool:
    """ "Kopi Senja BSD 2 unit": the outlet BSD 2, or two units at the outlet BSD."""
    name, _, number = spelling.rpartition(" ")
    following = after.split()
    unit_follows = bool(following) and following[0] in lexicon.words("services", "unit_words")
    return number.isdigit() and unit_follows and spellings.get(name, spellings[spelling]) != spellings[spelling]


def _without_date(title: str, reference: date) -> tuple[str, date | None]:
    """The title without the date at its end, and that date."""
    words = title.split(" ")
    for count in range(min(WORDS_OF_A_DATE, len(words)), 0, -1):
        tail = " ".join(words[-count:])
        if not re.search(r"\d", tail) or re.fullmatch(r"\W.*", tail):
            continue
        reading = read_date(tail, reference=reference, alone=True)
        if reading.value and reading.value[1] is None:
            return " ".join(words[:-count]).rstrip(" -,"), reading.value[0]
    return title, None


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "bc-attachment":
            self._silent += 1
        elif tag in LINE_BREAKS:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "bc-attachment":
            self._silent = max(0, self._silent - 1)
        elif tag in LINE_BREAKS:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.pieces.append(data.replace("\n", " "))


@cache
def field_names() -> tuple[str, ...]:
    """Every field that the form can name."""
    return tuple(lexicon.read("order_form")["labels"])
