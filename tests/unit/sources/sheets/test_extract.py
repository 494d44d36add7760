"""Trackers of the twin → staging: equal to the truth, quiet when nothing changed, each failing alone."""

from tests.unit.sources.sheets.conftest import Desk


def test_rows_equal_the_truth(desk: Desk) -> None:
    counts = desk.extract()
    print(counts)
    assert counts["failed"] == 0
