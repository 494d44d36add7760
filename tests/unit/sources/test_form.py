"""The order form and rich text: labelled lines in every shape that people use; no text raises."""

from hypothesis import given, settings
from hypothesis import strategies as st

from rekap.sources.basecamp.form import read_form, says_nothing
from rekap.sources.basecamp.rich_text import plain_text


def told(html: str) -> dict[str, str]:
    return dict(read_form(plain_text(html)).told)


def test_lines_are_read_by_their_labels_whatever_their_spelling() -> None:
    text = "<div>OUTLET : Kopi&nbsp;BSD<br>Jenis Layanan: cuci: besar<br>Catatan: bawa tangga</div><p>Qty: 3</p>"
    assert told(text) == {"outlet": "Kopi BSD", "service": "cuci: besar", "units": "3"}


def test_a_label_that_is_told_twice_and_not_alike_is_several() -> None:
    form = read_form("Unit: 2\nUnit: 5\nJam: 10\nJam: 10")
    assert (form.several, form.told["time"]) == ({"units"}, "10")


def test_attachments_and_what_is_struck_through_say_nothing() -> None:
    text = "<div>Unit: <s>5</s> 2<bc-attachment sgid='x'><figcaption>Jam: 10</figcaption></bc-attachment></div>"
    assert told(text) == {"units": "2"}


def test_a_quoted_message_counts_only_where_nothing_else_is_written() -> None:
    quoted = "<blockquote>Outlet: Kopi BSD</blockquote>"
    assert told(quoted) == {"outlet": "Kopi BSD"}
    assert told(f"<div>Unit: 3</div>{quoted}") == {"units": "3"}
    assert told("<div>Unit: 3<br>&gt; Outlet: Kopi BSD<br>Pada Sen, 3 Agu 2026 Sari menulis:<br>Jam: 9</div>") == {
        "units": "3"
    }


def test_a_line_that_is_still_open_says_nothing() -> None:
    assert all(says_nothing(text) for text in ("menyusul", "?", "-", " TBA. ", ""))
    assert not says_nothing("Kopi BSD")


@settings(deadline=None)
@given(st.text(max_size=400) | st.text(alphabet="<>/divbrtsOutletUnit:=-|&;#\n\t ", max_size=200))
def test_no_description_raises(html: str) -> None:
    form = read_form(plain_text(html))
    assert all(isinstance(value, str) for value in form.told.values())
    assert form.several <= form.told.keys()
