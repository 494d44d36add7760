"""The form in which texts are compared: one width, one case, one kind of space, dash and quote."""

import re
import unicodedata

DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹣－"), "-")
QUOTES = dict.fromkeys(map(ord, "‘’ʼ`´′"), "'")
SIGNS = {**DASHES, **QUOTES, ord("⁄"): "/", ord("∕"): "/", ord("×"): "x"}


def fold(text: str) -> str:
    """NFKC, casefolded, ASCII digits, single spaces, no invisible marks; `fold(fold(x)) == fold(x)`."""
    if text.isascii():  # most texts are, and need none of the passes below
        return " ".join(text.replace("`", "'").lower().split())
    text = unicodedata.normalize("NFKC", text.translate(SIGNS)).casefold()
    # casefold may undo NFKC and NFKC may undo casefold for a few letters: the second pass is stable.
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).translate(SIGNS)
    return " ".join("".join(map(_plain, text)).split())


def words(text: str) -> list[str]:
    """The words and numbers of a text, folded, without punctuation."""
    return re.findall(r"[^\W_]+", fold(text).replace("'", ""))


def _plain(character: str) -> str:
    if character.isascii():
        return character
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category == "Cf" or character == "\N{VARIATION SELECTOR-16}":
        return ""
    return character
