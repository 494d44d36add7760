"""The lines of this folder, and whether an answer is what a line says.

Each file, KIND.tsv and the further KIND_….tsv, has a header and then one line a text: TEXT, EXPECTED, problem, trap,
tab-separated; dates have REFERENCE and TABMONTH behind TEXT, "-" where there is none. Signs that cannot be seen are
written as \\u and four hexadecimal digits.

EXPECTED is the value as JSON (a status as its bare code); `A or B` where the contract leaves either open; `not A/B`
where it only says what a text must never become. `problem` is a code, "-" for none, `a or b`, or `any`.
Names of technicians compare without case, services in any order: the contract fixes neither.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
KINDS = ("date", "time", "service", "status", "phone", "technician")


@dataclass(frozen=True)
class Line:
    """One line of a file: what goes in, with what it is read beside, what may come out, and what makes it hard."""

    place: str
    asked: tuple[str, ...]
    expected: str
    problem: str
    trap: str


def lines_of(kind: str, folder: Path = FOLDER) -> list[Line]:
    """Every line of a kind; empty where there are none. Raises ValueError for a line of another form."""
    return [line for path in sorted(folder.glob(f"{kind}*.tsv")) for line in _lines(path, kind)]


def _lines(path: Path, kind: str) -> list[Line]:
    found = []
    for number, written in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        if number == 1 or not written:
            continue
        text, *context, expected, problem, trap = written.split("\t")
        if len(context) != (2 if kind == "date" else 0):
            raise ValueError(f"{path.name}:{number}: wrong number of columns")
        found.append(Line(f"{path.name}:{number}", (_unescaped(text), *context), expected, problem, trap))
    return found


def _unescaped(text: str) -> str:
    return re.sub(r"\\u([0-9a-f]{4})", lambda sign: chr(int(sign[1], 16)), text)


def value_fits(kind: str, expected: str, value: Any) -> bool:
    """Whether a value is one that the line allows."""
    if expected.startswith("not "):
        never = set(re.split("[/ ]", expected.removeprefix("not ")))
        codes = [one["service"] for one in value or []] if kind == "service" else [value]
        return never.isdisjoint(codes)
    return _comparable(kind, value) in _alternatives(kind, expected)


def problem_fits(expected: str, problem: str | None) -> bool:
    """Whether a problem, or none, is one that the line allows."""
    return expected == "any" or (problem or "-") in expected.split(" or ")


def _comparable(kind: str, value: Any) -> Any:
    if value is None:
        return None
    if kind == "service":
        return sorted((one["service"], -1 if one["units"] is None else one["units"]) for one in value)
    if kind == "technician":
        return [name.casefold() for name in value]
    return value


def _alternatives(kind: str, expected: str) -> list[Any]:
    texts = expected.split(" or ")
    if kind == "status":
        return [None if text == "null" else text for text in texts]
    return [_comparable(kind, json.loads(text)) for text in texts]
