"""The order form: labelled lines of rich text, and free titles; no text raises, nothing is guessed."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from rekap.sources.basecamp.form import fields, plain_text, read_title, says_nothing

ENTERED = date(2026, 10, 1)
SPELLINGS = {"kopi bsd": "K-1", "kopi bsd 2": "K-2", "k bsd": "K-1"}


def test_lines_are_read_by_their_labels_whatever_their_spelling() -> None:
    text = "<div>OUTLET : Kopi&nbsp;BSD<br>Jenis Layanan: cuci: besar<br>Catatan: bawa tangga</div><p>Qty: 3</p>"
    assert fields(text) == {"outlet": "Kopi BSD", "service": "cuci: besar", "units": "3"}


def test_the_first_line_of_a_label_counts_and_attachments_say_nothing() -> None:
    text = "<div>Unit: 2<br>Unit: 5<bc-attachment sgid='x'><figcaption>Jam: 10</figcaption></bc-attachment></div>"
    assert fields(text) == {"units": "2"}
    assert plain_text(text) == "Unit: 2\nUnit: 5"


def test_a_line_that_is_still_open_says_nothing() -> None:
    assert all(says_nothing(text) for text in ("menyusul", "?", "-", " TBA. ", ""))
    assert not says_nothing("Kopi BSD")


def test_a_title_gives_outlet_day_and_rest() -> None:
    title = read_title("[K] Cuci AC 3 unit K BSD tgl 12 Okt 2026", SPELLINGS, ENTERED)
    assert (title.day, title.outlet, title.problem) == (date(2026, 10, 12), "K-1", None)
    assert "cuci ac 3 unit" in title.rest and "bsd" not in title.rest


def test_the_longest_spelling_is_the_outlet() -> None:
    assert read_title("Kopi BSD 2 - cuci", SPELLINGS, ENTERED).outlet == "K-2"


@given(st.text(max_size=300))
def test_no_title_raises(title: str) -> None:
    read = read_title(title, SPELLINGS, ENTERED)
    assert read.outlet is None or read.problem is None


@given(st.text(max_size=400) | st.text(alphabet="<>/divbr:Outlet Unit&;#\n", max_size=200))
def test_no_description_raises(html: str) -> None:
    assert all(isinstance(value, str) for value in fields(html).values())
