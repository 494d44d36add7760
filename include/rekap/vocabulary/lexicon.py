"""The word lists of include/config/vocabulary, each file read once, and a client's own words beside them.

`with of_client(words):` adds a client's words to every list that is asked inside. What is worked out of the lists
(patterns, tables, readings) is cached with `by_words`, which keeps one result for each set of words in force.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, lru_cache, wraps
from pathlib import Path
from typing import Any, NamedTuple, ParamSpec, TypeVar

import yaml

from rekap.errors import SettingsError
from rekap.vocabulary.folding import fold

DIRECTORY = Path(__file__).resolve().parents[2] / "config" / "vocabulary"
P = ParamSpec("P")
R = TypeVar("R")
ClientWords = Mapping[str, Mapping[str, Sequence[str]]]  # as in clients.yaml: kind → code or list → words


class Kind(NamedTuple):
    """What a kind of a client's words adds to: a file, and the mapping in it whose meanings get them."""

    file: str
    mapping: str | None


# The names under `words:` in clients.yaml. Names of outlets are not among them: they are the outlet's `aliases`.
KINDS = {
    "statuses": Kind("statuses", "codes"),
    "services": Kind("services", "codes"),
    "dates": Kind("dates", None),
    "months": Kind("dates", "months"),
    "days": Kind("dates", "days"),
    "times": Kind("times", "parts"),
    "people": Kind("people", None),
    "headings": Kind("trackers", "headings"),
    "labels": Kind("order_form", "labels"),
}


class _Own:
    """A client's words by file, list and meaning; equal when the words are, hashed once: it is the key of caches."""

    def __init__(self, key: tuple[tuple[str, str, tuple[str, ...]], ...]) -> None:
        self._key, self._hash = key, hash(key)
        self._by_list: dict[tuple[str, str], dict[str | None, list[str]]] = {}
        for kind, name, spellings in key:
            file, mapping = KINDS[kind]
            is_meaning = mapping is not None and any(str(known) == name for known in read(file)[mapping])
            place = (file, str(mapping)) if is_meaning else (file, name)
            self._by_list.setdefault(place, {})[name if is_meaning else None] = [*map(fold, spellings)]

    def of(self, file: str, key: str) -> dict[str | None, list[str]]:
        return self._by_list.get((file, key), {})

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, _Own) and self._key == other._key)


_NONE = _Own(())
_in_force: ContextVar[_Own] = ContextVar("words_in_force", default=_NONE)


@contextmanager
def of_client(words: ClientWords | None) -> Iterator[None]:
    """Inside, a client's own words (checked by `client_words.check`) count beside those of the files."""
    token = _in_force.set(_own(_key(words)) if words else _NONE)
    try:
        yield
    finally:
        _in_force.reset(token)


def by_words(most: int | None = None) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Caches a function of the word lists and hashable arguments: one result for each set of words in force.
    `most`: how many results are kept; all, where the arguments are none or come from the lists themselves."""

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @lru_cache(maxsize=most)
        def kept(_: _Own, *args: P.args, **kwargs: P.kwargs) -> R:
            return function(*args, **kwargs)

        @wraps(function)
        def asked(*args: P.args, **kwargs: P.kwargs) -> R:
            return kept(_in_force.get(), *args, **kwargs)  # type: ignore[arg-type]  # hashable, by the docstring

        return asked

    return decorate


@cache
def read(name: str) -> dict[str, Any]:
    """The file `NAME.yaml` as it stands. Raises SettingsError when it is missing or no mapping."""
    path = DIRECTORY / f"{name}.yaml"
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise SettingsError(f"{path}: cannot be read ({error}); restore it from the installation.") from error
    if not isinstance(content, dict):
        raise SettingsError(f"{path}: must be a mapping of lists of words.")
    return content


@by_words(1000)
def words(name: str, key: str) -> frozenset[str]:
    """One list of a file, folded, with the client's own words."""
    own = (word for added in _in_force.get().of(name, key).values() for word in added)
    return frozenset((*(fold(str(word)) for word in read(name)[key]), *own))


@by_words(1000)
def spellings(name: str, key: str) -> dict[Any, list[str]]:
    """A mapping `meaning: [spelling, …]` of a file, folded and in its order; the client's own words stand last."""
    own = _in_force.get().of(name, key)
    return {
        meaning: [*map(fold, map(str, _listed(known))), *own.get(str(meaning), ())]
        for meaning, known in read(name)[key].items()
    }


@by_words(1000)
def meanings(name: str, key: str) -> dict[str, Any]:
    """A mapping of a file turned round: folded spelling → meaning.
    Raises SettingsError when a spelling has two meanings."""
    turned: dict[str, Any] = {}
    for meaning, known in spellings(name, key).items():
        for spelling in known:
            if turned.setdefault(spelling, meaning) != meaning:
                raise SettingsError(
                    f"{DIRECTORY / name}.yaml: '{spelling}' means both {turned[spelling]} and {meaning}; keep one."
                )
    return turned


def alternatives(known: Sequence[str] | frozenset[str] | Mapping[str, Any]) -> str:
    """Spellings as the alternatives of a pattern, the longest first; one that matches nothing when there are none."""
    return "|".join(map(re.escape, sorted(known, key=lambda spelling: (-len(spelling), spelling)))) or r"(?!)"


def _listed(known: Any) -> list[Any]:
    """The spellings of a meaning: listed themselves, or beside other things that are known of it."""
    return list(known["spellings"]) if isinstance(known, dict) else list(known)


def _key(words: ClientWords) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    return tuple(sorted((kind, name, tuple(given)) for kind, lists in words.items() for name, given in lists.items()))


@lru_cache(maxsize=1000)
def _own(key: tuple[tuple[str, str, tuple[str, ...]], ...]) -> _Own:
    return _Own(key)
