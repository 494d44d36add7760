"""What the quality pages say, and what of a source's text may stand on them."""

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekap import catalogue
from rekap.quality.registry import SUITES
from rekap.quality.report import chart
from rekap.quality.report.speaker import LONGEST, Speaker, masked, safe_link, shown_text

WIB = ZoneInfo("Asia/Jakarta")
RULES = [(suite, rule) for suite in SUITES for rule in suite.rules]


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_rule_says_what_to_do(language: str) -> None:
    texts = catalogue.entries(language)
    assert {rule.reason for _, rule in RULES if f"quality_action.{rule.reason}" not in texts} == set()


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_suite_has_a_name_and_says_what_it_counts(language: str) -> None:
    texts = catalogue.entries(language)
    keys = {f"quality_report.suite_{suite.name.replace('.', '_')}" for suite in SUITES}
    keys |= {f"quality_report.unit_{suite.name.replace('.', '_')}" for suite, rule in RULES if rule.scope != "client"}
    assert keys - set(texts) == set()


def test_a_reason_without_words_is_told_by_its_code_and_a_general_advice() -> None:
    say = Speaker("en", WIB)
    assert say.reason("never_heard_of") == "never_heard_of"
    assert say.action("never_heard_of") == catalogue.text("en", "quality_action.other")


def test_numbers_are_written_as_the_language_writes_them_and_choose_the_words() -> None:
    assert Speaker("id", WIB)("rows", count=1444) == "1.444 baris diperiksa"
    assert Speaker("en", WIB)("rows", count=1444) == "1,444 rows looked at"
    assert Speaker("en", WIB)("rows", count=1) == "1 row looked at"


@pytest.mark.parametrize("url", ["https://docs.google.com/spreadsheets/d/1/edit#gid=0&range=A17", "http://127.0.0.1/x"])
def test_an_address_of_the_web_is_a_link(url: str) -> None:
    assert safe_link(url) == url


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "JavaScript:alert(1)", " javascript:x", "data:text/html,x", "//evil", "", None, "http://["],
)
def test_any_other_address_is_no_link(url: str | None) -> None:
    assert safe_link(url) is None


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Ruko Melati 0812-3456-7890", "Ruko Melati 0812•••90"),
        ("+62 812 3456 7890 / budi", "6281•••90 / budi"),
        ("blok 12 no 3", "blok 12 no 3"),
    ],
)
def test_phones_are_masked(text: str, shown: str) -> None:
    assert masked(text) == shown


def test_what_is_invisible_or_turns_the_direction_of_reading_is_left_out() -> None:
    assert shown_text("a\u202eb\u200f\x00\n c") == "ab c"


@given(st.text(max_size=400))
def test_any_text_becomes_one_short_line(text: str) -> None:
    shown = shown_text(text)
    assert len(shown) <= LONGEST + 1
    assert not any(sign in shown for sign in "\n\r\t\x00\u202e")


def test_bars_fill_the_picture_and_stand_side_by_side() -> None:
    bars = chart.bars([(0, "good", ""), (5, "warn", ""), (10, "bad", "")])
    assert [bar.x for bar in bars] == [0, 120, 240]
    assert [bar.y + bar.height for bar in bars] == [chart.HEIGHT] * 3
    assert bars[0].height == 2 and bars[2].height == 2 * bars[1].height == chart.HEIGHT - chart.MARGIN


def test_a_line_is_broken_where_a_value_is_missing() -> None:
    line = chart.line([(100, "a"), (0, "b"), (None, "c"), (50, "d")])
    assert len(line.stretches) == 1 and len(line.dots) == 3
    assert (line.dots[0].y, line.dots[1].y, line.dots[2].y) == (3, 45, 24)
    assert chart.line([]).dots == []
