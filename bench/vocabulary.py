"""Texts per second of each parser, on the sample lines of the tests, beside dateparser where it can answer; and whether
a text that is twice as long takes twice as long."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.child import ask
from bench.page import table
from tests.samples.vocabulary.lines import FOLDER, KINDS, Line, lines_of, value_fits

BESIDE = {"date", "time"}  # what dateparser answers
MODULE = "bench.contenders.words"
LENGTHS = (100, 200, 400)  # characters; a text of more than 500 is refused as prose, whatever it says
SLOWEST = 10
# What tempts a parser to look again and again at what it has seen.
ADVERSARIAL = {
    "date": ("7/8 & ", "Senin ", "1-", "12 Agt - ", "(("),
    "time": ("10.00-", "jam 10 ", "9 . ", "pagi "),
    "service": ("cuci 3, ", "2+", "freon ", "1/2 PK "),
    "status": ("selesai ", "batal/", "(kurang ", "tidak "),
    "phone": ("0812-", "+62 ", "0 ", "8"),
    "technician": ("Budi & ", "pak ", "a/", "Tim 2, "),
}
ABOUT = """## Vocabulary

How many texts each parser reads in a second, each text once, in a process of its own: what was read before must not
help. The texts are the sample lines of `tests/samples/vocabulary`, with the answers that people wrote beside them.
**dateparser** reads the same lines with the languages id and en, day before month, and the same reference day.
*Answered*: it gave a value. *Right*: the value is the expected one, or there is none where none may be guessed.
*Wrong values* is what counts most: a value where another one, or none, is right. Rekap was mended until it read each of
these lines: its own column of right answers promises nothing for other texts."""


@dataclass(frozen=True)
class Measured:
    kind: str
    reader: str
    samples: Sequence[Line]
    answers: Sequence[Any]
    seconds: Sequence[float]  # the quickest of the passes, for each line: the others waited for the machine

    @property
    def per_second(self) -> float:
        return len(self.seconds) / sum(self.seconds)

    @property
    def answered(self) -> int:
        return sum(answer is not None for answer in self.answers)

    @property
    def right(self) -> int:
        return sum(map(self._fits, self.samples, self.answers))

    @property
    def wrong(self) -> int:
        return sum(
            answer is not None and not self._fits(line, answer)
            for line, answer in zip(self.samples, self.answers, strict=True)
        )

    def _fits(self, line: Line, answer: Any) -> bool:
        return value_fits(self.kind, line.expected, answer)


@dataclass(frozen=True)
class Growth:
    """The worst pattern of a kind: seconds at each of LENGTHS."""

    kind: str
    pattern: str
    seconds: tuple[float, ...]

    @property
    def factor(self) -> float:
        """How many times the work of a text that is four times as long."""
        return self.seconds[-1] / self.seconds[0]


class Vocabulary:
    """All measurements of one run; `passes` over each kind, `most` lines of it."""

    def __init__(self, *, passes: int = 5, most: int | None = None, say: Callable[[str], None] = print) -> None:
        self.passes, self.most, self.say = passes, most, say
        self.measured: list[Measured] = []
        self.growth: list[Growth] = []

    def run(self, folder: Path = FOLDER) -> None:
        """Measure every kind. Raises RuntimeError when there are no sample lines."""
        for kind in KINDS:
            if lines := lines_of(kind, folder)[: self.most]:
                for reader in ("rekap", "dateparser") if kind in BESIDE else ("rekap",):
                    self.measured.append(self._measure(kind, reader, lines))
                    self.say(f"  {kind:10} {reader:10} {self.measured[-1].per_second:,.0f} texts a second")
            self.growth.append(self._grow(kind))
        if not self.measured:
            raise RuntimeError(f"there are no sample lines in {folder}: vocabulary is measured on them.")

    def _measure(self, kind: str, reader: str, lines: Sequence[Line]) -> Measured:
        told = {"kind": kind, "with": reader, "lines": [line.asked for line in lines]}
        passes = [ask(MODULE, told) for _ in range(self.passes)]
        seconds = [min(times) for times in zip(*(one["seconds"] for one in passes), strict=True)]
        return Measured(kind, reader, lines, passes[0]["answers"], seconds)

    def _grow(self, kind: str) -> Growth:
        """Every pattern at every length, several times with another beginning each."""
        tries = 2 * self.passes + 1
        texts = [
            (pattern, length, (f"{number} " + pattern * length)[:length])
            for pattern in ADVERSARIAL[kind] for length in LENGTHS for number in range(tries)
        ]  # fmt: skip
        told = ask(
            MODULE, {"kind": kind, "with": "rekap", "lines": [[text, "2026-08-20", "2026-08"] for *_, text in texts]}
        )
        taken: dict[tuple[str, int], list[float]] = {}
        for (pattern, length, _), seconds in zip(texts, told["seconds"], strict=True):
            taken.setdefault((pattern, length), []).append(seconds)
        grown = [
            Growth(kind, pattern, tuple(statistics.median(taken[pattern, length]) for length in LENGTHS))
            for pattern in ADVERSARIAL[kind]
        ]
        return max(grown, key=lambda one: one.seconds[-1])

    def tables(self) -> str:
        """All tables, as they also end the command's output."""
        rows = [
            [f"{m.kind}, {m.reader}", f"{len(m.samples)}", f"{m.per_second:,.0f}", f"{m.answered}", f"{m.right}",
             f"{m.wrong}"]
            for m in self.measured
        ]  # fmt: skip
        head = ["kind", "texts", "texts a second", "answered", "right", "wrong values"]
        slow = sorted(
            ((taken, m.kind, line.asked[0]) for m in self.measured if m.reader == "rekap"
             for taken, line in zip(m.seconds, m.samples, strict=True)),
            reverse=True,
        )[:SLOWEST]  # fmt: skip
        slowest = [[f"{kind}: `{_shown(text)}`", f"{taken * 1e6:,.0f}"] for taken, kind, text in slow]
        grown = [
            [
                f"{g.kind}: `{_shown(g.pattern)}` again and again",
                *(f"{s * 1e6:,.0f}" for s in g.seconds),
                f"{g.factor:.1f}",
            ]
            for g in self.growth
        ]
        return "\n\n".join(
            [
                table(head, rows),
                "### The slowest texts, microseconds",
                table(["text", "µs"], slowest),
                "### Long texts that tempt, microseconds",
                "The slowest pattern of each kind; four times the text should be at most about four times the work.",
                table(["text", *(f"{length} characters" for length in LENGTHS), "times for 4 ×"], grown),
            ]
        )

    def text(self) -> str:
        """The part of docs/benchmarks.md."""
        return f"{ABOUT}\n\n{self.tables()}"


def _shown(text: str) -> str:
    plain = "".join(sign if sign.isprintable() and sign not in "|`" else "·" for sign in text)
    return plain if len(plain) <= 60 else f"{plain[:60]}…"
