"""Addresses taken apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekap.vocabulary.addresses import Address, read_address


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Jl. Raya Serpong No. 5, Ruko Melati Blok A2 Lt. 2, RT 003/RW 002, Kel. Lengkong Gudang, Kec. Serpong,"
            " Tang-Sel 15332",
            Address(
                street="jl. raya serpong", number="5", building="ruko melati", block="A2", floor="2", rt="003",
                rw="002",                kelurahan="lengkong gudang", kecamatan="serpong", city="Tangerang Selatan",
                postal_code="15332",
            ),
        ),
        ("RT.03 RW 2", Address(rt="003", rw="002")),
        ("JLN Kemang Raya nomor 12B South Jakarta",
         Address(street="jln kemang raya", number="12B", city="Jakarta Selatan")),
        ("Mall Contoh lantai dasar, Bdg", Address(building="mall contoh", floor="GF", city="Bandung")),
        ("Perum. Indah Blok C-12 Kab. Tangerang",
         Address(building="perum. indah", block="C-12", city="Kabupaten Tangerang")),
        ("Gg. Melati, sblh masjid", Address(street="gg. melati", landmark="sblh masjid")),
        ("https://maps.app.goo.gl/aBc1 (dkt stasiun)",
         Address(map_link="https://maps.app.goo.gl/aBc1", landmark="dkt stasiun")),
        ("Kav. 12\nKota Depok", Address(block="12", city="Depok")),
    ],
)  # fmt: skip
def test_parts_are_found_in_any_spelling(text: str, expected: Address) -> None:
    assert read_address(text).value == expected


@pytest.mark.parametrize(
    ("text", "problem"),
    [("", "empty"), ("-", "empty"), ("halo", "unknown"), ("Jl. A no 1, Jl. B no 2", "unknown"), ("x" * 501, "unknown")],
)
def test_nothing_is_guessed(text: str, problem: str) -> None:
    assert read_address(text).problem == problem


def test_an_unknown_city_is_flagged() -> None:
    assert read_address("No. 3, Kota Antah").flags == ("city_unknown",)


@given(
    st.integers(1, 999), st.sampled_from(["A2", "C", "B-12"]), st.integers(1, 9), st.integers(1, 20),
    st.integers(1, 20), st.integers(10_000, 99_999), st.sampled_from(["Blok", "Blk.", "blok"]),
)  # fmt: skip
def test_what_a_writer_writes_is_read_back(
    number: int, block: str, floor: int, rt: int, rw: int, code: int, label: str
) -> None:
    text = f"Jl. Mawar No. {number}, {label} {block}, Lt {floor}, RT {rt:03}/RW {rw}, Jaksel {code}"
    address = read_address(text).value
    assert address == Address(
        street="jl. mawar", number=str(number), block=block, floor=str(floor), rt=f"{rt:03}", rw=f"{rw:03}",
        city="Jakarta Selatan", postal_code=str(code),
    )  # fmt: skip


@given(st.text(max_size=200) | st.text(alphabet="jlnrtwblok. 0123/,()kel", max_size=120))
def test_no_text_raises(text: str) -> None:
    reading = read_address(text)
    assert (reading.value is None) == (reading.problem is not None)
