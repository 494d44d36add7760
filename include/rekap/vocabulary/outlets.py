"""The spelling under which names of outlets are compared: the key of staging.outlet_aliases."""

import re
from functools import cache, lru_cache

from rekap.vocabulary import lexicon
from rekap.vocabulary.folding import fold

LONGEST = 200  # characters


def normalise(text: str, *, longest: int = LONGEST) -> str:
    """One case, width and space; no punctuation; abbreviations in one form; letters and numbers apart.
    `normalise(normalise(x)) == normalise(x)`; empty when the text names nothing or is longer than an outlet's name."""
    return _normalised(text) if len(text) <= longest else ""


@lru_cache(maxsize=20_000)
def _normalised(text: str) -> str:
    words = re.findall(r"\d+|[^\W\d_]+", fold(text).replace("'", "").replace("&", " dan "))
    plain = " ".join(word.lstrip("0") or "0" if word.isdigit() else word for word in words)
    return _same().sub(lambda match: _key_of()[match[0]], plain)


@cache
def _key_of() -> dict[str, str]:
    return {" ".join(re.findall(r"\w+", spelling)): str(key) for spelling, key in _spellings() if spelling != "&"}


def _spellings() -> list[tuple[str, str]]:
    return list(lexicon.meanings("outlets", "same").items())


@cache
def _same() -> re.Pattern[str]:
    spellings = sorted(_key_of(), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, spellings))})(?!\w)")
