"""Suggestions by edit distance."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekap.sources.sheets.doctor.nearness import distance, nearest, nearest_name

WORDS = ["teknisi", "tanggal service", "outlet", "tim"]


@pytest.mark.parametrize(
    ("written", "word"),
    [
        ("tehnisi", "teknisi"),
        ("tekinsi", "teknisi"),
        ("outlit", "outlet"),
        ("tangal servise", "tanggal service"),
        ("jim", None),  # short words have too many neighbours
        ("petugas lapangan", None),
        ("", None),
    ],
)
def test_only_a_slip_of_the_pen_is_near(written: str, word: str | None) -> None:
    assert nearest(written, WORDS) == word


def test_numbers_tell_outlets_apart_however_near_they_look() -> None:
    assert nearest("kopi senja bsd 1", ["kopi senja bsd 2"]) is None
    assert nearest("kopi senj bsd 2", ["kopi senja bsd 2"]) == "kopi senja bsd 2"


@pytest.mark.parametrize(
    ("written", "known", "is_near"),
    [
        ("kopi senja kemng", "kopi senja kemang", True),
        ("kopi senja pondokindah", "kopi senja pondok indah", True),
        ("bakso gerimis pasar senen", "bakso gerimis pasar minggu", False),  # they share the brand and "pasar"
        ("bakso gerimis ruko melati", "bakso gerimis ruko mawar", False),
        ("bakso gerimis blok m", "bakso gerimis blok a", False),
        ("kopi senja bekasi timur", "kopi senja bekasi barat", False),
        ("kopi senja tebet", "kopi senja tebet", False),
    ],
)
def test_names_are_near_by_the_words_in_which_they_differ(written: str, known: str, is_near: bool) -> None:
    assert nearest_name(written, [known]) == (known if is_near else None)


@given(st.text(max_size=9), st.text(max_size=9))
def test_distance_is_the_same_both_ways_and_zero_for_equal_texts(left: str, right: str) -> None:
    assert distance(left, right, 99) == distance(right, left, 99)
    assert (distance(left, right, 99) == 0) == (left == right)
