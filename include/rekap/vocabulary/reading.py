"""What a reader of human text answers."""

import re
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

EMPTY = "empty"
UNKNOWN = "unknown"
ERROR_CELL = re.compile(r"#(?:ref!|n/a|value!|name\?|div/0!|num!|null!|error!|spill!|calc!)|loading\.{0,3}")
LONGEST = 500  # characters; a longer cell is prose, not a value, and reading it would cost unbounded work


@dataclass(frozen=True)
class Reading(Generic[T]):
    """A value, or None with the code of the problem; `flags` say what a person may want to look at all the same."""

    value: T | None
    problem: str | None = None
    flags: tuple[str, ...] = ()


def refused(problem: str, *flags: str) -> "Reading[T]":
    """A reading without a value."""
    return Reading(None, problem, flags)
