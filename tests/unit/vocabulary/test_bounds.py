"""What no text may ever do: raise, answer both a value and a problem, or cost unbounded work."""

import re
import sys
from collections.abc import Callable, Iterable
from functools import cache
from re import _parser  # type: ignore[attr-defined]  # the parser of re, which types do not show
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rekap.vocabulary import addresses, dates, folding, lexicon, phones, services, statuses, technicians, times, units
from rekap.vocabulary.reading import Reading
from tests.samples.vocabulary.lines import KINDS, lines_of

READERS: dict[str, tuple[Callable[[str], Reading[Any]], int]] = {
    "date": (lambda text: dates.read_date(text, tab_month="2026-08"), dates.LONGEST),
    "time": (times.read_time, times.LONGEST),
    "service": (services.read_services, services.LONGEST),
    "status": (statuses.read_status, statuses.LONGEST),
    "phone": (phones.read_phone, phones.LONGEST),
    "technician": (technicians.read_technicians, technicians.LONGEST),
    "units": (units.read_units, units.LONGEST),
    "address": (addresses.read_address, addresses.LONGEST),
}
MODULES = (addresses, dates, folding, phones, services, statuses, technicians, times, units)


@cache
def real_texts() -> list[str]:
    return [line.asked[0] for kind in KINDS for line in lines_of(kind)]


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A real text with a few signs taken out, doubled, swapped or put in."""
    signs = list(draw(st.sampled_from(real_texts())))
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(signs)))
        signs[at : at + draw(st.integers(0, 2))] = draw(
            st.text(alphabet="0123456789/.-~&() :abjgtsd\u00a0", max_size=2)
        )
    return "".join(signs)


@settings(deadline=None)  # the first text compiles the patterns
@given(st.text(max_size=200) | mutated())
def test_any_text_has_a_value_or_a_problem_and_never_both(text: str) -> None:
    for read, _ in READERS.values():
        reading = read(text)
        assert (reading.value is None) == (reading.problem is not None)


@pytest.mark.parametrize("kind", READERS)
def test_an_over_long_cell_is_refused_unread(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def unread(text: str) -> str:
        raise AssertionError(f"{len(text)} characters were read")

    for module in MODULES:
        if hasattr(module, "fold"):
            monkeypatch.setattr(module, "fold", unread)
    read, longest = READERS[kind]
    assert read("7" * (longest + 1)).problem in ("unknown", "bad_date")


def _patterns(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Every pattern that the readers compile: those of the modules, and those that a reading makes."""
    found = {known.pattern for module in MODULES for known in vars(module).values() if isinstance(known, re.Pattern)}
    compile_pattern = re._compiler.compile  # type: ignore[attr-defined]  # where every pattern is made

    def recorded(pattern: Any, flags: int = 0) -> Any:
        frame = sys._getframe(1)
        while frame.f_back and frame.f_code.co_filename.startswith(re.__file__.removesuffix("__init__.py")):
            frame = frame.f_back
        if "/rekap/vocabulary/" in frame.f_code.co_filename:  # a library's patterns are its own
            found.add(pattern)
        return compile_pattern(pattern, flags)

    monkeypatch.setattr(re._compiler, "compile", recorded)  # type: ignore[attr-defined]
    re.purge()
    with lexicon.of_client({"statuses": {"done": ["a word of this test alone"]}}):
        for text in real_texts():
            for read, _ in READERS.values():
                read(text)
        statuses.said("batal ya")
    return found


def _nested(parsed: Iterable[Any], inside: bool = False) -> bool:
    """Whether an unbounded repeat stands inside another."""
    for operation, argument in parsed:
        name = str(operation)
        if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            _, most, repeated = argument
            unbounded = most == _parser.MAXREPEAT
            if (unbounded and inside) or _nested(repeated, inside or unbounded):
                return True
        elif name == "BRANCH":
            if any(_nested(branch, inside) for branch in argument[1]):
                return True
        elif name in ("SUBPATTERN", "ASSERT", "ASSERT_NOT", "ATOMIC_GROUP"):
            group = argument[-1] if isinstance(argument, tuple) else argument
            if _nested(group, inside):
                return True
    return False


def test_no_pattern_holds_a_repeat_within_a_repeat(monkeypatch: pytest.MonkeyPatch) -> None:
    found = _patterns(monkeypatch)
    assert len(found) > 60
    assert [pattern[:200] for pattern in found if _nested(_parser.parse(pattern))] == []
    assert _nested(_parser.parse(r"(a+)*b"))


ADVERSARIAL = (
    "7", "7 ", "7/", "7-", "7.", "7,", "7, ", "a ", "aa", "7 & ", "- ", "(", "jam 7 ", "cuci 3 ", "dan ", "selesai ",
    "7a", "0812 ", "3 unit ", "lt 2, ", "no 1-", "rp7", "1/2 ", "7 + ", "rt 1 ", "kel a ", "ganti ", "2 jam ", "http://",
    "0.5 - ",
)  # fmt: skip


@pytest.mark.parametrize("kind", READERS)
def test_repeats_of_anything_end(kind: str) -> None:
    """A pattern that can split such a text in many ways tries them all: it would not end before the test's time-out."""
    read, longest = READERS[kind]
    for piece in ADVERSARIAL:
        reading = read(f"{(piece * longest)[: longest - 1]}x")
        assert (reading.value is None) == (reading.problem is not None)
