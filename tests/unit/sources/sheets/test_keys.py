"""Keys through the whole way, twin to warehouse: what people do to a sheet, with a quarter of its cells edited."""

from random import Random

import pytest

from tests.unit.sources.sheets.conftest import Desk
from tests.unit.sources.sheets.upsets import UPSETS, Tracker, edit_a_quarter

HAPPENINGS = (
    "sorted by outlet", "sorted by date", "rows inserted", "rows deleted", "rows pasted twice", "tabs renamed",
    "rows moved to the next month",
)  # fmt: skip


def trackers(desk: Desk) -> list[Tracker]:
    """Every client's tracker as it stands in the twin, with the true order of every row."""
    made = []
    for client in desk.twin.world.clients:
        spellings = {outlet.code: [outlet.name, *outlet.aliases] for outlet in client.outlets}
        tracker = Tracker(desk.state.book(client.spreadsheet_id), spellings)
        for number, order in enumerate(desk.twin.world.orders, start=1):
            if order.row and order.row[0] == client.spreadsheet_id:
                tracker.lines(order.row[1])[order.row[2] - 1]["order"] = number
                tracker.outlet_of[number] = order.outlet.code
        made.append(tracker)
    return made


def places(made: list[Tracker]) -> dict[tuple[str, int, int], int]:
    """The true order of every row, by its place."""
    return {
        (tracker.resource["spreadsheetId"], sheet["properties"]["sheetId"], at): line["order"]
        for tracker in made
        for sheet in tracker.resource["sheets"]
        for at, line in enumerate(sheet["data"][0].get("rowData", ()), start=1)
        if "order" in line
    }


def keyed(desk: Desk, made: list[Tracker]) -> dict[int, set[int]]:
    """The keys of every order that was seen in the last reading."""
    order_at, found = places(made), dict[int, set[int]]()
    for row in desk.rows(
        "select row_key, spreadsheet_id, sheet_id, row from staging.tracker_row_keys"
        " where gone_at is null and missing_reads = 0"
    ):
        found.setdefault(order_at[row["spreadsheet_id"], row["sheet_id"], row["row"]], set()).add(row["row_key"])
    return found


@pytest.mark.parametrize("happening", HAPPENINGS)
def test_every_order_that_is_still_there_keeps_its_key(desk: Desk, happening: str) -> None:
    made = trackers(desk)
    desk.extract()
    before = keyed(desk, made)
    assert all(len(keys) == 1 for keys in before.values())
    for number, tracker in enumerate(made):
        rng = Random(f"{happening}/{number}")
        UPSETS[happening](tracker, rng)
        tracker.read_tabs = None
        edit_a_quarter(tracker, rng)
        desk.state.touch(tracker.resource["spreadsheetId"], "somebody@example.com")
    counts = desk.extract()
    after = keyed(desk, made)
    assert counts["failed"] == 0
    assert len(before.keys() & after.keys()) > 50
    assert [order for order in before.keys() & after.keys() if not before[order] <= after[order]] == []
