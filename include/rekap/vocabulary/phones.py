"""Phone numbers in a cell → E.164; cleaned before parsing, because a parser reads letters as keypad digits."""

import re

from rekap.vocabulary import lexicon
from rekap.vocabulary.folding import fold
from rekap.vocabulary.reading import EMPTY, LONGEST, UNKNOWN, Reading, refused

REGION = "ID"
MOST = 10  # numbers in one cell
LEAST_DIGITS, MOST_DIGITS = 6, 15  # fewer are an extension or a house number, more are two numbers
CANDIDATE = re.compile(r"(?:\+ ?)?\(?\d[\d\s().+-]*")
NUMBER_CELL = re.compile(r"(?<!\d)(\d{8,15})[.,]0+(?!\d)")  # a sheet's number: "8123456789.0"
NUMBERING = re.compile(r"^\d{1,2}[.)] (?=\D{0,20}\d)")
EXTENSION = re.compile(r"\b(?:ext|extension|pesawat|psw)\b\.? ?\d{1,5}")


def read_phone(text: str) -> Reading[list[str]]:
    """Every number of a text as `+62…`, each once. Problems: `empty`, `unknown` (none, or one that is not certain).
    Flag `phone_unknown`: beside the numbers read stands one that is not."""
    if len(text) > LONGEST:
        return refused(UNKNOWN)
    found = _read(text)
    return Reading(list(found.value) if found.value else None, found.problem, found.flags)


@lexicon.by_words(4000)
def _read(text: str) -> Reading[tuple[str, ...]]:
    said = fold(text)
    if not said.strip("-_.? ") or said in lexicon.words("people", "nothing"):
        return refused(EMPTY)
    folded = EXTENSION.sub(" ", NUMBER_CELL.sub(r"\1", NUMBERING.sub("", _counted().sub(" ", said))))
    numbers: dict[str, None] = {}
    doubtful = False
    for candidate in _between().split(folded):
        for match in CANDIDATE.finditer(candidate):
            if len(re.sub(r"\D", "", match[0])) < LEAST_DIGITS:
                continue
            found = (
                None if _glued(candidate[: match.start()], candidate[match.end() :], match[0]) else _numbers(match[0])
            )
            doubtful = doubtful or not found
            numbers |= dict.fromkeys(found or ())
    if not numbers or len(numbers) > MOST:
        return refused(UNKNOWN)
    return Reading(tuple(numbers), None, ("phone_unknown",) if doubtful else ())


@lexicon.by_words()
def _counted() -> re.Pattern[str]:
    """Numbers of units and sizes: "0812… (3 unit)"."""
    words = lexicon.words("services", "unit_words") | lexicon.words("services", "measures")
    return re.compile(rf"(?<![\d.,/+-])\(?\d{{1,3}} ?(?:{lexicon.alternatives(words)})(?![^\W_])")


@lexicon.by_words()
def _between() -> re.Pattern[str]:
    known = lexicon.words("phones", "between")
    words = lexicon.alternatives([word for word in known if word.isalpha()])
    return re.compile(rf"\b(?:{words})\b|{lexicon.alternatives([word for word in known if not word.isalpha()])}")


def _glued(head: str, tail: str, written: str) -> bool:
    """Whether a letter stands directly beside the digits: an O for a 0, a word that ran into the number."""
    before = re.search(r"([^\W\d_]{1,20})$", head)
    behind = written[-1].isdigit() and re.match(r"[^\W\d_]", tail)
    return bool(behind or (before and before[1] not in lexicon.words("phones", "labels")))


def _numbers(written: str) -> list[str]:
    """The number, or the two of them that only a space parts; nothing when it is not certain."""
    if number := _number(written):
        return [number]
    if len(re.sub(r"\D", "", written)) <= MOST_DIGITS:
        return []
    splits = [
        [first, second]
        for space in re.finditer(r"\s(?=\+?\(?(?:0|62))", written)
        if (first := _number(written[: space.start()])) and (second := _number(written[space.end() :]))
    ]
    return splits[0] if len(splits) == 1 else []


def _number(written: str) -> str | None:
    import phonenumbers

    groups = re.findall(r"\d+", written)
    if len(groups) > 1 and len(groups[-1]) == 1:  # a number of something else behind it
        return None
    digits = re.sub(r"\D", "", re.sub(r"\( ?0 ?\)", "", written))
    if digits.startswith("0062"):
        digits = f"+{digits[2:]}"
    elif written.lstrip("( ").startswith("+") or (digits.startswith("62") and len(digits) >= 10):
        digits = f"+{digits}"
    elif digits.startswith("8") and 9 <= len(digits) <= 12:  # the sheet took the leading 0 for a number's
        digits = f"0{digits}"
    elif not digits.startswith("0"):  # a call centre such as 1500-123 has no number that can be dialled from abroad
        return None
    if digits.startswith("+620"):
        digits = f"+62{digits[4:]}"
    try:
        number = phonenumbers.parse(digits, REGION)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
