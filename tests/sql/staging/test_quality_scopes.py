"""One bad client, project or tracker never stops another: at each stage it alone is marked, held or named."""

from datetime import timedelta
from typing import Any

import pytest
from psycopg.types.json import Jsonb

from rekap.quality import forget_verdicts, gate, held
from rekap.warehouse import Connection
from tests.sql.reconciliation.house import House

STATES = """
    select distinct on (scope) scope, state, reason from ops.completeness where source = '{}'
    order by scope, checked_at desc, read_no desc
"""
WHOLE: dict[str, Any] = {
    "status": "active", "created_at": "x", "updated_at": "x", "title": "x", "completed": False, "assignees": [],
    "due_on": None, "visible_to_clients": False,
}  # fmt: skip


@pytest.fixture
def house(warehouse_connection: Connection) -> House:
    made = House(warehouse_connection)
    made.change(
        "update staging.clients set spreadsheet_id = 'sheet-ruko' where slug = 'ruko';"
        "insert into staging.client_scopes values ('kopi', 'project', 1), ('ruko', 'project', 2)"
    )
    made.complete("sheets", "ruko")
    return made


def judged(house: House, stage: Any, month: str | None = None, later: timedelta = timedelta()) -> dict[str, int]:
    house.now += later
    house.runs += 1
    return gate(house.connection, house.run, stage, month)


def todo(house: House, number: int, project: int, version: str = "a", **changed: Any) -> None:
    payload = {"id": number, "bucket": {"id": project}} | WHOLE | changed
    house.connection.execute(
        "insert into raw.basecamp_items (kind, id, content_sha256, payload, first_read_at, last_read_at)"
        " values ('todo', %s, %s, %s, %s, %s)",
        (
            number,
            version,
            Jsonb({name: value for name, value in payload.items() if value != "-"}),
            house.now,
            house.now,
        ),
    )
    house.connection.execute(
        "insert into raw.basecamp_newest (kind, id, content_sha256, read_no, project_id) values ('todo', %s, %s, 1, %s)"
        " on conflict (kind, id) do update set content_sha256 = excluded.content_sha256",
        (number, version, project),
    )
    house.connection.commit()


def states(house: House, source: str) -> dict[str, tuple[str, str | None]]:
    return {scope: (state, reason) for scope, state, reason in house.read(STATES.format(source))}


def read_at(house: House, hours: float, expected: int = 100) -> None:
    """A reading of Basecamp that ended well so many hours before now."""
    house.complete("basecamp", "account")
    house.change(
        f"update ops.completeness set expected = {expected}, checked_at = checked_at - interval '{hours} hours'"
        f" where run_id = '{house.run.id}'"
    )


def test_a_changed_payload_marks_its_project_until_the_reader_gets_what_it_needs(house: House) -> None:
    todo(house, 1, project=1)
    todo(house, 2, project=2, assignees="-")
    assert judged(house, "raw")["incomplete"] == 1
    found = states(house, "basecamp")
    assert found["account"] == ("complete", None) and "project:1" not in found
    assert found["project:2"] == (
        "incomplete",
        "quality: 1 records lack what their reader needs: todo 2 (assignees); they keep their last state. Compare them"
        " with the API's documentation and teach the reader.",
    )
    whole = "select client from ops.whole_sources where source = 'basecamp' order by client"
    assert house.read(whole) == [("kopi",)]
    todo(house, 2, project=2, version="b")
    judged(house, "raw")
    assert states(house, "basecamp")["project:2"] == ("complete", None)
    assert house.read(whole) == [("kopi",), ("ruko",)]


def test_a_reading_that_went_well_does_not_take_back_what_a_gate_said(house: House) -> None:
    todo(house, 2, project=2, assignees="-")
    judged(house, "raw")
    house.complete("basecamp", "project:2")
    assert states(house, "basecamp")["project:2"][0] == "incomplete"
    marks = "select count(*) from ops.completeness where scope = 'project:2'"
    before = house.read(marks)
    judged(house, "raw")
    assert house.read(marks) == before, "a gate that says the same again is no further failure"


def test_basecamp_that_was_not_read_for_half_a_day_is_incomplete_and_the_next_reading_ends_it(house: House) -> None:
    house.change("delete from ops.completeness where source = 'basecamp'")
    read_at(house, 11)
    assert judged(house, "raw")["incomplete"] == 0
    assert judged(house, "raw", later=timedelta(hours=2))["incomplete"] == 1
    told = states(house, "basecamp")["account"][1] or ""
    assert told.startswith("quality: Basecamp was last read whole at 2026-10-06 00:30")
    read_at(house, 0)
    assert judged(house, "raw")["incomplete"] == 0
    assert states(house, "basecamp")["account"] == ("complete", None)


def test_basecamp_that_shows_half_of_what_it_did_is_incomplete_for_a_day(house: House) -> None:
    house.change("delete from ops.completeness where source = 'basecamp'")
    read_at(house, 1, expected=100)
    read_at(house, 0, expected=40)
    assert judged(house, "raw")["incomplete"] == 1
    house.now += timedelta(hours=12)
    read_at(house, 0, expected=41)
    assert judged(house, "raw")["incomplete"] == 1
    house.now += timedelta(hours=24)
    read_at(house, 0, expected=41)
    assert judged(house, "raw")["incomplete"] == 0
    assert states(house, "basecamp")["account"] == ("complete", None)


def test_one_tracker_that_is_too_old_is_marked_and_the_other_is_not(house: House) -> None:
    house.connection.execute(
        "insert into raw.tracker_files (spreadsheet_id, name, fully_read_at, seen_at)"
        " values ('sheet-kopi', 'K', %(now)s::timestamptz - interval '37 hours', %(now)s),"
        " ('sheet-ruko', 'R', %(now)s, %(now)s)",
        {"now": house.now},
    )
    assert judged(house, "raw")["incomplete"] == 1
    assert {client: state for client, (state, _) in states(house, "sheets").items()} == {
        "kopi": "incomplete", "ruko": "complete",
    }  # fmt: skip


def test_a_tab_without_cells_marks_its_client_alone(house: House) -> None:
    bare = {"properties": {"title": "OKT 26"}}
    for spreadsheet, payload in (("sheet-kopi", bare), ("sheet-ruko", bare | {"data": [{}]})):
        house.connection.execute(
            "insert into raw.tracker_grids values (%s, 1, 'a', 'OKT 26', %s, %s, %s)",
            (spreadsheet, Jsonb(payload), house.now, house.now),
        )
    assert judged(house, "raw")["incomplete"] == 1
    assert states(house, "sheets")["ruko"] == ("complete", None)


def test_what_a_reading_refused_is_on_record_in_its_own_words_and_is_not_marked_anew(house: House) -> None:
    house.complete("sheets", "kopi", "incomplete")
    house.change("update ops.completeness set reason = 'tab OKT 26 has no heading' where state = 'incomplete'")
    judged(house, "raw")
    assert states(house, "sheets")["kopi"] == ("incomplete", "tab OKT 26 has no heading")
    assert house.read("select scope, rule, observed from ops.quality_results where not success and scope <> 'all'") == [
        ("kopi", "trackers.refused", "tab OKT 26 has no heading")
    ]


def test_rows_of_one_client_are_set_aside_and_those_of_the_other_stay(house: House) -> None:
    house.row(1, units=999)
    house.row(2, client="ruko", outlet="RM-1")
    assert judged(house, "staging")["quarantined"] == 1
    assert house.read("select row_key from staging.tracker_rows") == [(2,)]
    assert house.read(
        "select received, unchanged, quarantined from ops.run_ledger where step = 'gate staging'"
    ) == [(2, 1, 1)]  # fmt: skip


def many_orders(house: House, client: str, first: int, technicians: list[str]) -> None:
    for number in range(first, first + 25):
        house.order(number, client=client, technicians=technicians)


def test_one_client_whose_findings_cannot_be_believed_is_held_and_the_other_is_not(house: House) -> None:
    many_orders(house, "kopi", 1, [])
    many_orders(house, "ruko", 101, ["joko"])
    house.reconcile()
    assert judged(house, "reconciliation")["held"] == 1
    assert held(house.connection) == {"kopi": "none of 25 open orders has a technician"}


def held_after(house: House) -> dict[str, str]:
    judged(house, "reconciliation")
    return held(house.connection)


def many_rows(house: House) -> None:
    for key in range(1, 26):
        house.row(key, on=f"2026-10-{key:02}", outlet="KS-1")


def test_rows_that_were_reconciled_before_any_order_was_loaded_hold_nobody(house: House) -> None:
    """Trackers and Basecamp are read side by side: either may be first."""
    many_rows(house)
    house.change("delete from ops.completeness where source = 'basecamp'")
    house.reconcile()
    assert judged(house, "reconciliation")["held"] == 0
    many_orders(house, "kopi", 1, ["joko"])
    house.complete("basecamp", "account")
    assert judged(house, "reconciliation")["held"] == 0, "loaded, and not yet reconciled"


def test_rows_that_were_loaded_after_the_reconciliation_hold_nobody(house: House) -> None:
    many_orders(house, "kopi", 1, ["joko"])
    house.reconcile()
    many_rows(house)
    assert judged(house, "reconciliation")["held"] == 0


def test_rows_without_their_orders_hold_their_client(house: House) -> None:
    many_rows(house)
    house.order(1, on="2026-12-24", outlet="RM-1", technicians=["joko"])
    house.reconcile()
    assert "only 0 of 25 tracker rows have their order" in held_after(house)["kopi"]


def test_a_client_whose_orders_all_left_a_whole_basecamp_is_held(house: House) -> None:
    many_rows(house)
    house.complete("basecamp", "account")
    house.reconcile()
    assert "only 0 of 25 tracker rows have their order" in held_after(house)["kopi"]


def test_the_newest_verdict_counts_even_at_the_same_moment(house: House) -> None:
    many_orders(house, "kopi", 1, [])
    house.reconcile()
    assert judged(house, "reconciliation")["held"] == 1
    house.change("update staging.orders set assigned = true")
    assert judged(house, "reconciliation")["held"] == 0
    house.change("update staging.orders set assigned = false")
    assert judged(house, "reconciliation")["held"] == 1
    house.change("delete from staging.orders")
    house.reconcile()
    assert judged(house, "reconciliation")["held"] == 0, "what a later verdict does not name has passed"


def test_a_share_far_from_that_of_fourteen_days_is_held_and_never_becomes_usual(house: House) -> None:
    many_orders(house, "kopi", 1, ["joko"])
    house.reconcile()
    for _ in range(14):
        assert judged(house, "reconciliation", later=timedelta(days=1))["held"] == 0
    house.change("update staging.orders set assigned = order_id < 10")  # 36 %: above the floor, far from 100 %
    assert judged(house, "reconciliation", later=timedelta(days=1))["held"] == 1
    assert held(house.connection)["kopi"] == "share assigned is 0.36, in the days before it was 1.00 to 1.00"
    days = "select count(distinct measured_on) from ops.client_measure_days where client = 'kopi'"
    assert house.read(days) == [(14,)]


def test_before_there_are_fourteen_days_only_the_floors_hold(house: House) -> None:
    many_orders(house, "kopi", 1, ["joko"])
    for _ in range(13):
        judged(house, "reconciliation", later=timedelta(days=1))
    house.change("update staging.orders set assigned = order_id < 10")
    assert judged(house, "reconciliation", later=timedelta(days=1))["held"] == 0


def test_a_suite_that_cannot_be_judged_holds_everybody_and_keeps_what_was_known_of_each(house: House) -> None:
    house.order(1)
    house.reconcile()
    judged(house, "reconciliation")
    house.change("alter table reconciliation.links rename column score to points")
    with pytest.raises(Exception, match="columns are missing: score"):
        judged(house, "reconciliation")
    assert set(held(house.connection)) == {"kopi", "ruko"}
    house.change("alter table reconciliation.links rename column points to score")
    judged(house, "reconciliation")
    assert held(house.connection) == {}


def test_a_link_that_is_not_one_to_one_holds_its_client(house: House) -> None:
    house.order(1)
    house.row(11)
    house.row(12, "2026-12-08", "KS-2")
    house.order(2, client="ruko", outlet="RM-1")
    house.reconcile()
    house.change(
        "insert into reconciliation.links select order_id, n, 12, client, score, evidence, rule, 'review',"
        " first_linked_at, last_linked_at from reconciliation.links"
    )
    judged(house, "reconciliation")
    assert held(house.connection) == {"kopi": "order 1/1 has several rows; order 1/1 has several rows"}


def test_a_client_whose_figures_differ_is_named_in_the_recap_that_goes_on(house: House) -> None:
    house.change(
        """
        insert into outputs.recap_months (month, revision, state, content_sha256, figures, computed_at) values
        ('2026-09', 1, 'draft', 'x', '{"total": {"visits": 2}, "by_client": [
            {"client": "kopi", "visits": 1, "units_done": 9}, {"client": "ruko", "visits": 1, "units_done": 2}
        ]}', '2026-10-01');
        insert into outputs.recap_lines (month, revision, line_key, position, client, client_name, services, status,
            units_ordered, units_done, technicians) values
        ('2026-09', 1, 'order:1/1', 1, 'kopi', 'Kopi', '', 'done', 2, 2, 'Joko'),
        ('2026-09', 1, 'order:3/1', 2, 'ruko', 'Ruko', '', 'done', 2, 2, 'Joko')
        """
    )
    assert judged(house, "outputs", "2026-09")["incomplete"] == 1
    assert house.read("select incomplete_clients, state from outputs.recap_months") == [(["kopi"], "draft")]


def test_warnings_alone_change_nothing(house: House) -> None:
    house.order(1, None, None, units=None, services={})
    assert judged(house, "staging") == {
        "rows": 3, "failing": 1, "quarantined": 0, "released": 0, "incomplete": 0, "held": 0,
    }  # fmt: skip


def test_the_newest_ninety_runs_of_a_suite_stay_and_the_last_of_each_day_before(house: House) -> None:
    house.change(
        "insert into ops.quality_runs (run_id, suite, scope, success, checked_at) select 'r' || n, 's', 'all', true,"
        " timestamptz '2026-10-06 05:00+07' - n * interval '6 hours' from generate_series(1600, 1, -1) as n;"
        "insert into ops.quality_results (run_id, suite, scope, rule, severity, success)"
        " select run_id, suite, scope, 'x', 'info', true from ops.quality_runs"
    )
    assert forget_verdicts(house.connection, house.run)["runs"] > 0
    kept = house.read("select run_id from ops.quality_runs")
    assert {f"r{number}" for number in range(1, 91)} <= {run for (run,) in kept}
    assert len(kept) == 90 + 157, "half a year of days behind the ninety runs of the last three weeks"
    assert house.read("select count(*) from ops.quality_results") == [(len(kept),)]
    assert forget_verdicts(house.connection, house.run)["runs"] == 0
