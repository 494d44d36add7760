"""What is not believed: a tab renamed, emptied or deleted by mistake. Its last good rows stay, the reason says why."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from rekap.sources.sheets.headers import letter
from rekap.sources.sheets.reader import Tab, read_tabs
from sandbox.google import world_ops
from tests.unit.sources.sheets.conftest import Desk
from tests.unit.sources.sheets.drawing import sheet as drawn

ROWS = "select * from staging.tracker_rows order by row_key"


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """Everything was read; four orders are many."""
    config = desk.bench.config
    quality = config.settings.quality.model_copy(update={"least_rows_to_judge": 4})
    desk.bench.config = type(config)(config.settings.model_copy(update={"quality": quality}), config.register)
    desk.extract()
    return desk


def largest_tab(desk: Desk, where: str = "true") -> tuple[str, str, int, str]:
    """(client, spreadsheet, sheet id, title) of the tab with most orders."""
    [row] = desk.rows(
        f"select client, spreadsheet_id, sheet_id, tab from staging.tracker_rows where {where}"
        " group by 1, 2, 3, 4 order by count(*) desc, 1, 3 limit 1"
    )
    return row["client"], row["spreadsheet_id"], row["sheet_id"], row["tab"]


def read_by_hand(desk: Desk, spreadsheet: str) -> list[Tab]:
    return read_tabs(desk.state.book(spreadsheet), as_of=desk.bench.run().today)


def told(desk: Desk, client: str) -> tuple[str, str]:
    """State and reason of a client's last reading."""
    [row] = desk.rows(
        f"select state, reason from ops.completeness where source = 'sheets' and scope = '{client}'"
        " order by checked_at desc, read_no desc limit 1"
    )
    return row["state"], row["reason"] or ""


def again(desk: Desk) -> dict[str, int]:
    desk.twin.clock.set(desk.twin.clock.now() + timedelta(minutes=30))
    return desk.extract()


@pytest.mark.parametrize("title", ["Copy of {}", "Template", "Salinan dari {}"])
def test_a_tab_renamed_so_that_it_is_no_month_is_named_and_its_orders_stay_until_it_is_back(
    desk: Desk, title: str
) -> None:
    client, spreadsheet, sheet_id, tab = largest_tab(desk)
    before = desk.rows(ROWS)
    world_ops.rename_tab(desk.state, spreadsheet, sheet_id, title.format(tab))
    for _ in range(3):
        assert again(desk)["failed"] == 1
    state, reason = told(desk, client)
    assert state == "incomplete"
    assert f"'{title.format(tab)}'" in reason
    assert "name with its month" in reason
    assert desk.rows(ROWS) == before
    world_ops.rename_tab(desk.state, spreadsheet, sheet_id, tab)
    assert again(desk)["failed"] == 0
    assert told(desk, client) == ("complete", "")
    assert {row["row_key"] for row in desk.rows(ROWS)} == {row["row_key"] for row in before}


def test_a_tab_named_without_a_month_is_known_by_its_dates(desk: Desk) -> None:
    client, spreadsheet, sheet_id, _ = largest_tab(desk)
    before = {row["row_key"] for row in desk.rows(ROWS)}
    world_ops.rename_tab(desk.state, spreadsheet, sheet_id, "Pak Joko")
    again(desk)
    assert told(desk, client)[0] == "complete"
    assert {row["row_key"] for row in desk.rows(ROWS)} == before


def test_a_tab_without_a_month_whose_content_is_gone_is_named(desk: Desk) -> None:
    client, spreadsheet, sheet_id, _ = largest_tab(desk)
    before = desk.rows(ROWS)
    world_ops.rename_tab(desk.state, spreadsheet, sheet_id, "Sheet1")
    world_ops.empty_tab(desk.state, spreadsheet, sheet_id)
    again(desk)
    assert told(desk, client)[0] == "incomplete"
    assert "'Sheet1'" in told(desk, client)[1]
    assert desk.rows(ROWS) == before


def test_a_tab_that_is_hidden_and_renamed_keeps_its_orders_and_is_believed(desk: Desk) -> None:
    client, spreadsheet, sheet_id, _ = largest_tab(desk)
    before = {row["row_key"] for row in desk.rows(ROWS)}
    world_ops.rename_tab(desk.state, spreadsheet, sheet_id, "Copy of lama")
    _sheet(desk, spreadsheet, sheet_id)["properties"]["hidden"] = True
    for _ in range(3):
        again(desk)
    assert told(desk, client)[0] == "complete"
    assert {row["row_key"] for row in desk.rows(ROWS)} == before


def _sheet(desk: Desk, spreadsheet: str, sheet_id: int) -> dict[str, Any]:
    sheet: dict[str, Any] = next(
        sheet for sheet in desk.state.book(spreadsheet)["sheets"] if sheet["properties"]["sheetId"] == sheet_id
    )
    return sheet


def test_a_copy_whose_orders_stand_in_another_tab_now_is_believed(desk: Desk) -> None:
    """People copy a month's tab, go on in the copy and leave the first one behind as 'Copy of'."""
    client, spreadsheet, sheet_id, tab = largest_tab(desk)
    before = {row["row_key"] for row in desk.rows(ROWS)}
    first = _sheet(desk, spreadsheet, sheet_id)
    book = desk.state.book(spreadsheet)
    book["sheets"].append({**first, "properties": {**first["properties"], "sheetId": 4711}})
    first["properties"] = {**first["properties"], "title": f"Copy of {tab}"}
    desk.state.touch(spreadsheet, "somebody@example.com")
    again(desk)
    assert told(desk, client)[0] == "complete"
    assert {row["row_key"] for row in desk.rows(ROWS)} == before
    assert {row["sheet_id"] for row in desk.rows(f"{ROWS[:-17]} where tab = '{tab}' and client = '{client}'")} == {4711}


def test_a_tab_that_was_wiped_is_named_and_keeps_its_orders(desk: Desk) -> None:
    client, spreadsheet, sheet_id, tab = largest_tab(desk)
    before = desk.rows(ROWS)
    world_ops.empty_tab(desk.state, spreadsheet, sheet_id)
    for _ in range(3):
        assert again(desk)["failed"] == 1
    assert f"tab '{tab}'" in told(desk, client)[1]
    assert "version history" in told(desk, client)[1]
    assert desk.rows(ROWS) == before


def test_a_wiped_tab_is_not_believed_however_few_orders_it_had(desk: Desk) -> None:
    client, spreadsheet, sheet_id, _ = largest_tab(desk)
    _leave(desk, spreadsheet, sheet_id, 1)
    again(desk)
    again(desk)
    before = desk.rows(ROWS)
    world_ops.empty_tab(desk.state, spreadsheet, sheet_id)
    again(desk)
    assert told(desk, client)[0] == "incomplete"
    assert desk.rows(ROWS) == before


def _leave(desk: Desk, spreadsheet: str, sheet_id: int, orders: int) -> None:
    """Delete the orders of a tab but for the first so many; heading and titles stay."""
    tab = next(tab for tab in read_by_hand(desk, spreadsheet) if tab.sheet_id == sheet_id)
    rows = sorted(row.row for row in (*tab.lines.rows, *tab.lines.rejected))
    for row in reversed(rows[orders:]):
        world_ops.delete_row(desk.state, spreadsheet, sheet_id, row)


def test_few_orders_taken_out_below_their_heading_are_believed_and_many_are_not(desk: Desk) -> None:
    client, spreadsheet, sheet_id, _ = largest_tab(desk)
    _leave(desk, spreadsheet, sheet_id, 0)
    again(desk)
    assert told(desk, client)[0] == "incomplete"
    config = desk.bench.config
    quality = config.settings.quality.model_copy(update={"least_rows_to_judge": 1000})
    desk.bench.config = type(config)(config.settings.model_copy(update={"quality": quality}), config.register)
    again(desk)
    again(desk)
    assert told(desk, client)[0] == "complete"
    assert desk.rows(f"select 1 from staging.tracker_rows where sheet_id = {sheet_id}") == []


def test_an_emptied_tracker_is_not_believed_however_few_orders_it_had(desk: Desk) -> None:
    client, spreadsheet, sheet_id, _ = largest_tab(desk)
    for sheet in list(desk.state.book(spreadsheet)["sheets"]):
        if sheet["properties"]["sheetId"] != sheet_id:
            world_ops.delete_tab(desk.state, spreadsheet, sheet["properties"]["sheetId"])
    _leave(desk, spreadsheet, sheet_id, 1)
    desk.bench.conn.execute(
        "update staging.tracker_row_keys set gone_at = now() where spreadsheet_id = %s", [spreadsheet]
    )
    again(desk)
    assert told(desk, client)[0] == "complete"
    before = desk.rows(ROWS)
    _leave(desk, spreadsheet, sheet_id, 0)
    for _ in range(3):
        again(desk)
    assert "holds no order any more" in told(desk, client)[1]
    assert desk.rows(ROWS) == before


def test_orders_moved_into_another_tab_leave_an_empty_tab_that_is_believed(desk: Desk) -> None:
    client, spreadsheet, sheet_id, _ = largest_tab(desk)
    before = {row["row_key"] for row in desk.rows(ROWS)}
    first = _sheet(desk, spreadsheet, sheet_id)
    other = {**first, "properties": {**first["properties"], "sheetId": 4711, "title": "Pak Joko"}}
    desk.state.book(spreadsheet)["sheets"].append(other)
    first["data"], first["merges"] = [{"rowData": []}], []
    desk.state.touch(spreadsheet, "somebody@example.com")
    again(desk)
    assert told(desk, client)[0] == "complete"
    assert {row["row_key"] for row in desk.rows(ROWS)} == before


def test_most_orders_of_the_running_months_do_not_go_with_a_deleted_tab(desk: Desk) -> None:
    client, spreadsheet, sheet_id, tab = largest_tab(desk)
    before = desk.rows(ROWS)
    running = [(s, t) for s, t in _tabs(desk, spreadsheet) if t != tab] + [(sheet_id, tab)]
    for other, _ in running:
        world_ops.delete_tab(desk.state, spreadsheet, other)
    _write_one_order(desk, spreadsheet)
    for _ in range(3):
        assert again(desk)["failed"] == 1
    assert f"'{tab}'" in told(desk, client)[1]
    assert "gone" in told(desk, client)[1]
    assert desk.rows(ROWS) == before


def _tabs(desk: Desk, spreadsheet: str) -> list[tuple[int, str]]:
    found = desk.rows(f"select distinct sheet_id, tab from staging.tracker_rows where spreadsheet_id = '{spreadsheet}'")
    return [(row["sheet_id"], row["tab"]) for row in found]


def _write_one_order(desk: Desk, spreadsheet: str) -> None:
    """A new tab with a heading and one order in it."""
    day = desk.bench.run().today
    headings = ["Tanggal", "Outlet", "Layanan", "Unit", "Status"]
    made = drawn("Pak Joko", [headings, [day, "Baru Sekali", "cuci AC", 2, None]], sheet_id=815)
    desk.state.book(spreadsheet)["sheets"].append(made)
    desk.state.touch(spreadsheet, "somebody@example.com")


def _add_tab(desk: Desk, spreadsheet: str, title: str, rows: list[list[Any]]) -> None:
    desk.state.book(spreadsheet)["sheets"].append(drawn(title, rows, sheet_id=816))
    desk.state.touch(spreadsheet, "somebody@example.com")


def test_a_new_month_without_a_heading_leaves_its_client_incomplete_and_the_other_tabs_read(desk: Desk) -> None:
    client, spreadsheet, _, _ = largest_tab(desk)
    before = desk.rows(ROWS)
    today = desk.bench.run().today
    orders = [[today, "Baru Sekali", "cuci AC", number] for number in (1, 2, 3)]
    _add_tab(desk, spreadsheet, f"{today:%m-%Y} (2)", orders)
    assert again(desk)["failed"] == 0
    state, reason = told(desk, client)
    assert state == "incomplete"
    assert f"'{today:%m-%Y} (2)'" in reason and "name the columns" in reason
    assert [row["row_key"] for row in desk.rows(ROWS)] == [row["row_key"] for row in before]
    headings = ["Tanggal", "Outlet", "Layanan", "Unit"]
    desk.state.book(spreadsheet)["sheets"].pop()
    _add_tab(desk, spreadsheet, f"{today:%m-%Y} (2)", [headings, *orders])
    again(desk)
    assert told(desk, client) == ("complete", "")
    assert len(desk.rows(ROWS)) == len(before) + 3


def test_a_remark_in_an_empty_month_or_an_old_tab_without_a_heading_is_nobodys_trouble(desk: Desk) -> None:
    client, spreadsheet, _, _ = largest_tab(desk)
    today = desk.bench.run().today
    _add_tab(desk, spreadsheet, f"{today:%m-%Y} (2)", [["belum ada order"], ["tunggu kabar toko"]])
    again(desk)
    assert told(desk, client) == ("complete", "")
    old = today - timedelta(days=200)
    desk.state.book(spreadsheet)["sheets"].pop()
    _add_tab(desk, spreadsheet, f"{old:%m-%Y} (2)", [[old, "Baru Sekali", "cuci AC", number] for number in (1, 2, 3)])
    again(desk)
    assert told(desk, client) == ("complete", "")


def test_two_trackers_side_by_side_leave_their_client_incomplete(desk: Desk) -> None:
    client, spreadsheet, _, _ = largest_tab(desk)
    today = desk.bench.run().today
    headings = ["Tanggal", "Outlet", "Layanan", "Unit"]
    order = [today, "Baru Sekali", "cuci AC", 1]
    rows = [[*headings, None, *headings], *([*order, None, *order] for _ in range(4))]
    _add_tab(desk, spreadsheet, f"{today:%m-%Y} (2)", rows)
    again(desk)
    state, reason = told(desk, client)
    assert state == "incomplete"
    assert "cell F1: a second table begins here" in reason


def test_tabs_of_closed_months_may_be_deleted(desk: Desk) -> None:
    month = (desk.bench.run().today.replace(day=1) - timedelta(days=1)).replace(day=1)
    client, spreadsheet, _, _ = largest_tab(desk, f"service_date < '{month}'")
    rows = desk.rows(
        f"select sheet_id, bool_and(service_date < '{month}') as old from staging.tracker_rows"
        f" where spreadsheet_id = '{spreadsheet}' group by 1"
    )
    old = [row["sheet_id"] for row in rows if row["old"]]
    assert 0 < len(old) < len(rows)
    for sheet_id in old:
        world_ops.delete_tab(desk.state, spreadsheet, sheet_id)
    again(desk)
    again(desk)
    assert told(desk, client)[0] == "complete"
    left = desk.rows(f"select distinct sheet_id from staging.tracker_rows where spreadsheet_id = '{spreadsheet}'")
    assert {row["sheet_id"] for row in left} == {row["sheet_id"] for row in rows} - set(old)


@pytest.mark.parametrize("spoil", [lambda text: "", lambda text: f"{text[0]}zz"])
def test_a_heading_that_was_destroyed_is_named_and_the_orders_stay(desk: Desk, spoil: Callable[[str], str]) -> None:
    client, spreadsheet, tab = next(
        (client.slug, str(client.spreadsheet_id), tab)
        for client in desk.bench.config.register.clients
        for tab in read_by_hand(desk, str(client.spreadsheet_id))
        if tab.lines.rows and [line.reason for line in tab.lines.skipped].count("header") == 1
    )
    assert tab.header is not None
    before = desk.rows(ROWS)
    for name, column in tab.header.columns.items():
        cell = f"{letter(column)}{tab.header.rows[0] + 1}"
        world_ops.edit_cell(desk.state, spreadsheet, tab.sheet_id, cell, spoil(name))
    for _ in range(3):
        again(desk)
    assert told(desk, client)[0] == "incomplete"
    assert "heading" in told(desk, client)[1]
    assert desk.rows(ROWS) == before
