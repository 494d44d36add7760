"""The lines of tests/samples/vocabulary, written from the contract alone, against `python -m rekap.vocabulary KIND`.

Each file has a header and then one line a text: TEXT, EXPECTED, problem, trap, tab-separated; dates have REFERENCE and
TABMONTH behind TEXT, "-" where there is none. Signs that cannot be seen are written \\uXXXX.

EXPECTED is the value as JSON (a status as its bare code); `A or B` where the contract leaves either open; `not A/B`
where it only says what a text must never become. `problem` is a code, "-" for none, `a or b`, or `any`.
A file KIND_again.tsv is a second corpus of the same form, written without sight of the first or of the reader.
Names of technicians compare without case, services in any order: the contract fixes neither.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from rekap.vocabulary.__main__ import answer

SAMPLES = Path(__file__).parents[2] / "samples" / "vocabulary"
LEAST = {"date": 450, "time": 220, "service": 130, "status": 280, "phone": 50, "technician": 50}


@dataclass(frozen=True)
class Sample:
    """One line of a file: what goes in, what may come out, and what makes it hard."""

    place: str
    line: str
    expected: str
    problem: str
    trap: str


@dataclass
class Disagreements:
    """Texts that were answered otherwise than the contract says, the worst sort first."""

    silently_wrong: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    other_problem: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.silently_wrong or self.refused or self.other_problem)

    def __str__(self) -> str:
        parts = {
            "silently wrong": self.silently_wrong,
            "refused though readable": self.refused,
            "refused for another reason": self.other_problem,
        }
        return "\n".join("\n  ".join([f"{name}: {len(lines)}", *lines]) for name, lines in parts.items())


def _unescaped(text: str) -> str:
    return re.sub(r"\\u([0-9a-f]{4})", lambda sign: chr(int(sign[1], 16)), text)


def _samples(kind: str) -> list[Sample]:
    samples = []
    for path in sorted(SAMPLES.glob(f"{kind}*.tsv")):
        samples += _samples_of(kind, path)
    return samples


def _samples_of(kind: str, path: Path) -> list[Sample]:
    samples = []
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n")[1:-1], start=2):
        text, *context, expected, problem, trap = line.split("\t")
        assert len(context) == (2 if kind == "date" else 0), f"{path.name}:{number}: wrong number of columns"
        asked = _unescaped(text)
        if context and context[0] != "-":
            asked = "\t".join([asked, *context])
        samples.append(Sample(f"{path.name}:{number}", asked, expected, problem, trap))
    return samples


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


def _value_fits(kind: str, expected: str, value: Any) -> bool:
    if expected.startswith("not "):
        never = set(re.split("[/ ]", expected.removeprefix("not ")))
        codes = [one["service"] for one in value or []] if kind == "service" else [value]
        return never.isdisjoint(codes)
    return _comparable(kind, value) in _alternatives(kind, expected)


def _problem_fits(expected: str, problem: str | None) -> bool:
    return expected == "any" or (problem or "-") in expected.split(" or ")


def _judged(kind: str, samples: list[Sample]) -> Disagreements:
    found = Disagreements()
    for sample in samples:
        got = answer(kind, sample.line)
        value, problem = got["value"], got["problem"]
        told = (
            f"{sample.place} {sample.line!r} ({sample.trap}): expected {sample.expected} problem {sample.problem}, "
            f"got {json.dumps(value, ensure_ascii=False)} problem {problem or '-'}"
        )
        if not _value_fits(kind, sample.expected, value):
            (found.refused if value is None else found.silently_wrong).append(told)
        elif value is not None and problem is not None:
            found.silently_wrong.append(f"{told} (a value beside a problem)")
        elif not _problem_fits(sample.problem, problem):
            found.other_problem.append(told)
    return found


@pytest.mark.parametrize("kind", LEAST)
def test_every_sample_is_read_as_the_contract_says_or_refused_where_it_says_so(kind: str) -> None:
    samples = _samples(kind)
    assert len(samples) >= LEAST[kind], f"{kind} lost lines"
    found = _judged(kind, samples)
    assert not found, f"{kind}, {len(samples)} lines\n{found}"
