"""Where headings and tables stand in a tab: two rows, far down, anew, beside one another."""

from datetime import date, datetime, time
from typing import Any

import pytest

from rekap.sources.sheets.reader import read_spreadsheet
from rekap.sources.sheets.tabs import is_other, month_of_title
from tests.unit.sources.sheets.drawing import Failed, Struck, sheet, spreadsheet
from tests.unit.sources.sheets.test_reader import AS_OF, DAY, HEAD, OUTLET, only, problems, reasons, row, tab

PLAIN = ["Tanggal", "Outlet", "Layanan", "Status"]
ORDER = [DAY, OUTLET, "cuci", "done"]
BOTH = {"service_date": "A", "time": "B", "outlet": "C", "service": "D", "units": "E", "status": "F"}
WHOLE = [DAY, "10.00", OUTLET, "cuci", 2, "done"]


@pytest.mark.parametrize(
    ("above", "below"),
    [
        (["Tanggal", "Jam", "Outlet", "Pekerjaan", None, "Status"], [None, None, None, "Jenis", "Jumlah"]),
        (["Jadwal", "Jadwal", "Lokasi", "Pekerjaan", "Pekerjaan", "Status"], ["Tgl", "Jam", None, "Jenis", "Jml"]),
        (["Jadwal", None, "Lokasi", "Pekerjaan", None, "Status"], ["Tgl", "Jam", None, "Jenis", "Jml"]),
        (["Data Jadwal", None, "Data Outlet", "Data AC", None, "Status"], ["Tgl", "Jam", "Nama", "Pekerjaan", "Jml"]),
    ],
)
def test_a_heading_of_two_rows_needs_no_merges(above: list[Any], below: list[Any]) -> None:
    found = tab([above, below, WHOLE])
    assert (found["header_rows"], found["columns"]) == ([1, 2], BOTH)
    assert only(found)["units"] == 2


def test_the_first_order_is_no_second_row_of_the_heading() -> None:
    found = tab([PLAIN, [None, None, "service", "Selesai"], ORDER])
    assert found["header_rows"] == [1]
    assert [each["row"] for each in found["rejected"]] == [2]


def test_a_heading_of_two_rows_may_stand_anew_with_its_columns_in_another_order() -> None:
    again = [["Lokasi", "Jadwal", None, "Pekerjaan", None], [None, "Tgl", "Jam", "Jenis", "Jml"]]
    found = tab(
        [
            ["Jadwal", None, "Lokasi", "Pekerjaan", None],
            ["Tgl", "Jam", None, "Jenis", "Jml"],
            WHOLE[:5],
            *again,
            [OUTLET, DAY, "11.00", "cek", 1],
        ],
        merges=((0, 1, 0, 2), (0, 2, 2, 3), (0, 1, 3, 5), (3, 4, 1, 3), (3, 5, 0, 1), (3, 4, 3, 5)),
    )
    assert [(each["row"], each["time_from"], each["outlet"]) for each in found["rows"]] == [
        (3, "10:00", OUTLET), (6, "11:00", OUTLET),
    ]  # fmt: skip
    assert reasons(found) == {1: "header", 2: "header", 4: "header", 5: "header"}


def test_a_heading_that_stands_anew_in_part_keeps_the_columns_that_it_leaves_out() -> None:
    found = tab([HEAD, ["No", "Tanggal", None, "Outlet", "Layanan"], row(units=3, status="Selesai")])
    assert (only(found)["units"], only(found)["status"]) == (3, "done")


def test_a_heading_is_found_far_down_and_below_words_that_look_like_one() -> None:
    above = [["Outlet", "Semua", "Tanggal", "31 Agustus 2026"], ["Outlet", "Jumlah Unit", "Status"], [OUTLET, 12, "ok"]]
    found = tab([*above, *([f"baris {number}"] for number in range(90)), PLAIN, ORDER])
    assert found["header_rows"] == [94]
    assert [each["row"] for each in found["rows"]] == [95]
    assert set(reasons(found).values()) == {"title", "header"}


def test_a_row_below_the_heading_that_numbers_or_explains_the_columns_is_heading_too() -> None:
    assert reasons(tab([["No", *PLAIN], [1, 2, 3, 4, 5], [1, *ORDER]]))[2] == "header"
    assert reasons(tab([PLAIN, ["(dd/mm)", "(nama)", "(cuci)"], ORDER]))[2] == "header"


def test_days_may_stand_in_the_second_column_of_their_heading() -> None:
    found = tab([["Hari/Tanggal", None, "Outlet", "Layanan"], ["Jumat", "7/8/2026", OUTLET, "cuci"]])
    assert found["columns"]["service_date"] == "B"
    assert only(found)["service_date"] == "2026-08-07"


def test_a_table_of_totals_beside_the_tracker_lends_it_nothing() -> None:
    found = tab([[*PLAIN, None, "Outlet", "Jumlah"], [*ORDER, None, OUTLET, 12], [None] * 5 + ["Kopi Senja Depok", 3]])
    assert (only(found)["units"], reasons(found)) == (None, {1: "header", 3: "note"})
    left = tab([["Outlet", "Jumlah", None, *PLAIN], [OUTLET, 12, None, *ORDER], ["Kopi Senja Depok", 3]])
    assert (only(left)["units"], reasons(left)) == (None, {1: "header", 3: "note"})


def test_a_table_of_totals_below_the_tracker_holds_no_orders_and_ends_with_a_blank_row() -> None:
    totals = [["Outlet", "Jumlah Unit"], [OUTLET, 12], ["Kopi Senja Depok", 3], []]
    found = tab([PLAIN, ORDER, [], *totals, ORDER])
    assert [each["row"] for each in found["rows"]] == [2, 8]
    assert reasons(found) == {1: "header", 3: "blank", 4: "header", 5: "note", 6: "note", 7: "blank"}


def test_a_second_tracker_below_is_read_by_its_own_heading() -> None:
    found = tab([PLAIN, ORDER, [], ["Outlet", "Layanan", "Jml"], [OUTLET, "cek", 2], [], ["Tgl", "Pekerjaan", "Jml"],
                 [DAY, "cek", 2]])  # fmt: skip
    assert [(each["row"], each["flags"]) for each in found["rows"]] == [(2, []), (8, ["outlet_missing"])]
    assert found["rejected"] == [{"row": 5, "problems": ["no_date"]}]


def test_a_label_merged_over_the_columns_is_a_note_even_where_outlets_stand() -> None:
    found = tab(
        [["Outlet", "Tanggal", "Layanan", "Status"], ["JAKARTA SELATAN"], [OUTLET, DAY, "cuci"]], merges=((1, 2, 0, 4),)
    )
    assert reasons(found) == {1: "header", 2: "note"}


def test_a_label_beside_orders_makes_no_note_of_them() -> None:
    rows = [["Minggu", *PLAIN], ["MINGGU 1", "7/8", OUTLET, None], [None, "8/8", OUTLET, "cek"]]
    assert [each["row"] for each in tab(rows, merges=((1, 3, 0, 1),))["rows"]] == [2, 3]


@pytest.mark.parametrize(
    ("cells", "stands"),
    [
        ({"day": DAY, "status": "done"}, "rows"), ({"day": "7/8", "crew": "Budi"}, "rows"),
        ({"day": Failed(), "status": "done"}, "bad_date"), ({"ref": "https://3.basecamp.com/1/buckets/2/todos/7"}, "no_date"),
        ({"day": DAY}, "note"), ({"day": DAY, "note": "libur"}, "note"), ({"day": DAY, "outlet": "LIBUR NASIONAL"}, "note"),
        ({"outlet": "Senin, 3 Agustus 2026"}, "note"), ({"number": "NB: teknisi wajib seragam"}, "note"),
        ({"units": "catatan kecil"}, "note"), ({"units": 22}, "total"), ({"number": "TOTAL KUNJUNGAN", "units": 22}, "total"),
        ({"outlet": "Total Agustus", "units": 22}, "total"), ({"day": "TOTAL : 22 UNIT"}, "total"),
        ({"service": "Jumlah", "status": "15 done", "units": "22 unit"}, "total"),
    ],
)  # fmt: skip
def test_what_a_row_that_lacks_the_usual_is(cells: dict[str, Any], stands: str) -> None:
    found = tab([HEAD, row(**{"day": None, "outlet": None, "service": None, **cells})])
    if stands == "rows":
        assert only(found)["flags"] == ["outlet_missing"]
    elif stands in ("bad_date", "no_date"):
        assert problems(found) == [stands]
    else:
        assert (reasons(found)[2], found["rows"], found["rejected"]) == (stands, [], [])


@pytest.mark.parametrize(
    ("written", "start", "end"),
    [
        ("7 Agt 2026, 14.30", "14:30", None), ("7/8/26 jam 10", "10:00", None), ("7/8 10.00-12.00", "10:00", "12:00"),
        ("2026-08-07T14:30", "14:30", None), ("7.8.2026", None, None), (datetime(2026, 8, 7, 14, 30), "14:30", None),
    ],
)  # fmt: skip
def test_a_time_behind_the_day_counts_where_no_other_is_told(written: Any, start: str | None, end: str | None) -> None:
    found = only(tab([HEAD, row(day=written)]))
    assert (found["service_date"], found["time_from"], found["time_to"]) == ("2026-08-07", start, end)
    assert only(tab([HEAD, row(day=written, clock=time(9))]))["time_from"] == "09:00"


def test_an_error_in_a_struck_row_is_flagged_all_the_same() -> None:
    found = only(tab([HEAD, row(outlet=Struck(OUTLET), service=Struck("cuci"), status=Failed())]))
    assert (found["status"], found["flags"]) == ("cancelled", ["struck", "error_cell"])


def test_marks_that_nobody_sees_are_no_part_of_an_outlet() -> None:
    assert only(tab([HEAD, row(outlet=f"\u200e\u202b{OUTLET}\u202c\ufeff")]))["outlet"] == OUTLET


def test_rows_in_several_blocks_of_data_are_one_tab() -> None:
    whole = sheet("AGT 26", [PLAIN, ORDER])
    rows = whole["data"][0]["rowData"]
    whole["data"] = [{"startRow": 5, "startColumn": 1, "rowData": rows[1:]}, {"startRow": 2, "startColumn": 1, "rowData": rows[:1]}]
    [found] = read_spreadsheet(spreadsheet(whole), client="x", as_of=AS_OF)["tabs"]
    assert (found["header_rows"], found["columns"]["outlet"]) == ([3], "C")
    assert only(found)["row"] == 6


@pytest.mark.parametrize(
    ("month", "titles"),
    [
        ("2026-08", ["Agustsu 26", "25-31 Agt", "Agt 25-31", "Minggu 1 Agt 26", "08-26", "202608", "2026_08", "Agst"]),
        ("2026-02", ["Februai 26", "Pebruari"]), ("2025-12", ["DES 25"]), (None, ["Market", "12/08", "Jan-Feb 26"]),
    ],
)  # fmt: skip
def test_the_month_of_a_tabs_name(month: str | None, titles: list[str]) -> None:
    as_of = date(2026, 4, 30) if month == "2026-02" else AS_OF
    assert {title: month_of_title(title, as_of) for title in titles} == dict.fromkeys(titles, month)


def test_a_word_of_templates_counts_only_at_the_ends_of_a_tabs_name() -> None:
    assert is_other("AGT 26 - Copy", False)
    assert is_other("AGT 2026 (copy 2)", False)
    assert not is_other("Kopi Contoh AGT 26", False)
