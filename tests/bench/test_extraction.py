"""The benchmark's harness at a tiny size: what is asked for and how it is told, never how long it takes."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from bench.account import Account
from bench.extraction import CASES, REKAP, TEXTBOOK, Extraction, Measurement
from bench.ground import Size
from bench.picture import draw
from local.postgres import Server

SIZE = Size(5, 100)
TICKS = [CASES[0], CASES[1], CASES[4]]


@pytest.fixture(scope="module")
def measured(postgres: Server, tmp_path_factory: pytest.TempPathFactory) -> Sequence[Measurement]:
    folder = tmp_path_factory.mktemp("bench")
    return Extraction(folder, contenders=(REKAP, TEXTBOOK), cases=TICKS, server=postgres).run([SIZE])


def one(measured: Sequence[Measurement], contender: str, source: str, case: str) -> Measurement:
    return next(m for m in measured if (m.contender, m.source, m.case) == (contender, source, case))


def test_a_quiet_tick_of_rekap_asks_six_pages_of_basecamp_and_one_of_drive(measured: Sequence[Measurement]) -> None:
    assert one(measured, "Rekap", "basecamp", "quiet tick").requests <= 6
    trackers = one(measured, "Rekap", "sheets", "quiet tick")
    assert trackers.requests == 0
    assert trackers.routes["drive GET /drive/v3/files"] == 1


def test_rekap_reads_a_changed_tracker_with_one_or_two_reads(measured: Sequence[Measurement]) -> None:
    assert one(measured, "Rekap", "sheets", "one tracker").requests in (1, 2)
    assert one(measured, "Rekap", "sheets", "100 % changed").requests <= 2 * SIZE.trackers


def test_the_textbook_ways_ask_for_everything_at_every_tick(measured: Sequence[Measurement]) -> None:
    for source in ("basecamp", "sheets"):
        first, quiet = (one(measured, "textbook", source, case) for case in ("first load", "quiet tick"))
        assert quiet.routes == first.routes
        assert one(measured, "textbook", source, "100 % changed").same_as == "quiet tick"


def test_opening_a_spreadsheet_for_each_tab_costs_three_reads_a_tab(measured: Sequence[Measurement]) -> None:
    by_tab = one(measured, "textbook, opened for each tab", "sheets", "one tracker")
    assert by_tab.requests == 3 * by_tab.counts["tabs"]


def test_rekap_finds_the_to_dos_outside_any_list_that_walking_the_lists_misses(measured: Sequence[Measurement]) -> None:
    rekap, textbook = (one(measured, name, "basecamp", "first load") for name in ("Rekap", "textbook"))
    assert rekap.counts["todos"] > textbook.counts["todos"] > 100


def test_the_page_and_the_picture_show_every_tick(measured: Sequence[Measurement], tmp_path: Path) -> None:
    text = Account(measured, {"processor": "any"}, 7, "2026-10-06", "picture.svg").text()
    picture = draw(measured, SIZE)
    for tick in TICKS:
        assert f"| {tick.name}" in text
        assert tick.name in picture
