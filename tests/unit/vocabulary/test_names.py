"""Names of outlets and people, phones, the folded form, and the command."""

import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekap.vocabulary import lexicon
from rekap.vocabulary.__main__ import main
from rekap.vocabulary.folding import fold
from rekap.vocabulary.outlets import normalise
from rekap.vocabulary.phones import read_phone
from rekap.vocabulary.technicians import name_key, read_technicians


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Pak Budi", ["Budi"]),
        ("Budi / Andi", ["Budi", "Andi"]),
        ("Budi & Andi", ["Budi", "Andi"]),
        ("Tim 2", ["Tim 2"]),
        ("Budi, Andi dan Joko", ["Budi", "Andi", "Joko"]),
        ("Bpk. Budi S", ["Budi S"]),
        ("Budi, budi", ["Budi"]),
    ],
)
def test_technicians_are_split_and_lose_their_titles(text: str, names: list[str]) -> None:
    assert read_technicians(text).value == names


@pytest.mark.parametrize(
    ("text", "problem"), [("", "empty"), ("-", "empty"), ("belum ada", "empty"), ("2 orang", "unknown")]
)
def test_nobody_is_named(text: str, problem: str) -> None:
    assert read_technicians(text).problem == problem


def test_a_name_is_compared_without_title_and_case() -> None:
    assert name_key("Pak  BUDI Santoso") == name_key("budi santoso.")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kopi Senja BSD 2", "KOPI SENJA (BSD2)"),
        ("Kopi\u00a0Senja", "kopi  senja"),
        ("Jl. Raya No. 5", "Jalan Raya Nomor 05"),
        ("Ruko Melati Blk. A-1", "Rukan Melati Blok A1"),
        ("Roti & Kopi", "roti dan kopi"),
        ("Ｋｏｐｉ", "kopi"),
    ],
)
def test_spellings_of_one_outlet_meet(one: str, other: str) -> None:
    assert normalise(one) == normalise(other) != ""


def test_different_outlets_stay_apart() -> None:
    assert normalise("Kopi Senja BSD 2") != normalise("Kopi Senja BSD")


@given(st.text(max_size=100))
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(st.text(max_size=100))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    "text",
    [
        "0812-3456-7890",
        "+62 812 3456 7890",
        "6281234567890",
        "81234567890",
        "+62 (0)812 3456 7890",
        "0812.3456.7890",
        "Bu Sari 0812-3456-7890",
        "0812-3456-7890 (Bu Sari)",
    ],
)
def test_phones_are_read(text: str) -> None:
    assert read_phone(text).value == ["+6281234567890"]


def test_two_phones_in_one_cell() -> None:
    assert read_phone("0812 3456 7890 / 0856 1234 5678").value == ["+6281234567890", "+6285612345678"]


@pytest.mark.parametrize("text", ["08123456789O", "1500-123", "halo", "0812"])
def test_a_doubtful_phone_is_unknown(text: str) -> None:
    assert read_phone(text).problem == "unknown"


@given(st.text(max_size=80) | st.text(alphabet="0123456789+()- /O", max_size=40))
def test_no_text_raises(text: str) -> None:
    for read in (read_phone, read_technicians):
        reading = read(text)
        assert (reading.value is None) == (reading.problem is not None)


def test_the_word_lists_hold_texts_only() -> None:
    """YAML reads an unquoted `no` as False: such a word would never be found."""

    def spoilt(value: object) -> list[object]:
        if isinstance(value, dict):
            return [found for inner in value.values() for found in spoilt(inner)]
        if isinstance(value, list):
            return [found for inner in value for found in spoilt(inner)]
        return [value] if isinstance(value, bool) or value is None else []

    # The days of holidays.yaml are no words.
    files = sorted(path for path in Path(lexicon.DIRECTORY).glob("*.yaml") if path.stem != "holidays")
    assert files
    assert {path.name: spoilt(lexicon.read(path.stem)) for path in files} == {path.name: [] for path in files}


def test_the_command_prints_one_object_a_line() -> None:
    out = io.StringIO()
    assert main(["date"], io.StringIO("7 Agt\t2026-08-31\t2026-08\nbesok\n"), out) == 0
    first, second = map(json.loads, out.getvalue().splitlines())
    assert first == {"input": "7 Agt", "value": {"date": "2026-08-07", "end": None}, "problem": None, "flags": []}
    assert (second["value"], second["problem"]) == (None, "no_date")


def test_the_command_refuses_a_wrong_reference_and_an_unknown_kind() -> None:
    assert main(["date"], io.StringIO("7 Agt\t31-08-2026\n"), io.StringIO()) == 1
    assert main(["weather"], io.StringIO(""), io.StringIO()) == 2
