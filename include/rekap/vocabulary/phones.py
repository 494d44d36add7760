"""Phone numbers in a cell → E.164; cleaned before parsing, because a parser reads letters as keypad digits."""

import re

from rekap.vocabulary.folding import fold
from rekap.vocabulary.reading import EMPTY, LONGEST, UNKNOWN, Reading, refused

REGION = "ID"
MOST = 10  # numbers in one cell
CANDIDATE = re.compile(r"\+?\(?\d(?:[\d\s().+-]*\d)?")


def read_phone(text: str) -> Reading[list[str]]:
    """Every number of a text as `+62…`, each once. Problems: `empty`, `unknown` (none, or one that is not certain).
    Flag `phone_unknown`: beside the numbers read stands one that is not."""
    if len(text) > LONGEST:
        return refused(UNKNOWN)
    folded = fold(text)
    if not folded.strip("-_.? "):
        return refused(EMPTY)
    numbers: dict[str, None] = {}
    doubtful = False
    for candidate in re.split(r"[/,;|&\n]|\batau\b|\bdan\b|\bor\b", folded):
        for match in CANDIDATE.finditer(candidate):
            if len(re.sub(r"\D", "", match[0])) < 6:
                continue
            head, tail = candidate[: match.start()], candidate[match.end() :]
            glued = re.search(r"[^\W\d_]$", head) or re.match(r"[^\W\d_]", tail)
            number = None if glued else _number(match[0])
            if number:
                numbers[number] = None
            else:
                doubtful = True
    if not numbers or len(numbers) > MOST:
        return refused(UNKNOWN)
    return Reading(list(numbers), None, ("phone_unknown",) if doubtful else ())


def _number(written: str) -> str | None:
    import phonenumbers

    digits = re.sub(r"\D", "", re.sub(r"\(0\)", "", written))
    if written.lstrip("( ").startswith("+") or (digits.startswith("62") and len(digits) >= 10):
        digits = f"+{digits}"
    elif digits.startswith("8") and 9 <= len(digits) <= 12:  # the sheet took the leading 0 for a number's
        digits = f"0{digits}"
    elif not digits.startswith("0"):  # a call centre such as 1500-123 has no number that can be dialled from abroad
        return None
    try:
        number = phonenumbers.parse(digits, REGION)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
