"""The known word that a text is nearest to: a suggestion for a person, never a value."""

from collections import Counter
from collections.abc import Iterable

SHARE = 5  # letters that bring one slip of the pen: shorter words have too many neighbours
SHORTEST = 4  # letters of a word of a name that one slip may change
LONGEST = 60  # characters; longer texts are prose


def nearest(text: str, known: Iterable[str]) -> str | None:
    """The word of `known` with the fewest edits from `text`, None where even that one is another word. Both are folded
    by the caller. Of words that are equally near the first one counts."""
    best, fewest = None, len(text) // SHARE + 1
    if not text or len(text) > LONGEST:
        return None
    for word in known:
        if abs(len(word) - len(text)) < fewest and _digits(word) == _digits(text):
            edits = distance(text, word, fewest)
            if edits < fewest:
                best, fewest = word, edits
    return best


def nearest_name(text: str, known: Iterable[str]) -> str | None:
    """As `nearest`, for names of several words: what both share, such as the brand, says nothing, so only the words in
    which they differ must be near. "Kopi Senja Pasar Senen" is not "Kopi Senja Pasar Minggu"."""
    return nearest(text, (name for name in known if _differ_little(text.split(), name.split())))


def _differ_little(left: list[str], right: list[str]) -> bool:
    own, other = (" ".join((Counter(a) - Counter(b)).elements()) for a, b in ((left, right), (right, left)))
    most = max(len(own) // SHARE, int(len(own) >= SHORTEST))
    return bool(own and other) and abs(len(own) - len(other)) <= most and distance(own, other, most + 1) <= most


def distance(left: str, right: str, most: int) -> int:
    """Letters to add, take, change or swap with their neighbour until one text is the other; `most` where it is as many
    or more."""
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        earlier, before, row = before, row, [i]
        for j, b in enumerate(right, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
        if min(row) >= most:
            return most
    return min(row[-1], most)


def _digits(text: str) -> str:
    # "BSD 1" and "BSD 2" are two outlets, however near they look.
    return "".join(filter(str.isdigit, text))
