"""Services and their units."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekap.vocabulary.services import codes, read_services
from rekap.vocabulary.units import read_units


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cuci AC", [("cleaning", None)]),
        ("service rutin", [("cleaning", None)]),
        ("cuci kecil", [("cleaning", None)]),
        ("Overhaul AC", [("deep_cleaning", None)]),
        ("cuci besar 2", [("deep_cleaning", 2)]),
        ("AC tidak dingin", [("repair", None)]),
        ("Perbaikan AC bocor", [("repair", None)]),
        ("servis AC", [("repair", None)]),
        ("Survey AC lt 2", [("inspection", None)]),
        ("isi freon R32", [("freon_topup", None)]),
        ("pasang baru 1 PK 2 unit", [("installation", 2)]),
        ("bongkar", [("dismantle", None)]),
        ("Bongkar pasang", [("relocation", None)]),
        ("BP 1 unit", [("relocation", 1)]),
        ("ganti kapasitor 2", [("part_replacement", 2)]),
        ("pasang PCB", [("part_replacement", None)]),
        ("cuci 3, tambah freon 1", [("cleaning", 3), ("freon_topup", 1)]),
        ("cuci 3 tambah freon 1", [("cleaning", 3), ("freon_topup", 1)]),
        ("2 cuci 1 freon", [("cleaning", 2), ("freon_topup", 1)]),
        ("3 unit cuci AC", [("cleaning", 3)]),
        ("cuci 2+1", [("cleaning", 3)]),
        ("cuci 3 split 1 cassette", [("cleaning", 4)]),
        ("Cuci AC 3 Unit (2 split + 1 kaset)", [("cleaning", 3)]),
        ("cuci ½ PK tiga unit", [("cleaning", 3)]),
        ("cuci AC 75rb/unit 3 unit", [("cleaning", 3)]),
        ("lain-lain", [("other", None)]),
    ],
)
def test_services_are_read_with_the_units_that_the_text_names(
    text: str, expected: list[tuple[str, int | None]]
) -> None:
    assert read_services(text).value == expected


def test_service_alone_is_cleaning_only_when_the_row_says_so() -> None:
    assert read_services("Service AC 2", row_text="cuci rutin bulanan").value == [("cleaning", 2)]
    assert read_services("Service AC bocor", row_text="cuci rutin").value == [("repair", None)]


def test_all_units_is_no_number() -> None:
    reading = read_services("cuci semua unit")
    assert (reading.value, reading.flags) == ([("cleaning", None)], ("units_unknown",))


@pytest.mark.parametrize(
    ("text", "problem"), [("", "empty"), ("-", "empty"), ("fogging", "unknown"), ("x" * 600, "unknown")]
)
def test_what_is_no_service_says_why(text: str, problem: str) -> None:
    assert read_services(text).problem == problem


@given(st.text(max_size=200) | st.text(alphabet="cuci acfreon 0123456789,+&/()-pk", max_size=60))
def test_no_text_raises_and_units_stay_within_reason(text: str) -> None:
    for service, units in read_services(text).value or []:
        assert service in codes()
        assert units is None or 0 < units <= 500


@given(
    st.lists(st.sampled_from(["cuci", "cuci besar", "tambah freon", "cek", "relokasi"]), min_size=1, unique=True),
    st.data(),
)
def test_a_written_list_is_read_back(phrases: list[str], data: st.DataObject) -> None:
    units = [data.draw(st.integers(1, 40)) for _ in phrases]
    text = ", ".join(f"{phrase} {number}" for phrase, number in zip(phrases, units, strict=True))
    assert [number for _, number in read_services(text).value or []] == units


@pytest.mark.parametrize(
    ("text", "value"),
    [("3", 3), ("3 unit", 3), ("3u", 3), ("tiga", 3), ("2+1", 3), ("3 split 1 cassette", 4), ("3.0", 3)],
)
def test_unit_cells_are_read(text: str, value: int) -> None:
    assert read_units(text).value == value


@pytest.mark.parametrize("text", ["semua", "all unit", "1/2", "3 PK", "2,5", "3 unit?", "9999"])
def test_a_unit_cell_that_names_no_number_is_flagged(text: str) -> None:
    reading = read_units(text)
    assert (reading.value, reading.problem, reading.flags) == (None, "unknown", ("units_unknown",))


@given(st.text(max_size=60))
def test_no_unit_cell_raises(text: str) -> None:
    reading = read_units(text)
    assert (reading.value is None) == (reading.problem is not None)


def test_words_in_angle_brackets_are_no_codes() -> None:
    assert read_services("cuci AC <b>2 unit</b>").value == [("cleaning", 2)]
    assert read_services("cuci <script>").value == [("cleaning", None)]
    assert read_services("<denied> <bare>").problem == "unknown"
