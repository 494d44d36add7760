"""Bad input from the sources to the findings: each failure stays where it is, says why, and ends by itself."""

from datetime import timedelta
from typing import Any

import pytest

from rekap.errors import PermanentError
from rekap.reconciliation import reconcile
from rekap.services.basecamp import Basecamp
from rekap.services.google import CredentialError, Google
from rekap.sources import basecamp, sheets
from sandbox.google import world_ops
from tests.unit.sources.sheets.conftest import Desk

KINDS = ("missing_in_tracker", "missing_in_basecamp", "differs.status")


def read_basecamp(desk: Desk) -> None:
    run = desk.bench.run()
    basecamp.fetch(desk.bench.conn, desk.bench.client(), run)
    basecamp.stage(desk.bench.conn, run)


def reconciled(desk: Desk) -> dict[str, int]:
    return reconcile(desk.bench.conn, desk.bench.run())


@pytest.fixture
def whole(desk: Desk) -> Desk:
    """Both sources read and reconciled."""
    read_basecamp(desk)
    desk.extract()
    reconciled(desk)
    return desk


def findings(desk: Desk, client: str | None = None) -> list[tuple[str, str]]:
    """(kind, subject) of the open findings that depend on both sources."""
    where = f" and client = '{client}'" if client else ""
    found = desk.rows(
        "select kind, subject from reconciliation.findings where cleared_at is null and 'sheets' = any(sources)"
        f"{where} order by 1, 2"
    )
    return [(row["kind"], row["subject"]) for row in found]


def completeness(desk: Desk, source: str, scope: str) -> tuple[str, str | None]:
    row = desk.rows(
        f"select state, reason from ops.completeness where source = '{source}' and scope = '{scope}'"
        " order by checked_at desc, read_no desc limit 1"
    )[0]
    return row["state"], row["reason"]


def client_with_findings(desk: Desk) -> tuple[str, str]:
    """A client, with its spreadsheet, of which a tracker row is missing in Basecamp."""
    row = desk.rows(
        "select f.client, c.spreadsheet_id from reconciliation.findings as f"
        " inner join staging.clients as c on f.client = c.slug"
        " where f.kind = 'missing_in_basecamp' order by 1 limit 1"
    )[0]
    return row["client"], row["spreadsheet_id"]


@pytest.mark.parametrize(
    ("trouble", "reason"),
    [("revoke", "share it with this address"), ("trash_file", "lies in the bin")],
)
def test_a_client_whose_tracker_is_out_of_reach_keeps_its_rows_and_its_findings_and_the_others_go_on(
    whole: Desk, trouble: str, reason: str
) -> None:
    lost, spreadsheet = client_with_findings(whole)
    frozen, rows = findings(whole, lost), whole.rows("select * from staging.tracker_rows order by row_key")
    other = next(
        (row["client"], row["spreadsheet_id"], row["sheet_id"], row["row"], row["row_key"])
        for row in rows
        if row["client"] != lost and row["status"] == "done"
    )
    getattr(world_ops, trouble)(whole.state, spreadsheet)
    whole.twin.clock.set(whole.twin.clock.now() + timedelta(minutes=30))
    world_ops.delete_row(whole.state, other[1], other[2], other[3])
    for _ in range(2):
        whole.extract()
        whole.twin.clock.set(whole.twin.clock.now() + timedelta(minutes=30))
    read_basecamp(whole)
    reconciled(whole)
    assert findings(whole, lost) == frozen
    state, told = completeness(whole, "sheets", lost)
    assert state == "incomplete"
    assert told is not None
    assert spreadsheet in told
    assert reason in told
    kept = whole.rows(f"select * from staging.tracker_rows where client = '{lost}' order by row_key")
    assert kept == [row for row in rows if row["client"] == lost]
    assert completeness(whole, "sheets", other[0])[0] == "complete"
    assert whole.rows(f"select 1 from staging.tracker_rows where row_key = {other[4]}") == []


def test_orders_without_a_row_are_not_called_missing_in_a_tracker_that_is_out_of_reach(whole: Desk) -> None:
    lost, spreadsheet = client_with_findings(whole)
    frozen = findings(whole, lost)
    world_ops.revoke(whole.state, spreadsheet)
    whole.extract()
    # An order whose row stands in the sheet and was never read.
    whole.bench.conn.execute(
        "delete from staging.tracker_rows where row_key ="
        " (select min(row_key) from reconciliation.links as l inner join staging.orders as o"
        " on l.order_id = o.order_id where o.client = %s)",
        (lost,),
    )
    whole.bench.conn.commit()
    reconciled(whole)
    assert findings(whole, lost) == frozen
    world_ops.restore(whole.state, spreadsheet)
    whole.extract()
    reconciled(whole)
    assert findings(whole, lost) == frozen
    assert completeness(whole, "sheets", lost)[0] == "complete"


def test_trackers_that_were_read_before_basecamp_ever_was_open_nothing(desk: Desk) -> None:
    desk.extract()
    reconciled(desk)
    assert desk.rows("select 1 from reconciliation.findings") == []


def test_nor_do_they_while_basecamp_is_read_and_not_staged_yet(desk: Desk) -> None:
    desk.extract()
    basecamp.fetch(desk.bench.conn, desk.bench.client(), desk.bench.run())
    assert completeness(desk, "basecamp", "account")[0] == "complete"
    reconciled(desk)
    assert desk.rows("select 1 from reconciliation.findings") == []
    basecamp.stage(desk.bench.conn, desk.bench.run())
    reconciled(desk)
    assert {kind for kind, _ in findings(desk)} == set(KINDS)


@pytest.mark.parametrize(("name", "value"), [("password", "wrong"), ("login", "wrong"), ("refresh_token", "wrong")])
def test_a_wrong_basecamp_credential_stops_with_one_sentence_and_changes_nothing(
    whole: Desk, name: str, value: str
) -> None:
    told = whole.bench.twin["basecamp"]
    extra = {key: told[key] for key in ("account_id", "refresh_token", "token_url", "storage_url")}
    mapping: dict[str, Any] = {"host": told["url"], "login": told["client_id"], "password": told["client_secret"]}
    (mapping if name in mapping else extra)[name] = value
    client = Basecamp.from_connection(mapping | {"extra": extra | {"user_agent": "Rekap (data@rekap.example)"}})
    before = (findings(whole), whole.rows("select * from staging.orders order by order_id"))
    asked = len(whole.twin.log.calls("basecamp"))
    with pytest.raises(PermanentError) as error:
        basecamp.fetch(whole.bench.conn, client, whole.bench.run())
    sentence = str(error.value)
    assert sentence.startswith("connection 'basecamp_default': Basecamp ")
    assert "\n" not in sentence
    assert told["client_secret"] not in sentence
    assert told["refresh_token"] not in sentence
    assert completeness(whole, "basecamp", "account") == ("incomplete", sentence)
    tokens_asked = len(whole.twin.log.calls("basecamp")) - asked
    assert tokens_asked <= 1, "a refused credential is not tried again"
    reconciled(whole)
    assert (findings(whole), whole.rows("select * from staging.orders order by order_id")) == before


def test_a_wrong_google_key_stops_with_one_sentence_and_changes_nothing(whole: Desk) -> None:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    told = whole.bench.twin["google"]
    another = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    extra = {
        "keyfile_dict": told["service_account"] | {"private_key": another.decode()},
        "sheets_endpoint": told["sheets_url"],
        "drive_endpoint": told["drive_url"],
    }
    google = Google.from_connection({"extra": extra}, sleep=lambda seconds: None)
    rows = whole.rows("select * from staging.tracker_rows order by row_key")
    for ask in (
        lambda: sheets.changed(whole.bench.conn, google, whole.bench.run()),
        lambda: sheets.read(whole.bench.conn, google, whole.bench.run(), [client_with_findings(whole)[0]]),
    ):
        with pytest.raises(CredentialError, match="connection 'rekap_google'") as error:
            ask()
        assert "\n" not in str(error.value)
        assert "PRIVATE KEY" not in str(error.value)
        whole.bench.conn.rollback()
    assert whole.rows("select * from staging.tracker_rows order by row_key") == rows


def test_a_row_that_nobody_can_read_stands_in_quarantine_holds_its_findings_and_comes_back_as_itself(
    whole: Desk,
) -> None:
    held = whole.rows(
        "select q.*, k.spreadsheet_id, k.sheet_id, k.row from ops.quarantine as q"
        " inner join staging.tracker_row_keys as k on q.row_key = k.row_key where q.state = 'open' order by q.row_key"
    )
    assert held
    for row in held:
        order = whole.written()[row["spreadsheet_id"], row["sheet_id"], row["row"]]
        assert row["reason"] in ("no_date", "bad_date", "date_conflict")
        address, _, cell = row["cell_url"].partition("&range=")
        assert address == f"https://docs.google.com/spreadsheets/d/{row['spreadsheet_id']}/edit#gid={row['sheet_id']}"
        assert ("missing_in_tracker", f"order:{order.order_id}/1") not in findings(whole)
        world_ops.edit_cell(whole.state, row["spreadsheet_id"], row["sheet_id"], cell, order.day.isoformat())
    whole.twin.clock.set(whole.twin.clock.now() + timedelta(minutes=30))
    whole.extract()
    reconciled(whole)
    assert whole.rows("select 1 from ops.quarantine where state = 'open'") == []
    for row in held:
        order = whole.written()[row["spreadsheet_id"], row["sheet_id"], row["row"]]
        assert whole.rows(f"select service_date from staging.tracker_rows where row_key = {row['row_key']}") == [
            {"service_date": order.day}
        ]
        linked = whole.rows(f"select order_id from reconciliation.links where row_key = {row['row_key']}")
        assert linked == [{"order_id": order.order_id}]


def test_an_order_with_unreadable_fields_keeps_its_place_with_each_of_them_empty_and_named(whole: Desk) -> None:
    planted = {
        int(trouble["subject"].removeprefix("order:"))
        for trouble in whole.bench.truth()["troubles"]
        if trouble["kind"] == "incomplete"
    }
    assert len(planted) >= 5
    orders = {
        row["order_id"]: row
        for row in whole.rows("select o.*, v.line_key from staging.orders as o left join reconciliation.visits as v"
                              " on o.order_id = v.order_id")
    }  # fmt: skip
    columns = {"date": "service_date", "outlet": "outlet", "units": "units", "time": "time_from"}
    for order_id in planted:
        order = orders[order_id]
        assert order["line_key"] == f"order:{order_id}/1"
        assert order["problems"]
        for field in order["problems"]:
            if column := columns.get(field):
                assert order[column] is None, (order_id, field)
