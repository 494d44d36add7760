"""Status words → canonical codes (tracker contract)."""

import re
from functools import cache

from rekap.vocabulary import lexicon
from rekap.vocabulary.dates import month_of_word
from rekap.vocabulary.folding import fold
from rekap.vocabulary.reading import EMPTY, UNKNOWN, Reading, refused

LONGEST = 120  # characters
PROSE = 2000  # characters of a comment that are looked at
TYPO_FROM = 5  # letters: shorter words have too many neighbours
CLOSED = ("done", "cancelled", "partial")


def read_status(text: str) -> Reading[str]:
    """The code of a status text. Problems: `empty` (also an unticked box), `unknown`."""
    if len(text) > LONGEST:
        return refused(UNKNOWN)
    folded = fold(text)
    trimmed = re.sub(r"^[\s.,;:!_*-]+|[\s.,;:!_*-]+$", "", folded)
    if not trimmed or folded in lexicon.words("statuses", "nothing"):
        return refused(EMPTY)
    spaced = re.sub(r"(?<=[a-z])[-_/](?=[a-z])", " ", trimmed)
    code = _known(trimmed) or _known(spaced) or _partial(spaced) or _composed(spaced)
    return Reading(code) if code else refused(UNKNOWN)


def said(text: str) -> str | None:
    """`cancelled` or `on_hold` when a title or comment says so in prose; a negation before it ("tidak batal") or a
    question mark after it does not count. Cancelled wins when both are said."""
    folded = fold(text[:PROSE])
    for code in ("cancelled", "on_hold"):
        words = [spelling for spelling, meaning in lexicon.meanings("statuses", "codes").items() if meaning == code]
        not_said = "|".join(map(re.escape, lexicon.words("statuses", "negations")))
        found = re.search(
            rf"(?<!\w)(?P<no>(?:{not_said})\s+(?:\w+\s+)?)?(?:{'|'.join(map(re.escape, words))})(?!\w)"
            r"(?P<asked>[^.!\n]{0,40}\?)?",
            folded,
        )
        if found and not found["no"] and not found["asked"]:
            return code
    return None


def says_cancelled(text: str) -> bool:
    """Whether a title or comment says in prose that the order is cancelled."""
    return said(text) == "cancelled"


def _known(text: str) -> str | None:
    """The code of a whole text, exact or within one edit of exactly one code."""
    code_of = lexicon.meanings("statuses", "codes")
    if text in code_of:
        return str(code_of[text])
    if len(text) < TYPO_FROM or not re.fullmatch(r"[^\W\d_ ]+", text):
        return None
    near = {
        code for word, code in code_of.items()
        if len(word) >= TYPO_FROM and abs(len(word) - len(text)) <= 1 and _one_edit(text, word)
    }  # fmt: skip
    return str(near.pop()) if len(near) == 1 else None


def _one_edit(left: str, right: str) -> bool:
    """One letter more, less, other, or two neighbours swapped."""
    if len(left) > len(right):
        left, right = right, left
    at = next((i for i, letter in enumerate(left) if letter != right[i]), len(left))
    if len(left) < len(right):
        return left[at:] == right[at + 1 :]
    swapped = left[at + 1 : at + 2] + left[at : at + 1] == right[at : at + 2]
    return left[at + 1 :] == right[at + 1 :] or (swapped and left[at + 2 :] == right[at + 2 :])


def _partial(text: str) -> str | None:
    """ "selesai (kurang 1 unit)", "done, sisa 2", "selesai 2 dari 3": some of it is done."""
    less = "|".join(lexicon.words("statuses", "less"))
    if match := re.fullmatch(rf"(\w+)[\s,;:(-]+(?:{less})\s+[^)]*\)?", text):
        return "partial" if _known(match[1]) == "done" else None
    if re.fullmatch(rf"(?:{less}) \d+( unit)?", text):
        return "partial"
    if (match := re.fullmatch(r"(\w+) (\d{1,3}) dari (\d{1,3})( unit)?", text)) and _known(match[1]) == "done":
        return "partial" if int(match[2]) < int(match[3]) else "done" if match[2] == match[3] else None
    return None


@cache
def _phrases() -> re.Pattern[str]:
    spellings = sorted(lexicon.meanings("statuses", "codes"), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, spellings))})(?!\w)")


def _composed(text: str) -> str | None:
    """A known phrase among words that change nothing, perhaps with a day; two statuses in one text are no status."""
    code_of = lexicon.meanings("statuses", "codes")
    codes = {str(code_of[found]) for found in _phrases().findall(text)}
    rest = _phrases().sub(" ", text)
    for word in re.findall(r"[^\W\d_]+", rest):
        if code := _known(word):
            codes.add(code)
            rest = re.sub(rf"(?<!\w){word}(?!\w)", " ", rest, count=1)
    if len(codes) != 1:
        return None
    code = codes.pop()
    plain = lexicon.words("statuses", "beside") | lexicon.words("statuses", "day")
    left = [word for word in re.findall(r"[^\W\d_]+", rest) if word not in plain and not month_of_word(word)]
    if left or "?" in rest:
        return None
    if re.search(r"\d", rest) and code in CLOSED and not _names_day(rest):
        return None  # "selesai 2/3" may be a part of the units
    return code


def _names_day(rest: str) -> bool:
    day_words = "|".join(lexicon.words("statuses", "day"))
    month = any(month_of_word(word) for word in re.findall(r"[^\W\d_]+", rest))
    return month or bool(re.search(rf"\b(?:{day_words}) \d|\d[/.-]\d{{1,2}}[/.-]\d", rest))
