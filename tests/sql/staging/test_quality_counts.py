"""Both forms of every rule, on a warehouse in which every rule has rows that fail and rows that pass."""

import random
from datetime import timedelta

import pytest
from psycopg.types.json import Jsonb

from rekap.quality.expectations import COLUMNS, judge
from rekap.quality.gate import bound_values
from rekap.quality.naming import name_failing
from rekap.quality.registry import SUITES
from rekap.warehouse import Connection
from tests.sql.reconciliation.house import NOW, House

# What the tables themselves make impossible; the rules stand guard should a migration lose it.
LOST_BY_A_MIGRATION = """
alter table staging.tracker_rows drop constraint tracker_rows_pkey cascade;
alter table staging.orders drop constraint orders_pkey cascade;
alter table staging.orders drop constraint orders_life_cycle_check;
alter table staging.visits drop constraint visits_pkey cascade;
alter table reconciliation.visits drop constraint visits_pkey;
alter table reconciliation.findings drop constraint findings_kind_subject_key;
drop index reconciliation.links_one_per_row;
"""
FEW = {"least_rows_to_judge": 4, "least_orders_to_alert": 4}


@pytest.fixture
def house(warehouse_connection: Connection) -> House:
    return House(warehouse_connection)


def staged(house: House, seed: int) -> None:
    """Orders and rows of two clients, each drawn with everything that may be wrong with it."""
    draw = random.Random(seed)
    for number in range(1, 60):
        unknown = draw.random() < 0.3
        house.order(
            number, draw.choice([None] * 9 + ["2026-10-08"]), None if unknown else draw.choice(["KS-1", "KS-2"]),
            outlet_text="Gudang" if unknown else "KS-1", units=draw.choice([None, 2, 200, 201, 900]),
            services=draw.choice([{}, {"cleaning": 2}]), life_cycle=draw.choice(["active", "trashed", "melted"]),
            technicians=[], client=draw.choice(["kopi", "ruko"]),
        )  # fmt: skip
    for number in range(1, 160):
        outlet = draw.choice([None, "KS-1", "KS-2"])
        house.row(
            number, f"2026-11-{draw.randint(1, 28):02}", outlet,
            outlet_text=outlet or draw.choice([None, "Ruko Entah", "gudang"]), order_ref=draw.choice([None, 1]),
            units=draw.choice([1, 200, 201]), services=draw.choice([{}, {"repair": 1}]), content_sha256="same",
            flags=draw.sample(["date_far", "status_unknown", "date_swapped"], draw.randint(0, 2)),
        )  # fmt: skip
    for number in range(300, 420):
        house.quarantined_row(number, None)
    house.change("insert into staging.tracker_rows select * from staging.tracker_rows where row_key < 4")
    house.change("insert into staging.orders select * from staging.orders where order_id < 6")


def read(house: House) -> None:
    """Records that lack something, sources that are old, far less than before."""
    whole = {
        "status": "active", "created_at": "x", "updated_at": "x", "title": "x", "completed": False, "assignees": [],
        "due_on": None, "visible_to_clients": False, "bucket": {"id": 1},
    }  # fmt: skip
    for number, (kind, payload) in enumerate(
        (
            ("todo", {"id": 1} | whole), ("todo", {"id": 2} | whole | {"assignees": None}), ("todo", {"id": 9} | whole),
            ("todo", {"id": 4, "status": "gone"}), ("comment", {"id": 5}), ("person", {}), ("project", {"id": 7}),
        ),
        start=1,
    ):  # fmt: skip
        for statement in (
            "insert into raw.basecamp_items (kind, id, content_sha256, payload, first_read_at, last_read_at)"
            " values (%(kind)s, %(id)s, 'a', %(payload)s, %(now)s, %(now)s)",
            "insert into raw.basecamp_newest (kind, id, content_sha256, read_no, project_id)"
            " values (%(kind)s, %(id)s, 'a', %(id)s, 1)",
        ):
            house.connection.execute(
                statement, {"kind": kind, "id": number, "payload": Jsonb(payload), "now": house.now}
            )
    house.connection.execute("insert into staging.client_scopes values ('kopi', 'project', 1), ('ruko', 'project', 2)")
    for payload in ({"properties": {"title": "A"}, "data": [{}]}, {"properties": {"title": "B"}}, {"data": []}):
        house.connection.execute(
            "insert into raw.tracker_grids values ('sheet-kopi', 1, %s, 'A', %s, %s, %s),"
            " ('lost', 1, %s, 'A', %s, %s, %s)",
            (str(payload), Jsonb(payload), house.now, house.now) * 2,
        )
    old = house.now - timedelta(days=3)
    house.connection.execute(
        "insert into raw.tracker_files (spreadsheet_id, name, fully_read_at, seen_at)"
        " values ('sheet-kopi', 'K', %s, %s)",
        (old, old),
    )
    house.change(
        "update ops.completeness set checked_at = checked_at - interval '3 days', expected = 100, counted = 100"
    )
    for expected, source, scope in ((30, "basecamp", "account"), (20, "sheets", "kopi")):
        house.complete(source, scope)
        house.connection.execute(
            "update ops.completeness set expected = %s, counted = %s, checked_at = %s where run_id = %s",
            (expected, expected, old + timedelta(minutes=5), house.run.id),
        )
    house.change("update staging.clients set spreadsheet_id = 'sheet-ruko' where slug = 'ruko'")
    house.complete("sheets", "ruko", "incomplete")
    house.change("update ops.completeness set reason = 'tab OKT 26 has no heading' where scope = 'ruko'")


def reconciled(house: House) -> None:
    """Links that are not one to one, visits and findings that cannot be."""
    house.change(
        """
        insert into reconciliation.links (order_id, n, row_key, client, score, rule, decision, first_linked_at,
            last_linked_at)
        select v.order_id, v.n, v.row_key, v.client, 1, 'reference', v.decision, '2026-10-01', '2026-10-01'
        from (values (1, 1, 1, 'kopi', 'accepted'), (2, 1, 1, 'kopi', 'review'), (2, 1, 2, 'kopi', 'accepted'),
            (3, 1, 3, 'kopi', 'refused'), (4, 1, 3, 'kopi', 'refused'), (5, 1, 5, 'ruko', 'accepted'))
        as v (order_id, n, row_key, client, decision)
        """
    )
    line = "'kopi', 'scheduled', {0} is null, {1} is null, '2026-10-01', '2026-10-01'"
    for line_key, order_id, n, row_key in (
        ("order:1/1", "1", "1", "1"), ("order:1/1", "1", "1", "1"), ("order:2/1", "2", "1", "1"),
        ("order:3/1", "3", "1", "null"), ("order:4/1", "4", "1", "40"), ("row:41", "null", "null", "41"),
    ):  # fmt: skip
        house.change(
            "insert into reconciliation.visits (line_key, order_id, n, row_key, client, status, without_order,"
            " without_row, first_seen_at, changed_at) values"
            f" ('{line_key}', {order_id}, {n}, {row_key}, {line.format(order_id, row_key)})"
        )
    house.change(
        "insert into reconciliation.visits (line_key, order_id, n, client, status, without_order, without_row,"
        " first_seen_at, changed_at) select 'order:' || o.order_id || '/1', o.order_id, 1,"
        " case o.client when 'kopi' then 'ruko' else 'kopi' end, 'scheduled', false, true, '2026-10-01', '2026-10-01'"
        " from staging.orders as o where o.order_id between 20 and 24"
    )
    house.change(
        "insert into reconciliation.visits (line_key, row_key, client, status, without_order, without_row,"
        " first_seen_at, changed_at) select 'row:' || n, n, 'kopi', 'scheduled', true, false, '2026-10-01',"
        " '2026-10-01' from generate_series(1000, 1030) as n"
    )
    for subject, order_id in (
        *((f"order:{number}", number) for number in range(1, 60)), ("order:1/2+order:2/1", 1), ("row:8+row:9", 1),
        ("technician:joko/2026-10-12", 1), ("client:kopi", 1), ("source:basecamp", 1), ("month:2026-10", 1),
        ("order:7", 7), ("somewhere", 8), ("order:x", 9), ("order:999", 999),
    ):  # fmt: skip
        house.change(
            "insert into reconciliation.findings"
            " (kind, subject, client, order_id, sources, first_seen_at, last_seen_at)"
            f" values ('unassigned', '{subject}', 'kopi', {order_id}, '{{basecamp}}', '2026-10-01', '2026-10-01')"
        )
    house.change(
        "insert into reconciliation.findings (kind, subject, client, sources, first_seen_at, last_seen_at)"
        " select 'missed', 'row:' || n, 'kopi', '{basecamp}', '2026-10-01', '2026-10-01'"
        " from generate_series(1, 200) as n"
    )
    house.change(
        "insert into ops.client_measure_days select 'kopi', m.measure, date '2026-10-05' - n, m.value"
        " from generate_series(1, 14) as n"
        " cross join (values ('linked', 0.99), ('assigned', 0.1)) as m (measure, value)"
    )


def reported(house: House) -> None:
    """A month whose figures are not those of its lines, and that lost most of them."""
    house.change(
        """
        insert into outputs.recap_months (month, revision, state, content_sha256, figures, computed_at) values
        ('2026-09', 1, 'draft', 'x', '{"total": {"visits": 4}, "by_client": [
            {"client": "kopi", "visits": 5, "units_done": 6}, {"client": "ruko", "visits": 1, "units_done": 2}
        ]}', '2026-10-01');
        insert into outputs.recap_lines (month, revision, line_key, position, client, client_name, services, status,
            units_ordered, units_done, technicians) values
        ('2026-09', 1, 'order:1/1', 1, 'kopi', 'Kopi', '', 'done', 2, 3, ''),
        ('2026-09', 1, 'order:2/1', 1, 'kopi', 'Kopi', '', 'done', 2, 300, 'Joko'),
        ('2026-09', 1, 'order:3/1', 2, 'ruko', 'Ruko', '', 'done', 2, 2, 'Joko');
        update reconciliation.visits set month = '2026-09'
        """
    )


@pytest.mark.parametrize("seed", [1, 2])
def test_great_expectations_and_the_sql_pass_count_the_same_failures_of_every_rule(house: House, seed: int) -> None:
    house.change(LOST_BY_A_MIGRATION)
    staged(house, seed)
    read(house)
    reconciled(house)
    reported(house)
    bound = bound_values(house.run, "2026-09") | FEW
    counts: dict[str, tuple[int, int]] = {}
    with judge(house.connection, bound) as judging:
        for suite in SUITES:
            verdicts = judging.validate(suite)
            named = name_failing(house.connection, suite, bound)
            house.connection.commit()
            assert {rule: verdict.error for rule, verdict in verdicts.items() if verdict.error} == {}
            assert verdicts.pop(COLUMNS).failing == 0
            for rule in suite.rules:
                counts[rule.id] = (verdicts[rule.id].failing, sum(rule.id in one.observed for one in named))
    assert {rule: pair for rule, pair in counts.items() if pair[0] != pair[1]} == {}
    assert [rule for rule, pair in counts.items() if pair[0] == 0] == [], "each must have something to find"
    assert house.now == NOW
