"""The reader against the tracker contract, one rule a test; the grid is drawn in the test."""

from datetime import date, datetime, time
from typing import Any

import pytest

from rekap.sources.sheets.reader import read_spreadsheet
from tests.unit.sources.sheets.drawing import Failed, Linked, Struck, sheet, spreadsheet

AS_OF = date(2026, 8, 31)
DAY = date(2026, 8, 7)
OUTLET = "Kopi Senja BSD 2"
HEAD = ["No", "Tanggal", "Jam", "Outlet", "Layanan", "Unit", "Teknisi", "Status", "No Order", "Ket"]
URL = "https://3.basecamp.com/1/buckets/2/todos/{}"


def tab(rows: list[list[Any]], title: str = "AGT 26", **look: Any) -> dict[str, Any]:
    """The first tab of a spreadsheet with these rows, as the contract prints it."""
    answer = read_spreadsheet(spreadsheet(sheet(title, rows, **look)), client="kopi-senja", as_of=AS_OF)
    found: dict[str, Any] = answer["tabs"][0]
    return found


def row(**told: Any) -> list[Any]:
    """A row under HEAD that is readable unless told otherwise."""
    names = ("number", "day", "clock", "outlet", "service", "units", "crew", "status", "ref", "note")
    values = {"day": DAY, "outlet": OUTLET, "service": "cuci AC", **told}
    return [values.get(name) for name in names]


def only(found: dict[str, Any]) -> dict[str, Any]:
    """The only readable row."""
    assert found["rejected"] == []
    [one] = found["rows"]
    assert isinstance(one, dict)
    return one


def problems(found: dict[str, Any]) -> list[str]:
    assert found["rows"] == []
    return [problem for each in found["rejected"] for problem in each["problems"]]


def reasons(found: dict[str, Any]) -> dict[int, str]:
    return {each["row"]: each["reason"] for each in found["skipped"]}


def test_a_row_is_read_whole() -> None:
    line = row(number=1, clock="jam 10", units=3, crew="Pak Budi/Andi", status="Selesai", ref=7001234)
    found = tab([["Jadwal Agustus"], [], HEAD, line])
    assert found == {
        "tab": "AGT 26",
        "kind": "month",
        "month": "2026-08",
        "header_rows": [3],
        "columns": {
            "service_date": "B", "time": "C", "outlet": "D", "service": "E", "units": "F", "status": "H",
            "technicians": "G", "order_ref": "I", "note": "J",
        },
        "rows": [
            {
                "row": 4,
                "service_date": "2026-08-07",
                "service_date_end": None,
                "time_from": "10:00",
                "time_to": None,
                "outlet": OUTLET,
                "services": [{"service": "cleaning", "units": 3}],
                "units": 3,
                "status": "done",
                "technicians": ["Budi", "Andi"],
                "order_ref": "7001234",
                "flags": [],
            }
        ],
        "rejected": [],
        "skipped": [{"row": 1, "reason": "title"}, {"row": 2, "reason": "blank"}, {"row": 3, "reason": "header"}],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("title", "month"),
    [
        ("AGT 26", "2026-08"), ("Agustus (2)", "2026-08"), ("SEPT'26", "2026-09"), ("2026-08", "2026-08"),
        ("08-2026", "2026-08"), ("Tracker Nop 2025", "2025-11"), ("des", "2026-12"), ("Januari", "2027-01"),
        ("MEI2026", "2026-05"), ("Ags", "2026-08"),
    ],
)  # fmt: skip
def test_a_months_name_in_any_spelling_makes_a_month_tab(title: str, month: str) -> None:
    assert (tab([HEAD], title)["kind"], tab([HEAD], title)["month"]) == ("month", month)


@pytest.mark.parametrize("title", ["Template", "Copy of Juli", "Catatan", "Sheet1", "Salinan dari AGT 26"])
def test_what_is_no_tracker_is_other_and_has_no_rows(title: str) -> None:
    found = tab([["catatan"], ["harga", 75000]], title)
    assert (found["kind"], found["month"]) == ("other", None)
    assert found["rows"] == found["rejected"] == found["skipped"] == []


def test_a_hidden_month_is_other() -> None:
    assert tab([HEAD, row()], hidden=True)["kind"] == "other"


def test_a_tab_without_a_month_in_its_name_has_the_month_of_most_of_its_dates() -> None:
    rows = [HEAD, row(), row(day="8 Agustus 2026"), row(day=date(2026, 7, 1))]
    assert tab(rows, "Sheet1")["month"] == "2026-08"
    assert tab([HEAD, row(), row(day=date(2026, 7, 1))], "Sheet1")["kind"] == "other"


def test_a_month_tab_without_orders_is_month() -> None:
    assert tab([["belum ada"], []], "JUL 26") | {"tab": ""} == {
        "tab": "", "kind": "month", "month": "2026-07", "header_rows": [], "columns": {}, "rows": [], "rejected": [],
        "skipped": [{"row": 1, "reason": "note"}],
    }  # fmt: skip


def test_a_heading_of_two_rows_is_found_through_its_merges() -> None:
    found = tab(
        [
            ["TRACKER"],
            ["Jadwal", None, "Lokasi", "Pekerjaan", None, "Status"],
            ["Tgl", "Jam", None, "Jenis", "Jml", None],
            [DAY, "10.00", OUTLET, "cuci", 2, "done"],
        ],
        merges=((1, 2, 0, 2), (1, 3, 2, 3), (1, 2, 3, 5), (1, 3, 5, 6)),
    )
    assert found["header_rows"] == [2, 3]
    assert found["columns"] == {
        "service_date": "A", "time": "B", "outlet": "C", "service": "D", "units": "E", "status": "F",
    }  # fmt: skip
    assert only(found)["units"] == 2


@pytest.mark.parametrize(
    "heading",
    [
        ["Tgl Service", "Lokasi", "Jenis Pekerjaan", "Qty"], ["Tgl Pengerjaan", "Cabang", "Service", "Jml"],
        ["Jadwal", "Store", "Layanan", "Unit"], ["TANGGAL", "Nama Outlet", "Keluhan", "Jumlah Unit"],
        ["Tanggal\n(DD/MM)", "Outlet :", "Pekerjaan", "Jml Unit"],
    ],
)  # fmt: skip
def test_headings_are_known_by_their_synonyms(heading: list[str]) -> None:
    found = tab([heading, [DAY, OUTLET, "cuci", 2]])
    assert found["columns"] == {"service_date": "A", "outlet": "B", "service": "C", "units": "D"}


def test_dates_of_something_else_are_not_the_day_of_service() -> None:
    found = tab([["Tgl Request", "Tgl Service", "Tgl Invoice", "Outlet", "Layanan"], [1, DAY, 2, OUTLET, "cuci"]])
    assert found["columns"]["service_date"] == "B"


def test_a_heading_further_down_is_skipped_and_may_order_the_columns_anew() -> None:
    found = tab([HEAD, row(), HEAD, row(), ["Outlet", "Tanggal", "Layanan"], [OUTLET, DAY, "cek"]])
    assert [each["row"] for each in found["rows"]] == [2, 4, 6]
    assert found["rows"][2]["services"] == [{"service": "inspection", "units": None}]
    assert reasons(found) == {1: "header", 3: "header", 5: "header"}


def test_a_merged_cell_counts_for_every_row_that_it_covers() -> None:
    found = tab([HEAD, row(), row(day=None, service="cek"), row(day=None)], merges=((1, 3, 1, 2),))
    assert [each["service_date"] for each in found["rows"]] == ["2026-08-07", "2026-08-07"]
    assert found["rejected"] == [{"row": 4, "problems": ["no_date"]}]


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        (DAY, "2026-08-07", None), (46241, "2026-08-07", None), ("7/8/26", "2026-08-07", None),
        ("7 Agt", "2026-08-07", None), ("tgl 7", "2026-08-07", None), ("Jumat 7/8", "2026-08-07", None),
        ("7-8 Agustus", "2026-08-07", "2026-08-08"), ("7 s/d 8 Agt", "2026-08-07", "2026-08-08"),
        ("7&8/8", "2026-08-07", "2026-08-08"), (date(2024, 1, 2), "2024-01-02", None),
        ("\u00a07\u00a0Agustus  2026 ", "2026-08-07", None), ("７／８／２６", "2026-08-07", None),
    ],
)  # fmt: skip
def test_dates_are_read(written: Any, first: str, last: str | None) -> None:
    found = only(tab([HEAD, row(day=written)]))
    assert (found["service_date"], found["service_date_end"]) == (first, last)


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        (None, "no_date"), ("-", "no_date"), ("TBA", "no_date"), ("menyusul", "no_date"), ("besok", "no_date"),
        ("minggu depan", "no_date"), ("32/8/26", "bad_date"), ("12 Septober", "bad_date"), (44000, "bad_date"),
        (7, "bad_date"), (True, "bad_date"), (time(10), "bad_date"), (Failed(), "bad_date"), ("#N/A", "bad_date"),
        ("Loading...", "bad_date"), ("Senin 7 Agustus 2026", "date_conflict"), ("7 Juni", "date_outside_tab"),
        ("7 Oktober 2026", "date_outside_tab"),
    ],
)  # fmt: skip
def test_a_date_that_nobody_may_guess_rejects_the_row(written: Any, problem: str) -> None:
    assert problems(tab([HEAD, row(day=written)])) == [problem]


def test_both_problems_of_a_date_are_told() -> None:
    assert problems(tab([HEAD, row(day="Senin 7 Oktober 2026")])) == ["date_conflict", "date_outside_tab"]


def test_neighbouring_months_are_kept_with_a_flag_and_real_dates_wherever_they_lie() -> None:
    assert only(tab([HEAD, row(day="30 Juli")]))["flags"] == ["date_other_month"]
    assert only(tab([HEAD, row(day=date(2024, 8, 7))]))["flags"] == ["date_far"]
    assert only(tab([HEAD, row(day="2 Januari")], "DES 26"))["service_date"] == "2027-01-02"


@pytest.mark.parametrize(
    ("written", "start", "end", "flags"),
    [
        ("14.30", "14:30", None, []), ("jam 10", "10:00", None, []), ("10.00-12.00", "10:00", "12:00", []),
        ("2 siang", "14:00", None, []), ("jam 2", "14:00", None, []), ("10.00 - selesai", "10:00", None, []),
        ("stlh jam 5", "17:00", None, []), ("pagi", None, None, []), ("-", None, None, []), (10.3, "10:30", None, []),
        (time(10, 30), "10:30", None, []), (0.4375, "10:30", None, []), ("kapan saja ya", None, None, ["time_unknown"]),
        (Failed(), None, None, ["error_cell"]),
    ],
)  # fmt: skip
def test_times_are_read(written: Any, start: str | None, end: str | None, flags: list[str]) -> None:
    found = only(tab([HEAD, row(clock=written)]))
    assert (found["time_from"], found["time_to"], found["flags"]) == (start, end, flags)


def test_the_fraction_of_a_date_time_cell_is_the_time() -> None:
    assert only(tab([HEAD, row(day=datetime(2026, 8, 7, 14, 30))]))["time_from"] == "14:30"
    assert only(tab([HEAD, row(day=datetime(2026, 8, 7, 14, 30), clock="jam 9")]))["time_from"] == "09:00"


@pytest.mark.parametrize(
    ("service", "units", "services", "total", "flags"),
    [
        ("cuci AC", 3, [("cleaning", 3)], 3, []),
        ("cuci 3, tambah freon 1", None, [("cleaning", 3), ("freon_topup", 1)], 4, []),
        ("cuci + tambah freon", 4, [("cleaning", None), ("freon_topup", None)], 4, []),
        ("cuci 2", 3, [("cleaning", 2)], 3, ["units_conflict"]),
        ("cuci", "3 unit", [("cleaning", 3)], 3, []),
        ("cuci", "semua", [("cleaning", None)], None, ["units_unknown"]),
        ("cuci semua", None, [("cleaning", None)], None, ["units_unknown"]),
        ("cuci semua", 5, [("cleaning", 5)], 5, []),
        ("cuci", 2.5, [("cleaning", None)], None, ["units_unknown"]),
        ("cuci", -1, [("cleaning", None)], None, ["units_unknown"]),
        ("cuci", date(2026, 4, 3), [("cleaning", None)], None, ["units_unknown"]),
        ("cuci", Failed("#N/A"), [("cleaning", None)], None, ["error_cell"]),
        ("cuci", None, [("cleaning", None)], None, []),
        (Failed(), 2, [], 2, ["error_cell"]),
        ("xyz", 2, [], 2, ["service_unknown"]),
    ],
)
def test_services_and_units(
    service: Any, units: Any, services: list[tuple[str, int | None]], total: int | None, flags: list[str]
) -> None:
    found = only(tab([HEAD, row(service=service, units=units)]))
    assert [(each["service"], each["units"]) for each in found["services"]] == services
    assert (found["units"], found["flags"]) == (total, flags)


def test_service_alone_is_cleaning_where_the_row_says_cleaning() -> None:
    assert only(tab([HEAD, row(service="servis")]))["services"][0]["service"] == "repair"
    assert only(tab([HEAD, row(service="servis", note="cuci semua filter")]))["services"][0]["service"] == "cleaning"


@pytest.mark.parametrize(
    ("written", "status", "flags"),
    [
        ("Selesai", "done", []), ("Selsai", "done", []), ("✅", "done", []), (True, "done", []), (False, None, []),
        (None, None, []), ("Batal", "cancelled", []), ("Selesai (kurang 1 unit)", "partial", []),
        ("belum selesai", "in_progress", []), ("hmm", None, ["status_unknown"]), (Failed(), None, ["error_cell"]),
    ],
)  # fmt: skip
def test_statuses(written: Any, status: str | None, flags: list[str]) -> None:
    found = only(tab([HEAD, row(status=written)]))
    assert (found["status"], found["flags"]) == (status, flags)


def test_a_struck_row_is_cancelled_whatever_its_status_says() -> None:
    found = only(tab([HEAD, row(outlet=Struck(OUTLET), service=Struck("cuci"), status="Selesai")]))
    assert (found["status"], found["flags"]) == ("cancelled", ["struck"])
    assert only(tab([HEAD, row(outlet=Struck(OUTLET), status="Selesai")]))["status"] == "done"


@pytest.mark.parametrize(
    ("told", "reference", "flags"),
    [
        ({"ref": 7001234}, "7001234", []), ({"ref": "7001234"}, "7001234", []), ({"ref": 123}, None, []),
        ({"ref": URL.format(7001234)}, "7001234", []), ({"note": "lihat " + URL.format(7001234)}, "7001234", []),
        ({"ref": Linked("klik", URL.format(7001234))}, "7001234", []), ({"ref": "0812345678"}, None, []),
        ({"ref": 7001234, "note": URL.format(7009999)}, "7001234", ["ref_conflict"]), ({"note": "7001234"}, None, []),
        ({"ref": 7001234, "note": URL.format(7001234)}, "7001234", []),
    ],
)  # fmt: skip
def test_references(told: dict[str, Any], reference: str | None, flags: list[str]) -> None:
    found = only(tab([HEAD, row(**told)]))
    assert (found["order_ref"], found["flags"]) == (reference, flags)


def test_a_row_without_outlet_is_kept_and_an_outlet_or_service_alone_is_rejected() -> None:
    assert only(tab([HEAD, row(outlet=None)]))["flags"] == ["outlet_missing"]
    found = tab([HEAD, row(day=None, service=None), row(day=None, outlet=None)])
    assert found["rejected"] == [{"row": 2, "problems": ["no_date"]}, {"row": 3, "problems": ["no_date"]}]


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ([1], "blank"), ([None, None, None, None, None, None, None, False], "blank"), (["------", "-----"], "blank"),
        ([None, "-"], "blank"), (["MINGGU 1"], "note"), ([None, "MINGGU 2"], "note"),
        ([None, None, None, "WEEK 3"], "note"),
        ([None, "Libur nasional"], "note"), (["Catatan: hijau = selesai"], "note"), (["AGUSTUS"], "note"),
        ([None, None, None, "TOTAL", None, 22], "total"), (["Jumlah unit", None, None, None, None, 22], "total"),
        ([None, None, None, None, None, None, None, None, None, "sudah dicek"], "note"),
    ],
)  # fmt: skip
def test_lines_that_are_no_orders_are_skipped_with_their_reason(cells: list[Any], reason: str) -> None:
    found = tab([HEAD, row(), cells, row()])
    assert len(found["rows"]) == 2
    assert reasons(found)[3] == reason


def test_an_outlet_that_begins_like_a_total_or_a_sunday_like_a_week_is_an_order() -> None:
    found = tab([HEAD, row(outlet="Total Buah Segar"), row(day="Minggu 9/8")])
    assert [each["row"] for each in found["rows"]] == [2, 3]


def test_a_row_in_the_words_of_the_heading_is_an_order_all_the_same() -> None:
    rows = [HEAD, row(), row(day=None, outlet=None, service="service", crew="Team", status="Status")]
    found = tab(rows, merges=((1, 3, 1, 2), (1, 3, 3, 4)))
    assert [each["row"] for each in found["rows"]] == [2, 3]
