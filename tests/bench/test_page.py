from pathlib import Path

from bench.page import table, write


def test_a_part_is_written_in_its_place_and_leaves_the_others_alone(tmp_path: Path) -> None:
    page = tmp_path / "benchmarks.md"
    write(page, "one", "old text")
    write(page, "two", "another text")
    write(page, "one", "new text")
    text = page.read_text()
    assert text.startswith("# Benchmarks")
    assert text.index("new text") < text.index("another text")
    assert "old text" not in text


def test_a_table_can_be_read_in_a_terminal() -> None:
    assert table(["tick", "n"], [["quiet", "6"]]).splitlines() == ["| tick  |  n |", "| ----- | -: |", "| quiet |  6 |"]
