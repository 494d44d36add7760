"""Texts of a sheet as they may be shown: one line, nothing that steers a terminal or turns the line round."""

import unicodedata

LONGEST = 80  # characters
HIDDEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")  # categories of Unicode
KEPT = "\N{ZERO WIDTH JOINER}\N{VARIATION SELECTOR-16}"  # within emoji


def shown(text: str, longest: int = LONGEST) -> str:
    """The text in one line of at most `longest` characters. Control characters, invisible marks and what is no
    character at all stand as a replacement character."""
    line = " ".join(text[: longest * 4].split())
    plain = "".join(_plain(character) for character in line)
    return plain if len(plain) <= longest else plain[: longest - 1].rstrip() + "…"


def is_hostile(character: str) -> bool:
    """Whether a character steers or hides instead of being seen."""
    return character not in KEPT and unicodedata.category(character) in HIDDEN


def _plain(character: str) -> str:
    return "\N{REPLACEMENT CHARACTER}" if is_hostile(character) else character
