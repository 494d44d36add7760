"""Clock times of the tracker contract."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekap.vocabulary.times import read_time


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("14.30", "14:30", None),
        ("jam 10", "10:00", None),
        ("10.00-12.00", "10:00", "12:00"),
        ("10 pagi", "10:00", None),
        ("2 siang", "14:00", None),
        ("7 malam", "19:00", None),
        ("jam 2", "14:00", None),
        ("stlh jam 5", "17:00", None),
        ("10.00 - selesai", "10:00", None),
        ("10-12", "10:00", "12:00"),
        ("8-5", "08:00", "17:00"),
        ("1400", "14:00", None),
        ("1-3 sore", "13:00", "15:00"),
        ("9-11 pagi", "09:00", "11:00"),
        ("pkl. 10.00 WIB", "10:00", None),
        ("10.3", "10:30", None),
        ("s/d 12.00", None, "12:00"),
        ("2 PM", "14:00", None),
        ("12 siang", "12:00", None),
        ("pk 10", "10:00", None),
        ("10.00 AC 2 PK", "10:00", None),
        ("jam 2 kunjungan", "14:00", None),
        ("7 (malam)", "19:00", None),
        ("jam ½ 3", "14:30", None),
        ("jam 5-7", "17:00", "19:00"),
        ("10.00 (bawa tangga)", "10:00", None),
    ],
)
def test_times_are_read(text: str, start: str | None, end: str | None) -> None:
    expected = tuple(time.fromisoformat(at) if at else None for at in (start, end))
    assert read_time(text).value == expected


@pytest.mark.parametrize("text", ["pagi", "siang/sore", "malam"])
def test_a_part_of_the_day_alone_names_no_hour(text: str) -> None:
    reading = read_time(text)
    assert (reading.value, reading.problem) == ((None, None), None)


@pytest.mark.parametrize(
    "text", ["after office", "sblm buka", "25.00", "10.61", "20 pagi", "10.00/14.00", "10.5", "12.00-10.00", "1" * 200]
)
def test_an_unreadable_time_is_unknown(text: str) -> None:
    assert read_time(text).problem == "unknown"


@pytest.mark.parametrize(
    "text", ["2 PK", "1.50 PK", "2 hari", "hari 3", "kunjungan 2", "5 min", "1 pak", "2 dari", "0"]
)
def test_a_size_a_count_or_a_number_of_something_is_no_hour(text: str) -> None:
    assert read_time(text).problem == "unknown"


@pytest.mark.parametrize(
    "text",
    [
        "jam 10 (?)",
        "10.00 (batal)",
        "❌ 10.00",
        "jam 10 buka",
        "jam 10 kurang",
        "jam 10,11",
        "jam 10 1/2",
        "10.00 ke 13.00",
    ],
)
def test_what_stands_behind_a_time_may_change_it(text: str) -> None:
    assert read_time(text).problem == "unknown"


@pytest.mark.parametrize("text", ["", "-", "menyusul", "TBA"])
def test_no_time_is_empty(text: str) -> None:
    assert read_time(text).problem == "empty"


def test_about_is_flagged() -> None:
    assert read_time("sekitar jam 10").flags == read_time("jam 10an").flags == ("time_about",)


@given(st.times(min_value=time(7)), st.sampled_from(["%H.%M", "%H:%M", "jam %H.%M", "%H%M", "pukul %H.%M WIB"]))
def test_what_a_writer_writes_is_read_back(at: time, shape: str) -> None:
    at = at.replace(second=0, microsecond=0)
    assert read_time(at.strftime(shape)).value == (at, None)


@given(st.text(max_size=120) | st.text(alphabet="0123456789.:-jampgisore ", max_size=20))
def test_no_text_raises_and_a_range_runs_forward(text: str) -> None:
    reading = read_time(text)
    assert (reading.value is None) == (reading.problem is not None)
    if reading.value and reading.value[0] and reading.value[1]:
        assert reading.value[0] < reading.value[1]
