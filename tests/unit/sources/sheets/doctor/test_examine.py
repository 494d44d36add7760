"""What the doctor understood of a tracker, as facts."""

from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from rekap.sources.sheets.doctor import examine
from rekap.sources.sheets.doctor.report import Column, Report, TabReport
from rekap.sources.sheets.reader import read_spreadsheet
from tests.unit.sources.sheets.doctor import messy
from tests.unit.sources.sheets.drawing import sheet, spreadsheet

KNOWN = ["Kopi Senja BSD 2", "KOPI SENJA BSD II", "Kopi Senja Kemang"]


def report(resource: dict[str, Any] | None = None, names: list[str] = KNOWN) -> Report:
    return examine(resource or messy.tracker(), slug="kopi-senja", as_of=messy.AS_OF, outlet_names=names)


def tab(title: str, **told: Any) -> TabReport:
    return next(tab for tab in report(**told).tabs if tab.title == title)


def column(letter: str, of: TabReport) -> Column:
    return next(column for column in of.columns if column.letter == letter)


def test_it_counts_what_the_reader_reads() -> None:
    read = read_spreadsheet(messy.tracker(), client="kopi-senja", as_of=messy.AS_OF, outlet_names=KNOWN)
    counted = [(tab.title, len(tab.rows), len(tab.refused), tab.skipped.total(), tab.month) for tab in report().tabs]
    assert counted == [
        (told["tab"], len(told["rows"]), len(told["rejected"]), len(told["skipped"]), told["month"])
        for told in read["tabs"]
    ]


def test_a_column_shows_its_heading_its_meaning_and_three_different_cells_with_their_rows() -> None:
    days = column("B", tab("AGT 26"))
    assert (days.heading, days.meaning) == ("Tgl Kunjungan", "service_date")
    assert [example.written for example in days.examples] == ["04/08/2026", "05/08/2026", "Jumat 7/8"]
    assert [example.row.read.service_date for example in days.examples if example.row] == [
        date(2026, 8, 4), date(2026, 8, 5), date(2026, 8, 7),
    ]  # fmt: skip


def test_a_misspelt_heading_suggests_the_known_word_that_is_nearest() -> None:
    crew = column("G", tab("AGT 26"))
    assert (crew.meaning, crew.perhaps, crew.known) == (None, "technicians", "nama teknisi")


def test_a_column_that_nobody_needs_is_not_taken_for_one_that_is_missing() -> None:
    photos = column("I", tab("AGT 26"))
    assert (photos.heading, photos.meaning, photos.perhaps) == ("Foto", None, None)


def test_without_a_heading_the_likeliest_row_is_guessed_and_its_columns_told_by_their_cells() -> None:
    july = tab("Juli 2026")
    assert (
        [found.code for found in july.problems] == ["no_header"]
        and july.heading == ()
        and july.guessed == 2
        and not july.rows
    )
    assert {found.heading: found.perhaps for found in july.columns} == {
        "Hari H": "service_date", "Tempat": "outlet", "Yang dikerjakan": "service", "Hasil": "status",
    }  # fmt: skip


def test_a_column_of_technicians_is_told_by_their_names() -> None:
    head = ["Tanggal", "Outlet", "Layanan", "Yang ke sana"]
    rows = [[date(2026, 8, day), "Kopi", "cuci", who] for day, who in ((4, "Pak Budi"), (5, "budi/andi"), (6, "Joko"))]
    resource = spreadsheet(sheet("AGT 26", [head, *rows]))
    found = examine(resource, slug=None, as_of=messy.AS_OF, crew=["Budi Santoso", "Budi", "Joko", "Andi"])
    assert column("D", found.tabs[0]).perhaps == "technicians"


def test_a_tab_that_is_not_read_says_why() -> None:
    assert {tab.title: tab.other for tab in report().tabs if tab.other} == {
        "Copy of AGT 26": "named_other", "Harga": "no_heading", "Rahasia": "hidden",
    }  # fmt: skip


def test_a_tab_with_a_heading_but_no_month_says_so() -> None:
    rows = [["Tanggal", "Outlet", "Layanan"], [date(2026, 7, 1), "A", "cuci"], [date(2026, 9, 1), "A", "cuci"]]
    assert [tab.other for tab in report(spreadsheet(sheet("Lama", rows), sheet("Kosong", []))).tabs] == [
        "no_month", "no_cells",
    ]  # fmt: skip


def test_strange_words_are_gathered_with_their_rows() -> None:
    groups = {(group.flag, group.written): group for group in tab("AGT 26").groups}
    assert groups["status_unknown", "sip mantap"].rows == (6, 16)
    assert groups["outlet_unregistered", "Kopi Senja Kemng"].near == "Kopi Senja Kemang"
    assert groups["error_cell", "#REF!"].rows == (17,)


def test_without_a_register_no_outlet_is_a_stranger() -> None:
    assert "outlet_unregistered" not in {group.flag for group in tab("AGT 26", names=[]).groups}


def test_the_span_of_the_dates_shows_a_wrong_month_at_once() -> None:
    august = tab("AGT 26")
    assert (august.first, august.last) == (date(2026, 8, 4), date(2026, 9, 2))
    assert dict(august.days) == {"2026-08": len(august.rows) - 1, "2026-09": 1}


CELLS = st.one_of(st.none(), st.text(max_size=12), st.integers(), st.booleans(), st.dates())
ROWS = st.lists(st.lists(CELLS, max_size=6), max_size=8)


@settings(deadline=None)  # the first cells compile the patterns
@given(rows=ROWS, headed=st.booleans())
def test_no_cells_make_it_fail(rows: list[list[Any]], headed: bool) -> None:
    rows = [["Tanggal", "Outlet", "Layanan", "Status"], *rows] if headed else rows
    found = report(spreadsheet(sheet("AGT 26", rows))).tabs[0]
    assert found.is_read and all(len(column.examples) <= 3 for column in found.columns)
