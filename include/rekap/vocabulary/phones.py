"""Phone numbers in a cell → E.164; cleaned before parsing, because a parser reads letters as keypad digits."""

import re

from rekap.vocabulary import asides, lexicon
from rekap.vocabulary.folding import fold
from rekap.vocabulary.reading import EMPTY, LONGEST, UNKNOWN, Reading, refused

REGION = "ID"
MOST = 10  # numbers in one cell
LEAST_DIGITS, MOST_DIGITS = 6, 15  # fewer are an extension or a house number, more are two numbers
CANDIDATE = re.compile(r"(?:\+ ?)?\(?\d[\d\s().+-]*")
NUMBER_CELL = re.compile(r"(?<!\d)(\d{8,15})[.,]0+(?!\d)")  # a sheet's number: "8123456789.0"
NUMBERING = re.compile(r"^\d{1,2}[.)] (?=\D{0,20}\d)")
DATE = re.compile(r"(?<![\d.,/+-])\d{1,2}[/-]\d{1,2}[/-]20\d\d(?![\d/-])")
EMPHASIS = re.compile(r"(?<![*_~])([*_~])(\+?[\d(][\d\s().+-]{6,20}\d)\1(?![*_~])")  # "*0812…*" in a chat
NOTE = re.compile(r"(?<=\d{3})\s?\((?=\d)")  # "0812… (1500-123)"
SHARED = re.compile(r"\d{4}\s?/\s?\d{1,5}(?!\d|[\s.-]{1,3}\d)")  # "0812…90/91": a second number that is not said whole
MASK = re.compile(r"\s?\?|[*_#x\N{HORIZONTAL ELLIPSIS}]|\.{2}")  # "0812-3456-78??"
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
    listed = asides.without_numbering(EMPHASIS.sub(r"\2", DATE.sub(" ", said)), r"\s\D{0,40}\d")
    folded = EXTENSION.sub(" ", NUMBER_CELL.sub(r"\1", NUMBERING.sub("", _counted().sub(" ", listed))))
    numbers: dict[str, None] = {}
    doubtful = bool(SHARED.search(folded))
    folded = NOTE.sub(" ; (", folded)
    for candidate in _between().split(folded):
        for match in CANDIDATE.finditer(candidate):
            if len(re.sub(r"\D", "", match[0])) < LEAST_DIGITS:
                continue
            found = _certain(candidate[: match.start()], match[0], candidate[match.end() :])
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


def _certain(head: str, written: str, tail: str) -> list[str]:
    """The numbers of one piece of writing; none where what stands beside it makes it uncertain: a letter (an O for a 0,
    a word that ran into it), a mask, a word that says it is something else."""
    before = re.search(r"([^\W\d_]{1,20})$", head)
    behind = tail if written[-1].isdigit() else written[len(written.rstrip(" .")) :] + tail
    if before and before[1] not in lexicon.words("phones", "labels"):
        return []
    if MASK.match(behind) or head[-1:] in set("*?_x") or (written[-1].isdigit() and re.match(r"[^\W\d_]", tail)):
        return []
    if _no_phone().search(head):
        return []
    # "Lt. 2 0812…", "PIC 1 0812…": the first number belongs to the word before it.
    named = re.match(r"\d{1,3}\s+(?=\+|\(?0)", written) if re.search(r"[^\W\d_]\W{0,3}$", head) else None
    return _numbers(written[named.end() :] if named and written[0] != "0" else written)


@lexicon.by_words()
def _no_phone() -> re.Pattern[str]:
    words = lexicon.alternatives(lexicon.words("phones", "no_phones"))
    return re.compile(rf"(?<![^\W_])(?:{words})(?:\.? ?(?:no|nomor|id))?[ .:#]{{0,3}}$")


def _numbers(written: str) -> list[str]:
    """The number, or the two of them that only a space parts; nothing when it is not certain."""
    if number := _number(written):
        return [number]
    if not MOST_DIGITS < len(re.sub(r"\D", "", written)) <= 2 * MOST_DIGITS:
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
    elif re.match("8[1-9]", digits) and 9 <= len(digits) <= 12:  # the sheet took the leading 0 for a number's
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
