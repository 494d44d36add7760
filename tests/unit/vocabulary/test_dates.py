"""Dates: every rule of the tracker contract by an example, and what no text may ever do."""

from datetime import date, timedelta

import pytest
from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as st

from rekap.vocabulary.dates import from_serial, read_date

AS_OF = date(2026, 8, 31)
TAB = "2026-08"
SEVENTH = date(2026, 8, 7)


@pytest.mark.parametrize(
    "text",
    [
        "7/8/26",
        "07-08-2026",
        "7.8.2026",
        "7 Agt",
        "Jumat 7/8",
        "tgl 7",
        "2026-08-07",
        "46241",
        "12",
        "７／８／２６",
        "Jum'at, 7 Agustus 2026 jam 10.00-12.00",
        "7 AGT'26",
        "7-Agt-26",
        "7Agt26",
        "Agustus 7, 2026",
        "Aug 7",
        "7 Aug 2026 14.30",
        "2026-08-07T10:00:00",
        "07 08 2026",
        "7\u00a0Agustus\u00a02026",
        "7.Ags.2026",
        "7-8",
    ],
)
def test_one_day_is_read_day_first(text: str) -> None:
    expected = date(2026, 8, 12) if text == "12" else SEVENTH
    assert read_date(text, reference=AS_OF, tab_month=TAB).value == (expected, None)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("7-8 Agustus", (8, 7), (8, 8)),
        ("7 s/d 8 Agt", (8, 7), (8, 8)),
        ("7&8/8", (8, 7), (8, 8)),
        ("7,8,9 Agt", (8, 7), (8, 9)),
        ("30 Juli - 2 Agustus 2026", (7, 30), (8, 2)),
        ("30/7-2/8", (7, 30), (8, 2)),
        ("12-14", (8, 12), (8, 14)),
        ("Sabtu-Minggu 8-9 Agt", (8, 8), (8, 9)),
        ("Sabtu s/d Minggu, 8 & 9 Agt", (8, 8), (8, 9)),
        ("5-7-Agt-2026", (8, 5), (8, 7)),
        ("7-8-26-9-8-26", (8, 7), (8, 9)),
        ("tgl 12-14", (8, 12), (8, 14)),
    ],
)
def test_ranges_have_an_end(text: str, first: tuple[int, int], last: tuple[int, int]) -> None:
    assert read_date(text, tab_month=TAB).value == (date(2026, *first), date(2026, *last))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("besok", "no_date"),
        ("lusa", "no_date"),
        ("minggu depan", "no_date"),
        ("Senin depan", "no_date"),
        ("TBA", "no_date"),
        ("menyusul", "no_date"),
        ("-", "no_date"),
        ("", "no_date"),
        ("akhir bulan", "no_date"),
        ("2 hari lagi", "no_date"),
        ("minggu ke-2", "no_date"),
        ("besok jam 10", "no_date"),
        ("H-1", "no_date"),
        ("8/25/26", "bad_date"),
        ("31/9", "bad_date"),
        ("29 Feb", "bad_date"),
        ("Agt 26", "bad_date"),
        ("7 & 10 Agt", "bad_date"),
        ("7/8 mundur ke 9/8", "bad_date"),
        ("sebelum 7/8", "bad_date"),
        ("#REF!", "bad_date"),
        ("1/2 PK", "bad_date"),
        ("Agustus 2026", "bad_date"),
        ("7 Agt 10", "bad_date"),
        ("x" * 500, "bad_date"),
        ("99999", "bad_date"),
        ("9 Agt - 7 Agt 2026", "bad_date"),
        ("Senin 7 Agustus 2026", "date_conflict"),
        ("5 Juni", "date_outside_tab"),
        ("3 Okt", "date_outside_tab"),
    ],
)
def test_what_is_no_date_says_why(text: str, problem: str) -> None:
    reading = read_date(text, reference=AS_OF, tab_month=TAB)
    assert (reading.value, reading.problem) == (None, problem)


def test_a_conflict_outside_the_tab_names_both() -> None:
    reading = read_date("Senin 7 Juni 2026", tab_month=TAB)
    assert (reading.problem, reading.flags) == ("date_conflict", ("date_outside_tab",))


def test_a_month_beside_the_tabs_is_kept_and_flagged() -> None:
    assert read_date("1 September", tab_month=TAB).flags == ("date_other_month",)


def test_a_missing_year_is_the_one_nearest_the_tab_or_the_reference() -> None:
    assert read_date("2 Januari", tab_month="2026-12").value == (date(2027, 1, 2), None)
    assert read_date("30 Des", reference=date(2027, 1, 5)).value == (date(2026, 12, 30), None)
    assert read_date("30 Des").problem == "bad_date"


def test_two_readings_are_refused() -> None:
    """`7-8` in July's tab: 7 August, or the 7th and 8th of July."""
    assert read_date("7-8", tab_month="2026-07").problem == "bad_date"


@pytest.mark.parametrize("text", ["tgl 7-8", "7-8 pagi", "Jumat 7 pagi", "7.8 pagi", "2026-08-07 s/d 08-09"])
def test_numbers_that_may_be_days_months_or_hours_are_refused(text: str) -> None:
    assert read_date(text, reference=AS_OF, tab_month=TAB).problem == "bad_date"


@pytest.mark.parametrize(
    "text",
    ["07-08-2026-09", "06-07-08-2026", "7-Agt-2026-9", "2026-08-07-08-09", "s/d 8 Agustus", "sampai 8/8/26",
     "7 Agustus dan", "7 Agustus 2026 s/d", "7 Agustus dst", "7/8/26 ke 9/8/26"],
)  # fmt: skip
def test_a_range_that_lacks_an_end_or_has_a_number_too_many_is_refused(text: str) -> None:
    assert read_date(text, reference=AS_OF, tab_month=TAB).problem == "bad_date"


@pytest.mark.parametrize("text", ["jadwal 2", "hari 3", "confirm 7", "the 7"])
def test_a_bare_number_beside_a_word_is_no_day(text: str) -> None:
    assert read_date(text, reference=AS_OF, tab_month=TAB).problem == "bad_date"


@pytest.mark.parametrize(
    "text", ["❌ 7 Agustus", "7/8 hold", "7/8 (ditunda)", "7/8 semula", "terakhir 7/8", "last 7 Aug", "7/8 perkiraan"]
)
def test_a_day_that_is_struck_out_held_or_of_another_visit_is_refused(text: str) -> None:
    assert read_date(text, reference=AS_OF, tab_month=TAB).problem == "bad_date"


def test_a_serial_counts_only_near_the_tab() -> None:
    assert from_serial(46241, tab_month=TAB).value == (SEVENTH, None)
    assert from_serial(40000, tab_month=TAB).problem == "bad_date"
    assert from_serial(46241).problem == "bad_date"


@given(st.text(max_size=200), st.none() | st.just(AS_OF), st.none() | st.just(TAB))
def test_no_text_raises_and_a_problem_has_no_value(text: str, reference: date | None, tab: str | None) -> None:
    reading = read_date(text, reference=reference, tab_month=tab)
    assert (reading.value is None) == (reading.problem is not None)


@given(st.text(alphabet="0123456789 /.-&,'agtusokdejmfr()s", max_size=24))
def test_no_date_like_text_raises_or_lands_far_from_its_tab(text: str) -> None:
    reading = read_date(text, reference=AS_OF, tab_month=TAB)
    if reading.value:
        assert date(2026, 7, 1) <= reading.value[0] <= date(2026, 9, 30)
        assert reading.value[1] is None or reading.value[1] > reading.value[0]


WRITERS = {
    "numeric": lambda day: f"{day.day}/{day.month}/{day:%y}",
    "padded": lambda day: f"{day:%d-%m-%Y}",
    "dots": lambda day: f"{day.day}.{day.month}.{day.year}",
    "iso": lambda day: day.isoformat(),
    "full": lambda day: format_date(day, "full", locale="id"),
    "long": lambda day: format_date(day, "long", locale="id"),
    "medium": lambda day: format_date(day, "medium", locale="id").upper(),
    "english": lambda day: format_date(day, "long", locale="en"),
    "weekday": lambda day: format_date(day, "EEE d/M/yyyy", locale="id"),
    "clock": lambda day: f"{format_date(day, 'd MMM yyyy', locale='id')} 14.30",
    "serial": lambda day: str((day - date(1899, 12, 30)).days),
}


@given(st.dates(date(2026, 1, 1), date(2027, 8, 1)), st.sampled_from(sorted(WRITERS)))
def test_what_a_writer_writes_is_read_back(day: date, writer: str) -> None:
    assert read_date(WRITERS[writer](day), reference=date(2026, 12, 1)).value == (day, None)


@given(st.dates(date(2026, 8, 1), date(2026, 8, 25)), st.integers(1, 6))
def test_what_a_writer_of_ranges_writes_is_read_back(day: date, days: int) -> None:
    last = day + timedelta(days=days)
    for text in (
        f"{day.day}-{last.day} Agustus 2026",
        f"{day.day}/8/26 s/d {last.day}/8/26",
        f"{day.day} - {last.day} Agt",
    ):
        assert read_date(text, tab_month=TAB).value == (day, last)
