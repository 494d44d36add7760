"""Slips of the pen: which known word a misspelt one means, if it can mean only one."""

from collections.abc import Iterable


def one_edit(left: str, right: str) -> bool:
    """One letter more, less, other, or two neighbours swapped; also for equal words."""
    if abs(len(left) - len(right)) > 1:
        return False
    if len(left) > len(right):
        left, right = right, left
    at = next((i for i, letter in enumerate(left) if letter != right[i]), len(left))
    if len(left) < len(right):
        return left[at:] == right[at + 1 :]
    swapped = left[at + 1 : at + 2] + left[at : at + 1] == right[at : at + 2]
    return left[at + 1 :] == right[at + 1 :] or (swapped and left[at + 2 :] == right[at + 2 :])


def near(word: str, known: Iterable[str], *, least: int) -> list[str]:
    """The known words of at least `least` letters within one edit of a word that is no shorter than `least` itself."""
    if len(word) < least or not word.isalpha():
        return []
    return [other for other in known if len(other) >= least and one_edit(word, other)]
