"""From a sheet that cannot be believed to a mail: its account manager is told once, and once more when it is back."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from rekap.incidents import raise_incidents
from sandbox.google import world_ops
from sandbox.google.state import State
from tests.unit.sources.sheets.conftest import Desk

MESSAGES = """
    select i.step, i.person, m.subject, m.body_text, n.details ->> 'reason' as reason, n.client, n.state as life
    from outputs.message_items as i
    inner join outputs.messages as m on i.message_id = m.message_id
    inner join outputs.incidents as n on i.incident_id = n.incident_id
    where n.kind = 'data_incomplete' and n.subject like 'client:%%' order by i.item_id
"""


@dataclass(frozen=True)
class Mishap:
    """`happen` breaks a tracker, `mend` puts it right; `told`: words of the reason."""

    told: str
    happen: Callable[[State, str, dict[int, Any]], None]
    mend: Callable[[State, str, dict[int, Any]], None]


def _empty(state: State, spreadsheet: str, tabs: dict[int, Any]) -> None:
    for sheet_id in tabs:
        world_ops.empty_tab(state, spreadsheet, sheet_id)


def _fill(state: State, spreadsheet: str, tabs: dict[int, Any]) -> None:
    """The version history brings the tabs back as they were."""
    book = state.book(spreadsheet)
    assert book is not None
    for sheet in book["sheets"]:
        sheet.update(tabs[sheet["properties"]["sheetId"]])
    state.touch(spreadsheet, "somebody@example.com")


def _rename(state: State, spreadsheet: str, tabs: dict[int, Any]) -> None:
    for sheet_id, sheet in tabs.items():
        world_ops.rename_tab(state, spreadsheet, sheet_id, f"Copy of {sheet['properties']['title']}")


def _rename_back(state: State, spreadsheet: str, tabs: dict[int, Any]) -> None:
    for sheet_id, sheet in tabs.items():
        world_ops.rename_tab(state, spreadsheet, sheet_id, sheet["properties"]["title"])


MISHAPS = {
    "lost access": Mishap(
        "share it",
        lambda state, spreadsheet, tabs: world_ops.revoke(state, spreadsheet),
        lambda state, spreadsheet, tabs: world_ops.restore(state, spreadsheet),
    ),
    "trashed file": Mishap(
        "bin of Drive",
        lambda state, spreadsheet, tabs: world_ops.trash_file(state, spreadsheet),
        lambda state, spreadsheet, tabs: world_ops.trash_file(state, spreadsheet, trashed=False),
    ),
    "emptied sheet": Mishap("holds no order any more", _empty, _fill),
    "renamed tabs": Mishap("name with its month", _rename, _rename_back),
}


def tick(desk: Desk) -> None:
    """Half an hour later: trackers are read, incidents raised, and what was planned leaves."""
    desk.twin.clock.set(desk.twin.clock.now() + timedelta(minutes=30))
    desk.extract()
    raise_incidents(desk.bench.conn, desk.bench.run())
    desk.bench.conn.execute("update outputs.messages set state = 'sent', sent_at = planned_at where state = 'planned'")
    desk.bench.conn.commit()


@pytest.mark.parametrize("name", MISHAPS)
def test_the_account_manager_is_told_once_and_once_that_it_is_back(desk: Desk, name: str) -> None:
    desk.extract()
    mishap, client = MISHAPS[name], desk.bench.config.register.clients[0]
    spreadsheet = str(client.spreadsheet_id)
    tabs = {
        sheet["properties"]["sheetId"]: {
            **sheet,
            "data": [dict(part, rowData=list(part["rowData"])) for part in sheet["data"]],
        }
        for sheet in desk.state.book(spreadsheet)["sheets"]
    }
    rows = desk.rows("select row_key from staging.tracker_rows order by 1")
    tick(desk)
    assert desk.rows(MESSAGES) == []
    mishap.happen(desk.state, spreadsheet, tabs)
    tick(desk)
    assert desk.rows(MESSAGES) == []  # once may be chance
    for _ in range(4):
        tick(desk)
    [told] = desk.rows(MESSAGES)
    assert (told["step"], told["person"], told["client"], told["life"]) == (
        "incomplete",
        client.am,
        client.slug,
        "open",
    )
    assert mishap.told in told["reason"]
    assert client.name in told["subject"] + told["body_text"]
    assert desk.rows("select row_key from staging.tracker_rows order by 1") == rows
    mishap.mend(desk.state, spreadsheet, tabs)
    for _ in range(3):
        tick(desk)
    first, back = desk.rows(MESSAGES)
    assert first["step"] == "incomplete"
    assert (back["step"], back["person"], back["life"]) == ("back", client.am, "resolved")
    assert desk.rows("select row_key from staging.tracker_rows order by 1") == rows
