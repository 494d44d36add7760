from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from rekap.documentation import names


def test_the_folder_of_an_order_is_named_by_date_outlet_service_and_order() -> None:
    name = names.order_folder(
        date(2026, 9, 7), "Kopi Senja BSD 2", [{"service": "cleaning", "units": 3}], "id", 7001234
    )
    assert name.startswith("2026-09-07 Kopi Senja BSD 2 - ")
    assert name.endswith(" (7001234)")


def test_a_posted_name_keeps_its_stem_and_gets_the_extension_of_its_bytes() -> None:
    assert names.file_name("IMG_0001.JPG", "jpg") == "IMG_0001.jpg"
    assert names.file_name("chicago_5", "jpg") == "chicago_5.jpg"
    assert names.file_name("../../etc/passwd", "png") == "-..-etc-passwd.png"


@given(st.text())
def test_no_text_becomes_a_path_or_an_empty_name(text: str) -> None:
    name = names.safe(text)
    assert name and len(name) <= names.MOST_CHARACTERS
    assert not set(name) & set('\\/:*?"<>|\n\r\t\0')
    assert name not in (".", "..")
