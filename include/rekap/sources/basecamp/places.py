"""Where a client's outlets are named in a text: by the register's spellings, word by word as the vocabulary does."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rekap.vocabulary import lexicon
from rekap.vocabulary.folding import fold
from rekap.vocabulary.outlets import normalise

WORD = re.compile(r"\d+(?:['`]+\d+)*|[^\W\d_]+(?:['`]+[^\W\d_]+)*|&")
GAP = 4  # characters of punctuation and space that may stand inside a name: "Kopi Senja - BSD (2)"
CUT = re.compile(r"[;!?\n]|[.,](?=\s)")  # a name does not go on behind these


@dataclass(frozen=True)
class Word:
    """One word of a text as names are compared, with its place in the text."""

    start: int
    end: int
    key: str


@dataclass(frozen=True)
class Place:
    """An outlet named in a text. `doubtful`: what follows may belong to the name of an outlet that is not known."""

    start: int
    end: int
    outlet: str
    spelling: str
    doubtful: bool


@dataclass
class Places:
    """The outlets of one client. `spellings`: normalised spelling → outlet."""

    spellings: Mapping[str, str]
    _by_first: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)
    _words_of_names: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        for spelling in self.spellings:
            words = tuple(spelling.split())
            if words:
                self._by_first.setdefault(words[0], []).append(words)
                self._words_of_names.update(words)
        for names in self._by_first.values():
            names.sort(key=len, reverse=True)

    def called(self, text: str) -> str | None:
        """The outlet that a whole text names, as a cell does."""
        return self.spellings.get(normalise(text))

    def named(self, text: str) -> list[Place]:
        """Every outlet that is named in a text; the longest spelling wins where several begin or overlap."""
        words = words_of(text)
        found: list[Place] = []
        at = 0
        while at < len(words):
            name = next(
                (name for name in self._by_first.get(words[at].key, ()) if _stands(name, words, at, text)), None
            )
            if name is None:
                at += 1
                continue
            after = at + len(name)
            spelling = " ".join(name)
            doubtful = self._goes_on(name, words, after, text)
            found.append(Place(words[at].start, words[after - 1].end, self.spellings[spelling], spelling, doubtful))
            at = after
        return found

    def _goes_on(self, name: tuple[str, ...], words: Sequence[Word], after: int, text: str) -> bool:
        """ "Kopi Senja BSD 2 unit" may be two units at BSD, "BSD 2 Okt" a day, and "Kopi Senja BSD 3" an outlet that
        nobody entered."""
        following = words[after] if after < len(words) else None
        unit_follows = following is not None and following.key in lexicon.words("services", "unit_words")
        if name[-1].isdigit() and (unit_follows or (following is not None and following.key in _months())):
            shorter = self.spellings.get(" ".join(name[:-1]))
            return shorter is not None and shorter != self.spellings[" ".join(name)]
        if following is None or text[words[after - 1].end : following.start].strip():
            return False
        if following.key.isdigit():
            known = self.spellings.get(" ".join((*name, following.key)))
            unit_after = after + 1 < len(words) and words[after + 1].key in lexicon.words("services", "unit_words")
            return known is not None or not (unit_after or _begins_date_or_count(words, after, text))
        return following.key in self._words_of_names and following.key not in _words_of_orders()


def words_of(text: str) -> list[Word]:
    """The words of a text as outlets' names are compared: joined by spaces they are `outlets.normalise(text)`."""
    plain = [Word(match.start(), match.end(), _plain(match[0])) for match in WORD.finditer(text)]
    same = _same()
    found: list[Word] = []
    at = 0
    while at < len(plain):
        for length in range(min(_longest_same(), len(plain) - at), 0, -1):
            key = same.get(tuple(word.key for word in plain[at : at + length]))
            if key is not None or length == 1:
                last = plain[at + length - 1]
                found.append(Word(plain[at].start, last.end, key or plain[at].key))
                at += length
                break
    return found


def _stands(name: tuple[str, ...], words: Sequence[Word], at: int, text: str) -> bool:
    if len(words) - at < len(name) or any(words[at + n].key != word for n, word in enumerate(name)):
        return False
    gaps = (text[words[n].end : words[n + 1].start] for n in range(at, at + len(name) - 1))
    return all(len(gap) <= GAP and not CUT.search(gap) for gap in gaps)


def _begins_date_or_count(words: Sequence[Word], at: int, text: str) -> bool:
    """Whether the number at a place is the day of a date or stands before a sign that ends a number's name."""
    gap = text[words[at].end : words[at + 1].start] if at + 1 < len(words) else ""
    if gap.strip() in ("/", ".", ":") and words[at + 1].key.isdigit():
        return True
    return at + 1 < len(words) and words[at + 1].key in _months()


@lexicon.by_words()
def _months() -> frozenset[str]:
    from rekap.vocabulary.date_grammar import months

    return frozenset(months())


@lexicon.by_words()
def _words_of_orders() -> frozenset[str]:
    """Words that stand beside a name in an order without belonging to it."""
    services = (word for spelling in lexicon.meanings("services", "codes") for word in spelling.split())
    return frozenset(services) | lexicon.words("services", "unit_words") | {"dan"}


def _plain(word: str) -> str:
    folded = fold(word).replace("'", "").replace("&", "dan")
    return folded.lstrip("0") or "0" if folded.isdigit() else folded


@lexicon.by_words()
def _same() -> dict[tuple[str, ...], str]:
    spellings = lexicon.meanings("outlets", "same")
    return {tuple(re.findall(r"\w+", spelling)): str(key) for spelling, key in spellings.items() if spelling != "&"}


@lexicon.by_words()
def _longest_same() -> int:
    return max(map(len, _same()))
