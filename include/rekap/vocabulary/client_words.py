"""A client's own words (`words:` of a client in clients.yaml): what they may name, and what is refused."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from rekap.vocabulary import date_grammar, lexicon
from rekap.vocabulary.folding import fold
from rekap.vocabulary.lexicon import KINDS, ClientWords

LONGEST = 60  # characters of one word or phrase
MOST = 200  # words of one client: more is a list for include/config/vocabulary


class RefusedWord(ValueError):
    """A word that cannot hold. `at`: kind, code or list, and place in it, as far as they are known."""

    def __init__(self, message: str, *at: str | int) -> None:
        super().__init__(message)
        self.at = at


def check(words: ClientWords) -> None:
    """Raises RefusedWord for an unknown kind, an unknown code or list, a text that is no word, and a word that means
    something else in the same file, for everyone or by this client's own words."""
    met: dict[tuple[str, str], str] = {}
    if sum(len(given) for lists in words.values() for given in lists.values()) > MOST:
        raise RefusedWord(f"more than {MOST} words; what every client says belongs into include/config/vocabulary")
    for kind, lists in words.items():
        if kind not in KINDS:
            raise RefusedWord(f"'{kind}' is no kind of words; known are {', '.join(KINDS)}", kind)
        for name, given in lists.items():
            allowed = _allowed(kind)
            if name not in allowed:
                raise RefusedWord(f"'{name}' is neither a code nor a list of {kind}; known are {', '.join(allowed)}",
                                  kind, name)  # fmt: skip
            for number, word in enumerate(given):
                _check_word(kind, name, word, met, number)


def fingerprint(words: ClientWords) -> str:
    """The same for the same words, whatever their order in the file; empty when there are none."""
    lists = sorted(
        (kind, name, sorted(map(fold, given))) for kind, known in words.items() for name, given in known.items()
    )
    lists = [entry for entry in lists if entry[2]]
    return hashlib.sha256(json.dumps(lists, ensure_ascii=False).encode()).hexdigest()[:16] if lists else ""


def _check_word(kind: str, name: str, word: str, met: dict[tuple[str, str], str], number: int) -> None:
    folded, file = fold(word), KINDS[kind].file
    if not any(letter.isalpha() or not letter.isascii() for letter in folded) or len(folded) > LONGEST:
        raise RefusedWord(
            f"'{word}' is no word: write letters or a sign such as ✅, at most {LONGEST} characters", kind, name, number
        )
    told = f"{kind}.{name}"
    for meaning in (*_meanings(file, folded), *filter(None, (met.get((file, folded)),))):
        if meaning != told:
            raise RefusedWord(
                f"'{word}' already means {meaning}, it cannot mean {told} as well; take it out here, or write a longer"
                " phrase", kind, name, number,
            )  # fmt: skip
    met[file, folded] = told


def _allowed(kind: str) -> list[str]:
    file, mapping = KINDS[kind]
    content = lexicon.read(file)
    lists = [name for name, known in content.items() if isinstance(known, list)]
    meanings = [str(meaning) for meaning in content[mapping]] if mapping else []
    return meanings if kind in ("months", "days") else [*meanings, *lists]


def _meanings(file: str, folded: str) -> Iterator[str]:
    """What a word means for everyone in a file: `kind.code` or `kind.list`."""
    kinds = [kind for kind, of in KINDS.items() if of.file == file]
    for key, known in lexicon.read(file).items():
        kind = next((kind for kind in kinds if KINDS[kind].mapping == key), kinds[0])
        if isinstance(known, list):
            if folded in map(fold, map(str, known)):
                yield f"{kind}.{key}"
        elif any(isinstance(spellings, dict | list) for spellings in known.values()):
            for meaning, spellings in _turned(file, key, known):
                if folded in spellings:
                    yield f"{kind}.{meaning}"
        elif folded in map(fold, map(str, known)):
            yield f"{kind}.{key}"


def _turned(file: str, key: str, known: dict[Any, Any]) -> Iterator[tuple[str, set[str]]]:
    named = {"months": date_grammar.months, "days": date_grammar.weekdays}.get(key) if file == "dates" else None
    for meaning, spellings in known.items():
        listed = spellings["spellings"] if isinstance(spellings, dict) else spellings
        spoken = {word for word, number in named().items() if number == meaning} if named else set()
        yield str(meaning), {*map(fold, map(str, listed)), *spoken}
