"""The gate on real tables: who is set aside, who is marked, who stops the run, and who is left alone."""

import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from rekap.errors import PermanentError
from rekap.quality import gate
from rekap.warehouse import Connection
from tests.sql.reconciliation.house import House


@pytest.fixture
def house(warehouse_connection: Connection) -> House:
    return House(warehouse_connection)


@pytest.fixture
def pass_gate(house: House) -> Callable[[], dict[str, int]]:
    def passed() -> dict[str, int]:
        house.runs += 1
        return gate(house.connection, house.run, stage="staging")

    return passed


Gate = Callable[[], dict[str, int]]


def recap(house: House, lines: int, visits: int) -> None:
    """A month of `lines` lines whose figures say `visits`; one of them has more done than ordered, by nobody."""
    house.connection.execute(
        "insert into outputs.recap_months (month, revision, state, content_sha256, figures, computed_at) values"
        " ('2026-09', 1, 'draft', 'x', jsonb_build_object('total', jsonb_build_object('visits', %s::int),"
        " 'by_client', jsonb_build_array("
        " jsonb_build_object('client', 'kopi', 'visits', %s::int, 'units_done', %s::int))), %s)",
        (visits, visits, 2 * lines + 1, house.now),
    )
    for n in range(1, lines + 1):
        house.connection.execute(
            "insert into outputs.recap_lines (month, revision, line_key, position, client, client_name, services,"
            " status, units_ordered, units_done, technicians)"
            " values ('2026-09', 1, %s, %s, 'kopi', 'Kopi', '', 'done', 2, %s, %s)",
            (f"order:{n}/1", n, 3 if n == 1 else 2, "" if n == 1 else "Joko"),
        )
    house.connection.commit()


def trouble(house: House) -> None:
    """Something of everything, so that every rule has rows that fail and rows that pass."""
    house.order(1)
    house.order(2, outlet=None, outlet_text="Gudang Baru", on=None, units=None, services={}, technicians=[])
    house.order(3, outlet="KS-2", units=900, life_cycle="trashed")
    house.row(11)
    house.row(12, outlet=None, outlet_text=None)
    house.row(13, outlet=None, outlet_text=None, order_ref=1)
    house.row(14, outlet=None, outlet_text="Ruko Entah")
    house.row(15, outlet=None, outlet_text="Ruko Entah", order_ref=2)
    house.row(16, outlet=None, outlet_text="gudang baru")
    house.row(17, units=201)
    house.row(18, units=200)
    house.row(19, flags=["date_far", "status_unknown"], services={})
    recap(house, lines=3, visits=4)


def test_rows_that_fail_a_critical_rule_move_to_quarantine_with_reason_link_and_original(
    house: House, pass_gate: Gate
) -> None:
    trouble(house)
    assert pass_gate()["quarantined"] == 4
    assert house.read(
        "select row_key, field, reason, severity, state from ops.quarantine order by row_key, reason"
    ) == [
        (12, "outlet", "outlet_missing", "critical", "open"),
        (14, "outlet", "outlet_unknown", "critical", "open"),
        (17, "units", "units_absurd", "critical", "open"),
        (19, "service_date", "date_far", "critical", "open"),
    ]  # fmt: skip
    assert house.read("select row_key from staging.tracker_rows order by 1") == [(11,), (13,), (15,), (16,), (18,)]
    assert house.read("select original, cell_url, client from ops.quarantine where row_key = 17") == [
        (
            {
                "tab": "OKT 26", "row": 17,
                "cells": {"service_date": "2026-10-08", "outlet": "KS-1", "units": 201, "technicians": "joko"},
            },
            "https://sheet.example/17",
            "kopi",
        )
    ]  # fmt: skip


def test_a_quarantined_row_takes_its_link_and_line_along(house: House, pass_gate: Gate) -> None:
    house.order(1)
    house.row(11, units=999)
    house.reconcile()
    assert len(house.links()) == 1
    pass_gate()
    house.reconcile()
    assert house.links() == []
    assert house.findings("missing_in_tracker") == []


def test_the_gate_run_again_finds_nothing_to_move(house: House, pass_gate: Gate) -> None:
    trouble(house)
    pass_gate()
    before = house.read("select * from ops.quarantine order by row_key")
    assert pass_gate()["quarantined"] == 0
    assert house.read("select * from ops.quarantine order by row_key") == before


def test_a_row_that_was_repaired_and_read_again_leaves_quarantine(house: House, pass_gate: Gate) -> None:
    house.row(11, units=999)
    pass_gate()
    house.change("delete from staging.tracker_rows")
    house.change(
        "insert into staging.tracker_rows (row_key, client, spreadsheet_id, sheet_id, tab, row, cell_url, service_date,"
        " outlet_text, outlet, units, content_sha256, first_seen_at, last_seen_at) select row_key, client,"
        " spreadsheet_id, sheet_id, 'OKT 26', row, '', '2026-10-08', 'KS-1', 'KS-1', 9, 'new', first_seen_at,"
        " last_seen_at from staging.tracker_row_keys"
    )
    assert pass_gate()["released"] == 1
    assert house.read("select state from ops.quarantine") == [("fixed",)]
    house.change("update staging.tracker_rows set units = 1000")
    assert pass_gate()["quarantined"] == 1
    assert house.read("select state from ops.quarantine") == [("open",)]


def test_a_row_that_a_person_waived_stays(house: House, pass_gate: Gate) -> None:
    house.row(11, units=999)
    pass_gate()
    house.change("update ops.quarantine set state = 'waived'")
    house.change("delete from staging.tracker_row_keys where row_key <> 11")
    house.change(
        "insert into staging.tracker_rows (row_key, client, spreadsheet_id, sheet_id, tab, row, cell_url, service_date,"
        " outlet_text, units, content_sha256, first_seen_at, last_seen_at) select row_key, client, spreadsheet_id,"
        " sheet_id, 'OKT 26', row, '', '2026-10-08', 'KS-1', 999, 'new', first_seen_at, last_seen_at"
        " from staging.tracker_row_keys"
    )
    house.change("update staging.tracker_rows set outlet = 'KS-1'")
    assert pass_gate()["quarantined"] == 0
    assert house.read("select row_key from staging.tracker_rows") == [(11,)]


def test_orders_are_only_reported(house: House, pass_gate: Gate) -> None:
    trouble(house)
    pass_gate()
    assert house.read("select count(*) from staging.orders") == [(3,)]
    assert house.read(
        "select rule, severity, success, failing from ops.quality_results"
        " where suite = 'staging.orders' and scope = 'kopi' order by rule"
    ) == [
        ("orders.date_empty", "warning", False, 1),
        ("orders.outlet_empty", "warning", False, 1),
        ("orders.service_missing", "warning", False, 1),
        ("orders.units_absurd", "warning", False, 1),
        ("orders.units_empty", "warning", False, 1),
    ]
    assert house.read(
        "select success, worst from ops.quality_runs where suite = 'staging.orders' and scope = 'all'"
    ) == [(True, "warning")]


def test_a_client_with_too_much_in_quarantine_is_incomplete_and_the_others_are_not(
    house: House, pass_gate: Gate
) -> None:
    house.change("update staging.clients set spreadsheet_id = 'sheet-ruko' where slug = 'ruko'")
    house.complete("sheets", "ruko")
    for number in range(1, 9):
        house.row(number, on=f"2026-10-{number:02}")
    for number in range(20, 24):
        house.quarantined_row(number, None)
    assert pass_gate()["incomplete"] == 1
    assert house.read(STATES) == [
        (
            "kopi",
            "incomplete",
            "quality: 4 of 12 rows of the tracker cannot be used: look at the rows in quarantine and repair them in"
            " the sheet.",
        ),
        ("ruko", "complete", None),
    ]
    assert house.read(
        "select scope, success, worst from ops.quality_runs where suite = 'staging.trackers' order by scope"
    ) == [("all", False, "critical"), ("kopi", False, "critical"), ("ruko", True, None)]


def test_a_client_is_whole_again_when_the_gate_has_nothing_more_to_say(house: House, pass_gate: Gate) -> None:
    for number in range(20, 32):
        house.quarantined_row(number, None)
    pass_gate()
    house.change("update ops.quarantine set state = 'fixed'")
    assert pass_gate()["incomplete"] == 0
    assert house.read(STATES) == [("kopi", "complete", None)]


def test_what_the_reading_itself_found_is_not_overwritten(house: House, pass_gate: Gate) -> None:
    house.complete("sheets", "kopi", "incomplete")
    house.change("update ops.completeness set reason = 'access was taken away' where state = 'incomplete'")
    for number in range(20, 32):
        house.quarantined_row(number, None)
    pass_gate()
    assert house.read(STATES) == [("kopi", "incomplete", "access was taken away")]


def test_a_tracker_that_lost_most_of_its_lines_is_incomplete(house: House, pass_gate: Gate) -> None:
    house.change("update ops.completeness set counted = 100 where source = 'sheets'")
    house.complete("sheets", "kopi")
    house.change("update ops.completeness set counted = 40 where source = 'sheets' and counted is null")
    house.runs += 1
    assert gate(house.connection, house.run, stage="raw")["incomplete"] == 1


def test_columns_that_changed_stop_the_run_and_are_on_record(house: House, pass_gate: Gate) -> None:
    house.change("alter table staging.tracker_rows rename column units to jumlah")
    with pytest.raises(PermanentError, match=r"staging\.tracker_rows .*columns are missing: units"):
        pass_gate()
    assert house.read("select suite, success from ops.quality_runs") == [("staging.tracker_rows", False)]


def test_a_recap_whose_lines_do_not_add_up_is_not_delivered(house: House) -> None:
    recap(house, lines=3, visits=4)
    with pytest.raises(PermanentError, match="lines_do_not_add_up"):
        gate(house.connection, house.run, stage="outputs", month="2026-09")


def test_a_recap_that_adds_up_passes_with_its_warnings_on_record(house: House) -> None:
    recap(house, lines=3, visits=3)
    assert gate(house.connection, house.run, stage="outputs", month="2026-09")["failing"] == 1
    assert house.read(
        "select rule, failing from ops.quality_results where suite = 'outputs.recap_lines' and scope = 'kopi'"
        " order by rule"
    ) == [("recap_lines.done_without_technician", 1), ("recap_lines.more_done_than_ordered", 1)]


def test_outputs_need_a_month(house: House) -> None:
    with pytest.raises(PermanentError, match="needs a month"):
        gate(house.connection, house.run, stage="outputs")


def test_the_gate_leaves_no_connection_open(house: House, pass_gate: Gate) -> None:
    pass_gate()
    others = (
        "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
        " and backend_type = 'client backend'"
    )
    for _ in range(100):  # the server lists a backend until its process has ended
        if (found := house.read(others)) == [(0,)]:
            break
        time.sleep(0.1)
    assert found == [(0,)]


def test_the_gate_speaks_with_nothing_but_the_warehouse(warehouse: str) -> None:
    script = f"""
import sys
import time
from datetime import datetime, timezone
from rekap import warehouse
from rekap.quality import gate
from rekap.run import Run
from rekap.settings import Config, Register, Service, Settings

calls = []
names = ("socket.connect", "socket.getaddrinfo", "socket.sendto")
sys.addaudithook(lambda name, told: calls.append((name, told[1:])) if name in names else None)
register = Register(people=(), clients=(), services=(Service(code="other", minutes_per_unit=60),))
run = Run("reconcile_orders/1", datetime(2026, 10, 6, tzinfo=timezone.utc), Config(Settings(), register))
with warehouse.connect({warehouse!r}) as connection:
    gate(connection, run, stage="staging")
print(calls)
"""
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


STATES = """
    select distinct on (scope) scope, state, reason from ops.completeness where source = 'sheets'
    order by scope, checked_at desc, read_no desc
"""
