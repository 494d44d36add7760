"""The benchmark of the parsers: what is counted and told, never how long it takes."""

from pathlib import Path

import pytest

from bench.vocabulary import LENGTHS, Growth, Measured, Vocabulary
from tests.samples.vocabulary.lines import KINDS, Line, lines_of

LINES = {
    "date": "# TEXT\tREFERENCE\tTABMONTH\tEXPECTED\tproblem\ttrap\n"
    '7 Agt 2026\t-\t-\t{"date": "2026-08-07", "end": null}\t-\tmonth\n'
    'Jum\'at 7 Agustus 2026\t-\t-\t{"date": "2026-08-07", "end": null}\t-\tday\n'
    "\\u2067menyusul\t2026-08-31\t2026-08\tnull\tno_date\tword\n",
    "status": "# TEXT\tEXPECTED\tproblem\ttrap\nSelesai\tdone\t-\tword\n\n",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("samples")
    for kind, lines in LINES.items():
        (made / f"{kind}.tsv").write_text(lines)
    return made


@pytest.fixture(scope="module")
def measured(folder: Path) -> Vocabulary:
    made = Vocabulary(passes=1, say=lambda text: None)
    made.run(folder)
    return made


def test_lines_are_read_with_what_they_are_read_beside_and_the_right_value(folder: Path) -> None:
    first, _, last = lines_of("date", folder)
    assert (first.asked, first.expected) == (("7 Agt 2026", "-", "-"), '{"date": "2026-08-07", "end": null}')
    assert (last.asked, last.expected) == (("\u2067menyusul", "2026-08-31", "2026-08"), "null")
    assert [(line.asked, line.expected) for line in lines_of("status", folder)] == [(("Selesai",), "done")]
    assert lines_of("phone", folder) == []


def test_dateparser_reads_the_same_lines_where_it_can_answer(measured: Vocabulary) -> None:
    assert [(one.kind, one.reader, len(one.samples)) for one in measured.measured] == [
        ("date", "rekap", 3), ("date", "dateparser", 3), ("status", "rekap", 1),
    ]  # fmt: skip
    ours, theirs, _ = measured.measured
    assert (ours.answered, ours.right, ours.wrong) == (2, 3, 0)
    assert theirs.answers[0] == {"date": "2026-08-07", "end": None}


def test_right_is_the_expected_value_and_wrong_is_any_other_value() -> None:
    expected = ("done", "partial or null", "null", "null", "not cancelled")
    lines = [Line("", (text,), value, "-", "") for text, value in zip("abcde", expected, strict=True)]
    one = Measured("status", "rekap", lines, ["done", "done", None, "done", "partial"], [0.1] * 5)
    assert (one.answered, one.right, one.wrong, round(one.per_second)) == (4, 3, 2, 10)


def test_long_texts_of_every_kind_are_read_at_every_length(measured: Vocabulary) -> None:
    assert [grown.kind for grown in measured.growth] == list(KINDS)
    assert all(len(grown.seconds) == len(LENGTHS) for grown in measured.growth)
    assert Growth("date", "1-", (1.0, 2.0, 4.0)).factor == 4.0


def test_the_page_holds_parsers_slowest_texts_and_growth(measured: Vocabulary) -> None:
    text = measured.text()
    for told in (
        "date, rekap",
        "date, dateparser",
        "status, rekap",
        "slowest texts",
        "status: `Selesai`",
        "400 characters",
    ):
        assert told in text
    assert "\u2067" not in text


def test_without_sample_lines_nothing_is_measured(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="no sample lines"):
        Vocabulary(passes=1, say=lambda text: None).run(tmp_path)
