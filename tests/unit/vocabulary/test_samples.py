"""The lines of tests/samples/vocabulary, written from the contract alone, against `python -m rekap.vocabulary KIND`."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import pytest

from rekap.vocabulary.__main__ import answer
from tests.samples.vocabulary.lines import Line, lines_of, problem_fits, value_fits

LEAST = {"date": 900, "time": 430, "service": 600, "status": 570, "phone": 220, "technician": 220}


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


def _judged(kind: str, lines: list[Line]) -> Disagreements:
    found = Disagreements()
    for line in lines:
        got = answer(kind, "\t".join(line.asked) if "-" not in line.asked[1:2] else line.asked[0])
        value, problem = got["value"], got["problem"]
        told = (
            f"{line.place} {line.asked!r} ({line.trap}): expected {line.expected} problem {line.problem}, "
            f"got {json.dumps(value, ensure_ascii=False)} problem {problem or '-'}"
        )
        if not value_fits(kind, line.expected, value):
            (found.refused if value is None else found.silently_wrong).append(told)
        elif value is not None and problem is not None:
            found.silently_wrong.append(f"{told} (a value beside a problem)")
        elif not problem_fits(line.problem, problem):
            found.other_problem.append(told)
    return found


@pytest.mark.parametrize("kind", LEAST)
def test_every_sample_is_read_as_the_contract_says_or_refused_where_it_says_so(kind: str) -> None:
    lines = lines_of(kind)
    assert len(lines) >= LEAST[kind], f"{kind}*.tsv lost lines"
    found = _judged(kind, lines)
    assert not found, f"{kind}, {len(lines)} lines\n{found}"
