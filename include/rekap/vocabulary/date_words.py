"""The words of a date: names of months and days, and what stands around them, turned into signs.

Names come from CLDR (babel, id and en) and the word list; a slip of the pen counts when it can mean only one of them.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from rekap.vocabulary import lexicon
from rekap.vocabulary.folding import fold
from rekap.vocabulary.typos import near

TYPO_FROM = 5  # letters; "juni" and "juli" are neighbours of each other
TOKEN = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?|\d+|\s+|.", re.DOTALL)
WEEKS = re.compile(r"\b(minggu|mgg|pekan) (depan|dpn|ini|lalu|besok|muka|next)\b")
ORDINALS = frozenset(("st", "nd", "rd", "th"))


@dataclass(frozen=True)
class Said:
    """`text`: the text in signs, without weekdays and words that change nothing; `counted`: the text before that, less
    "hari" in front of a weekday. `relative`, `span`, `open`: words of that list stand in it. `numbered`: a word that
    changes nothing beside a whole date, and beside a bare number says what it numbers. `last`: a relative word or span
    that beside a day speaks of another visit."""

    text: str
    counted: str
    weekdays: tuple[int, ...]
    weekday_leads: bool
    relative: bool
    span: bool
    open: bool
    numbered: bool
    last: bool


@lexicon.by_words()
def months() -> dict[str, int]:
    """Folded spelling → 1-12."""
    from babel.dates import get_month_names

    return _named("months", [get_month_names(width, locale=language) for width in ("wide", "abbreviated")
                             for language in ("id", "en")])  # fmt: skip


@lexicon.by_words()
def weekdays() -> dict[str, int]:
    """Folded spelling → 0 for Monday to 6."""
    from babel.dates import get_day_names

    return _named("days", [get_day_names("wide", locale=language) for language in ("id", "en")])


def _named(key: str, of_languages: list[Mapping[int, str]]) -> dict[str, int]:
    named: dict[str, int] = dict(lexicon.meanings("dates", key))
    for names in of_languages:
        for number, name in names.items():
            named.setdefault(fold(name).strip("."), number)
    return named


@lexicon.by_words(4000)
def meaning(word: str) -> tuple[str, int] | None:
    """("month", 8) or ("weekday", 4) of a folded word, also of a misspelt one that can mean nothing else."""
    for kind, named in (("month", months()), ("weekday", weekdays())):
        if word in named:
            return kind, named[word]
    if word in _other_words():
        return None
    meant = {
        (kind, named[other])
        for kind, named in (("month", months()), ("weekday", weekdays()))
        for other in [*near(word, named, least=TYPO_FROM), *_near_short(word, named)]
    }
    return meant.pop() if len(meant) == 1 else None


def _near_short(word: str, named: dict[str, int]) -> list[str]:
    """ "julli" is Juli, "aprl" April: one of the two words may be a letter shorter than the rule asks for."""
    if len(word) == TYPO_FROM:
        return [other for other in near(word, named, least=TYPO_FROM - 1) if len(other) == TYPO_FROM - 1]
    if len(word) == TYPO_FROM - 1:
        return [other for other in near(word, named, least=TYPO_FROM - 1) if len(other) == TYPO_FROM]
    return []


@lexicon.by_words()
def _other_words() -> frozenset[str]:
    lists = ("beside", "relative", "span", "nothing", "range", "also", "from", "counts")
    return frozenset(word for name in lists for word in lexicon.words("dates", name))


@lexicon.by_words()
def _signs() -> re.Pattern[str]:
    """Spellings of "until" that hold more than letters."""
    return re.compile(lexicon.alternatives([w for w in lexicon.words("dates", "range") if not w.isalpha()]))


@lexicon.by_words()
def _numbered_month() -> re.Pattern[str]:
    month = lexicon.alternatives(lexicon.words("dates", "month"))
    return re.compile(rf"(\d{{1,2}}) ?,? ?(?:{month}) ?(\d{{1,2}})\b(?: ?(?:tahun|thn|taun)? ?(\d{{4}}))?")


def said(folded: str) -> Said:
    """Read the words of a folded text."""
    folded = _numbered_month().sub(lambda m: f"{m[1]}/{m[2]}" + (f"/{m[3]}" if m[3] else ""), folded)
    folded = WEEKS.sub(" depan ", folded.replace("_", " "))
    folded = _signs().sub(" ~ ", folded)
    lists = {name: lexicon.words("dates", name) for name in ("relative", "span", "nothing", "range", "also", "from",
                                                             "beside", "day")}  # fmt: skip
    tokens = TOKEN.findall(folded)
    found: list[int] = []
    seen = dict.fromkeys(("relative", "span", "nothing"), False)
    pieces: list[str] = []
    counted: list[str] = []
    leads = numbered = last = False
    between = 0  # pieces before what stands behind the last weekday
    for at, token in enumerate(tokens):
        known = None if token in ORDINALS and at and tokens[at - 1].isdigit() else meaning(token)
        if known and known[0] == "weekday":
            leads = leads or not any(piece.strip("D").isdigit() for piece in pieces)
            if found and not re.search(r"\w", "".join(pieces[between:])):
                del pieces[between:]  # "Jumat s/d Sabtu 7-8 Agustus": the range is told twice
            between = len(pieces)
            found.append(known[1])
            while counted and counted[-1].strip() in ("", "hari", "hr"):
                counted.pop()
            continue
        counted.append(token)
        if token in lists["range"]:
            pieces.append("~")
        elif token in lists["also"]:
            pieces.append("&")
        elif known:
            pieces.append(f" M{known[1]} ")
        elif token in lists["from"]:
            pieces.append("^")
        elif name := next((name for name in seen if token in lists[name]), None):
            seen[name] = True
            last = last or token in lexicon.words("dates", "unsettled")
        elif token in lists["beside"]:
            pieces.append("D" if token in lists["day"] else "")
            numbered = numbered or token not in lists["day"]
        elif unicodedata.category(token[0]) != "So":
            pieces.append(" " if token in "()[]" else token)
    return Said(_tidy("".join(pieces)), "".join(counted), tuple(found), leads, seen["relative"], seen["span"],
                seen["nothing"], numbered, last)  # fmt: skip


def _tidy(marked: str) -> str:
    """Single spaces, none around signs and the separators of a month's name; "tgl" only before a number."""
    marked = re.sub(r"\s+", " ", marked)
    marked = re.sub(r"D[ .:,]{0,3}(?=\d)", "\0", marked).replace("D", " ").replace("\0", "D")
    marked = re.sub(r"(\d{1,2}) ?([-/.]) ?(M\d{1,2}) ?\2 ?('?(?:\d{4}|\d{2}))(?!\d)", r"\1\2\3\2\4", marked)
    marked = re.sub(r"(?<=\d) ?([-/.]) ?(?=M)", r"\1", marked)
    marked = re.sub(r"(M\d{1,2}) ?([-/]) ?(\d{4})(?!\d)", r"\1\2\3", marked)
    marked = re.sub(r" ?([~&^]) ?", r"\1", re.sub(r" +", " ", marked))
    marked = re.sub(r"[,.&]+(?=[&~])", "", marked)
    return marked.strip(" ,.;:!-/*'\"")
