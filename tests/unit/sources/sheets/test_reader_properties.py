"""Whatever stands in a grid: the reader answers, and every row stands in exactly one list."""

from datetime import date, datetime, time
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from rekap.sources.sheets.cells import cell_of, grid_of
from rekap.sources.sheets.reader import read_spreadsheet, read_tabs
from tests.unit.sources.sheets.drawing import Failed, Linked, Struck, cell, sheet, spreadsheet
from tests.unit.sources.sheets.test_reader import HEAD, OUTLET

PLAIN = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**9), 10**12),
    st.floats(allow_nan=False, allow_infinity=False),
    st.dates(date(1900, 1, 2), date(2200, 1, 1)),
    st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)),
    st.times(),
    st.text(max_size=30),
    st.sampled_from(
        [*HEAD, OUTLET, "TOTAL", "MINGGU 1", "7 Agt", "besok", "cuci 3", "semua", "#REF!", "-----", "jam 10", "Selesai"]
    ),
    st.builds(Failed),
    st.builds(Linked, st.text(max_size=9), st.sampled_from(["https://3.basecamp.com/1/buckets/2/todos/9", "mailto:x"])),
)
CELLS = PLAIN | st.builds(Struck, PLAIN)
ROWS = st.lists(st.lists(CELLS, max_size=11) | st.just(HEAD), max_size=14)
MERGES = st.lists(
    st.tuples(st.integers(0, 14), st.integers(1, 5), st.integers(0, 10), st.integers(1, 4)).map(
        lambda m: (m[0], m[0] + m[1], m[2], m[2] + m[3])
    ),
    max_size=4,
)


def read(rows: list[list[Any]], merges: list[tuple[int, int, int, int]], title: str) -> dict[str, Any]:
    drawn = sheet(title, rows, merges=tuple(merges))
    answer: dict[str, Any] = read_spreadsheet(spreadsheet(drawn), client="x", as_of=date(2026, 8, 31))["tabs"][0]
    return answer


@settings(max_examples=300, deadline=None)
@given(ROWS, MERGES, st.booleans(), st.sampled_from(["AGT 26", "Sheet1"]) | st.text(max_size=20))
def test_no_grid_raises_and_every_row_stands_in_exactly_one_list(
    rows: list[list[Any]], merges: list[tuple[int, int, int, int]], headed: bool, title: str
) -> None:
    rows = [HEAD, *rows] if headed else rows
    found = read(rows, merges, title)
    places = [line["row"] for part in ("rows", "rejected", "skipped") for line in found[part]]
    if found["kind"] == "month":
        last = len(grid_of(sheet(title, rows, merges=tuple(merges))).rows)
        assert sorted(places) == list(range(1, last + 1))
    else:
        assert places == []
    for line in found["rejected"]:
        assert line["problems"]
    for line in found["rows"]:
        assert line["service_date"] is not None


WORDS = st.sampled_from(
    [
        "Tgl", "Tangal", "Jadwal", "Hari/Tanggal", "Jam", "Outlet", "Lokasi", "Service", "Jenis", "Jml", "Unit", "Status",
        "Selesai", "Teknisi", "Ref", "Ket", "Tgl Order", "(dd/mm)", "Jumlah Unit", "LIBUR", "=====", "FALSE", "Senin",
        "Catatan: x", "TOTAL UNIT", "7-8 Agustus", "Minggu 9/8", "https://3.basecamp.com/1/buckets/2/todos/7001234",
        "اليوم", "\u200f", "7" * 3_000,
    ]
)  # fmt: skip
RAW = st.one_of(
    CELLS.map(cell),
    st.just({}),
    st.none(),
    st.builds(lambda text: {"userEnteredValue": {"formulaValue": text}}, st.text(max_size=5)),
    st.builds(lambda text: {"formattedValue": text}, st.text(max_size=5)),
    st.just({"effectiveFormat": {"numberFormat": {"type": "TIME"}}, "effectiveValue": {"numberValue": 46241.5}}),
    st.just({"effectiveFormat": {"numberFormat": {"type": "DATE"}}, "effectiveValue": {"numberValue": -3.5}}),
    WORDS.map(cell),
)
BLOCKS = st.lists(
    st.fixed_dictionaries(
        {"rowData": st.lists(st.none() | st.just({}) | st.lists(RAW, max_size=9).map(lambda cells: {"values": cells}),
                             max_size=8)},
        optional={"startRow": st.integers(0, 30), "startColumn": st.integers(0, 12) | st.integers(195, 205)},
    ),
    max_size=4,
)  # fmt: skip
BOUNDS = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(("startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex"), st.integers(0, 40))
)


def last_row(blocks: list[dict[str, Any]]) -> int:
    """The last 1-based row that holds a value, counted from the resource alone."""
    held = [
        block.get("startRow", 0) + number
        for block in blocks
        for number, line in enumerate(block["rowData"], start=1)
        if any(cell_of(value or {}).kind != "empty" for value in (line or {}).get("values", ()))
    ]
    return max(held, default=0)


@settings(max_examples=400, deadline=None)
@given(BLOCKS, st.lists(BOUNDS, max_size=4), st.lists(WORDS, max_size=9), st.sampled_from(["AGT 26", "Data"]))
def test_blocks_holes_and_merges_of_any_kind_lose_no_row(
    blocks: list[dict[str, Any]], merges: list[dict[str, int]], heading: list[str], title: str
) -> None:
    blocks = [{"rowData": [{"values": [cell(word) for word in heading]}]}, *blocks]
    drawn = {"properties": {"sheetId": 1, "title": title}, "merges": merges, "data": blocks}
    [tab] = read_tabs(spreadsheet(drawn), as_of=date(2026, 8, 31))
    places = [line.row for part in (tab.lines.rows, tab.lines.rejected, tab.lines.skipped) for line in part]
    if tab.kind == "other":
        assert places == []
        return
    if all(problem.code != "not_calculated" for problem in tab.problems) and _has_formula(blocks):
        return  # formulas that gave nothing hold nothing
    assert sorted(places) == list(range(1, last_row(blocks) + 1))
    assert all(each.problems and each.read.service_date is None or "two_tables" in each.problems
               for each in tab.lines.rejected)  # fmt: skip
    assert all(each.read.service_date and not each.problems for each in tab.lines.rows)


def _has_formula(blocks: list[dict[str, Any]]) -> bool:
    return "formulaValue" in str(blocks)


@settings(max_examples=100, deadline=None)
@given(ROWS, MERGES)
def test_reading_twice_reads_the_same(rows: list[list[Any]], merges: list[tuple[int, int, int, int]]) -> None:
    assert read([HEAD, *rows], merges, "AGT 26") == read([HEAD, *rows], merges, "AGT 26")


@settings(max_examples=200, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=3)
    )
)
def test_a_cell_with_any_format_has_a_kind(junk: Any) -> None:
    for data in ({}, {"formattedValue": "x"}, {"effectiveValue": {}}, {"effectiveValue": {"numberValue": float("nan")}},
                 {"effectiveValue": {"numberValue": 1e300}, "effectiveFormat": {"numberFormat": {"type": "DATE"}}},
                 {"effectiveValue": {"stringValue": str(junk)}}):  # fmt: skip
        assert cell_of(data).kind in ("empty", "text", "number", "date", "time", "bool", "error")


def test_times_of_drawn_cells_come_back() -> None:
    found = read([HEAD, [None, date(2026, 8, 7), time(9, 5), OUTLET, "cuci"]], [], "AGT 26")
    assert found["rows"][0]["time_from"] == "09:05"
