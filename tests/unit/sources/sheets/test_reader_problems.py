"""What concerns a tab as a whole is told with its place, and the rows that can be read are read all the same."""

import json
from pathlib import Path
from typing import Any

import pytest

from rekap.sources.sheets.__main__ import main
from rekap.sources.sheets.cells import MOST_COLUMNS, MOST_ROWS
from rekap.sources.sheets.problems import SENTENCES
from rekap.sources.sheets.reader import Tab, read_tabs
from tests.unit.sources.sheets.drawing import sheet, spreadsheet
from tests.unit.sources.sheets.test_reader import AS_OF, DAY, HEAD, OUTLET, row

PLAIN = ["Tanggal", "Outlet", "Layanan"]
ORDER = [DAY, OUTLET, "cuci"]


def read(rows: list[list[Any]], title: str = "AGT 26", **look: Any) -> Tab:
    [tab] = read_tabs(spreadsheet(sheet(title, rows, **look)), as_of=AS_OF)
    return tab


def told(tab: Tab) -> list[tuple[str, str | None]]:
    return [(problem.code, problem.cell) for problem in tab.problems]


def rows_of(tab: Tab) -> list[int]:
    return [each.row for each in tab.lines.rows]


def test_an_ordinary_tab_has_none() -> None:
    assert told(read([HEAD, row()])) == told(read([], "JUL 26")) == told(read([["catatan"]], "Sheet1")) == []


def test_a_month_without_a_heading() -> None:
    tab = read([["JADWAL"], ORDER])
    assert told(tab) == [("no_header", None)]
    assert [(line.row, line.reason) for line in tab.lines.skipped] == [(1, "note"), (2, "note")]


def test_a_heading_in_another_script_is_none() -> None:
    assert told(read([["التاريخ", "الفرع", "الخدمة"], ["٧/٨/٢٠٢٦", "فرع", "تنظيف"]])) == [("no_header", None)]


def test_a_tracker_without_a_month() -> None:
    apart = [PLAIN, ORDER, [DAY.replace(month=7), OUTLET, "cek"]]
    assert told(read(apart, "Data")) == [("no_month", "A1")]
    assert told(read([PLAIN], "Data")) == []


def test_two_trackers_side_by_side() -> None:
    tab = read([[*PLAIN, None, *PLAIN], [*ORDER, None, *ORDER], [None] * 4 + ORDER, ORDER])
    assert told(tab) == [("two_tables", "E1")]
    assert [(each.row, each.read.flags) for each in tab.lines.rows] == [(2, ["two_tables"]), (4, [])]
    assert [(each.row, each.problems) for each in tab.lines.rejected] == [(3, ("no_date", "two_tables"))]


def test_formulas_without_values() -> None:
    drawn = sheet("AGT 26", [PLAIN, ORDER, ORDER])
    for line in drawn["data"][0]["rowData"][1:]:
        line["values"] = [{"userEnteredValue": {"formulaValue": "=Data!A1"}} for _ in PLAIN]
    [tab] = read_tabs(spreadsheet(drawn), as_of=AS_OF)
    assert told(tab) == [("not_calculated", "A2")]
    assert [(each.row, each.problems, each.read.flags) for each in tab.lines.rejected] == [
        (2, ("bad_date",), ["error_cell", "outlet_missing"]), (3, ("bad_date",), ["error_cell", "outlet_missing"]),
    ]  # fmt: skip


def test_a_picture_is_a_formula_that_gives_no_value() -> None:
    drawn = sheet("AGT 26", [["Logo"], PLAIN, ORDER])
    drawn["data"][0]["rowData"][0]["values"] = [{"userEnteredValue": {"formulaValue": '=IMAGE("https://x/y.png")'}}]
    [tab] = read_tabs(spreadsheet(drawn), as_of=AS_OF)
    assert (told(tab), rows_of(tab)) == ([], [3])
    assert tab.lines.skipped[0].reason == "blank"


def test_values_beyond_the_columns_that_are_read() -> None:
    tab = read([PLAIN, ORDER, [None] * 18_000 + ["x"]])
    assert told(tab) == [("too_wide", "ZPI3")]
    assert (rows_of(tab), [line.reason for line in tab.lines.skipped]) == ([2], ["header", "note"])
    assert told(read([PLAIN, [*ORDER, *[None] * MOST_COLUMNS]])) == []


def test_values_below_the_rows_that_are_read() -> None:
    drawn = sheet("AGT 26", [PLAIN, ORDER])
    far = {"startRow": MOST_ROWS, "rowData": sheet("", [ORDER])["data"][0]["rowData"]}
    drawn["data"].append(far)
    [tab] = read_tabs(spreadsheet(drawn), as_of=AS_OF)
    assert (told(tab), rows_of(tab)) == ([("too_long", f"A{MOST_ROWS + 1}")], [2])


@pytest.mark.parametrize("name", ["day", "clock", "outlet", "service", "units", "crew", "status", "ref", "note"])
@pytest.mark.parametrize("text", ["x", "http://a/ ", "1/2 ", "( ", "cuci ", "&"])
def test_a_cell_of_50000_characters(name: str, text: str) -> None:
    tab = read([HEAD, row(**{name: (text * 50_000)[:50_000]}), row()])
    names = ("day", "clock", "outlet", "service", "units", "crew", "status", "ref", "note")
    assert told(tab) == [("cell_too_long", f"{'BCDEFGHIJ'[names.index(name)]}2")]
    [last] = [each for each in tab.lines.rows if each.row == 3]
    assert last.read.outlet == OUTLET
    if name == "day":
        assert [each.problems for each in tab.lines.rejected] == [("bad_date",)]
    if name == "outlet":
        assert tab.lines.rows[0].read.flags == ["cell_too_long", "outlet_missing"]


def test_the_command_tells_each_in_one_line_and_prints_the_contract_as_ever(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "grid.json"
    drawn = spreadsheet(sheet("AGT 26", [["x"]]), sheet("SEP 26", [[*PLAIN, None, *PLAIN], ORDER], sheet_id=2))
    file.write_text(json.dumps(drawn))
    assert main(["read", str(file), "--client", "kopi-senja", "--as-of", "2026-08-31"]) == 0
    out, err = capsys.readouterr()
    assert err.splitlines()[1:] == [
        f"{file}: tab 'AGT 26': {SENTENCES['no_header']}.",
        f"{file}: tab 'SEP 26', cell E1: {SENTENCES['two_tables']}.",
    ]
    assert set(json.loads(out)["tabs"][0]) == {
        "tab", "kind", "month", "header_rows", "columns", "rows", "rejected", "skipped",
    }  # fmt: skip
