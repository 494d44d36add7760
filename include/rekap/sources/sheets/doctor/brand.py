"""Whose outlets a sheet holds: a brand that most of them begin with and that is not the client's name."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from rekap.vocabulary import lexicon
from rekap.vocabulary.outlets import normalise

LEAST = 4  # outlets that say something about whose they are
SHARE = 0.6  # of the outlets that begin alike


class Brand(NamedTuple):
    """`words`: normalised, each with a capital; `outlets`: how many of the `of` begin with them."""

    words: str
    outlets: int
    of: int


def foreign(names: Sequence[str], own: Sequence[str]) -> Brand | None:
    """The words that most outlets begin with, where none of them is a word of the client. `names`: of the outlets,
    each once; `own`: what the client is called. None where the outlets have no brand or it is the client's."""
    split = [normalise(name).split() for name in names]
    if len(split) < LEAST:
        return None
    brand: list[str] = []
    count = 0
    while True:
        here = [words for words in split if words[: len(brand)] == brand and len(words) > len(brand)]
        following = Counter(words[len(brand)] for words in here).most_common(1)
        if not following or following[0][1] < SHARE * len(split):
            break
        brand.append(following[0][0])
        count = following[0][1]
    words = [word for name in own for word in normalise(name).split()]
    joined, said = "".join(words), "".join(brand)
    if not words or set(brand) <= _generic() or set(brand) & set(words) or said in joined or joined in said:
        return None
    return Brand(" ".join(brand).title(), count, len(split))


@lexicon.by_words()
def _generic() -> frozenset[str]:
    """Words that any outlet's name may begin with: of places and buildings, and what outlets are called at all."""
    parts = [word for part in ("street", "building", "estate") for word in lexicon.words("addresses", part)]
    parts += [*lexicon.meanings("addresses", "cities"), *lexicon.words("services", "rooms")]
    parts += lexicon.spellings("trackers", "headings").get("outlet", ())
    return frozenset(word for part in parts for word in normalise(str(part)).split())
