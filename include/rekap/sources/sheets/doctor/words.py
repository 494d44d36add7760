"""Words that no list knows: which of them are a client's own and can be taught, and which are one person's remark."""

from collections import Counter
from dataclasses import dataclass

from rekap.sources.sheets.doctor.nearness import nearest
from rekap.sources.sheets.doctor.report import Report
from rekap.sources.sheets.rows import TrackerRow
from rekap.vocabulary import lexicon
from rekap.vocabulary.folding import fold

PARTS = {"status_unknown": "statuses", "service_unknown": "services"}  # flag → kind of words
MOST_WORDS = 4  # a cell of more is prose, no word to teach
LONGEST = 60  # characters, likewise
SEVERAL = 2  # rows that make a text a word that people use
SHORT = 2  # words of a text that counts as one even where it stands once


@dataclass(frozen=True)
class Word:
    """`rows`: in how many it stands as a value; `near`: the known word that it is nearly."""

    written: str
    rows: int
    near: str | None


def teachable(report: Report) -> dict[tuple[str, str], Word]:
    """By flag and folded text, the most frequent first: what stands in several rows, is short, or is nearly a known
    word. What a person wrote once at length, or into two columns of a row, is a remark: the cell is to be corrected."""
    counted: Counter[tuple[str, str]] = Counter()
    written: dict[tuple[str, str], str] = {}
    for tab in report.months:
        row_of = {row.row: row for row in tab.rows}
        for group in tab.groups:
            if group.flag in PARTS and is_word(group.written):
                key = group.flag, fold(group.written)
                counted[key] += sum(not _stands_twice(row_of[row], key[1]) for row in group.rows)
                written.setdefault(key, group.written)
    found: dict[tuple[str, str], Word] = {}
    for (flag, folded), rows in counted.most_common():
        near = nearest(folded, lexicon.meanings(PARTS[flag], "codes"))
        if rows and (near or rows >= SEVERAL or len(folded.split()) <= SHORT):
            found[flag, folded] = Word(written[flag, folded], rows, near)
    return found


def is_word(text: str) -> bool:
    """Whether a text can be taught: some letters, and no prose."""
    return len(text) <= LONGEST and 0 < len(text.split()) <= MOST_WORDS and any(map(str.isalpha, text))


def _stands_twice(row: TrackerRow, folded: str) -> bool:
    return sum(fold(text) == folded for text in row.cells.values()) > 1
