"""The rules of the house, suite by suite in the order in which they are judged.

Orders are never quarantined: their rules only report. A tracker row that fails a critical rule is quarantined; a client
that fails one is marked incomplete; a relation that fails one stops the run.
"""

from rekap.quality.rules import Expectation, Rule, Stage, Suite

MOST_UNITS = 200  # no outlet has that many air conditioners: it is a phone number, a price or a date


def _empty(rule_id: str, column: str) -> Rule:
    return Rule(
        rule_id, "warning", "row", f"t.{column} is null", column, f"{column}_empty",
        Expectation("ExpectColumnValuesToNotBeNull", {"column": column}),
    )  # fmt: skip


TRACKER_ROWS = Suite(
    name="staging.tracker_rows",
    stage="staging",
    relation="staging.tracker_rows",
    key="row_key",
    client="client",
    columns=frozenset({"row_key", "client", "service_date", "outlet", "outlet_text", "units", "status", "order_ref"}),
    quarantines=True,
    rules=(
        Rule(
            "tracker_rows.key_not_unique", "critical", "house",
            "(select count(*) from staging.tracker_rows as d where d.row_key = t.row_key) > 1",
            "row_key", "key_not_unique", Expectation("ExpectColumnValuesToBeUnique", {"column": "row_key"}),
        ),
        Rule(
            "tracker_rows.outlet_missing", "critical", "row", "t.outlet_text is null and t.order_ref is null",
            "outlet", "outlet_missing",
            Expectation("ExpectColumnValuesToNotBeNull", {"column": "outlet_text"}, when_null="order_ref"),
        ),
        # Neither the register nor any order of the client knows the place, and the row names no order.
        Rule(
            "tracker_rows.outlet_unknown", "critical", "row",
            """
            t.outlet is null and t.outlet_text is not null and t.order_ref is null
            and exists (select 1 from staging.outlets as u where u.client = t.client and u.active)
            and not exists (
                select 1 from staging.visits as v inner join staging.orders as o on v.order_id = o.order_id
                where o.client = t.client and lower(btrim(v.outlet_text)) = lower(btrim(t.outlet_text))
            )
            """,
            "outlet", "outlet_unknown",
        ),
        Rule(
            "tracker_rows.outlet_unregistered", "warning", "row", "t.outlet is null and t.outlet_text is not null",
            "outlet", "outlet_unregistered",
        ),
        Rule(
            "tracker_rows.units_absurd", "critical", "row", f"t.units > {MOST_UNITS}", "units", "units_absurd",
            Expectation("ExpectColumnValuesToBeBetween", {"column": "units", "max_value": MOST_UNITS}),
        ),
        Rule(
            "tracker_rows.date_far", "critical", "row", "'date_far' = any(t.flags)", "service_date", "date_far",
        ),
        Rule(
            "tracker_rows.service_missing", "warning", "row",
            "not exists (select 1 from staging.tracker_row_services as v where v.row_key = t.row_key)",
            "service", "service_missing",
        ),
        Rule(
            "tracker_rows.status_unknown", "warning", "row", "'status_unknown' = any(t.flags)", "status",
            "status_unknown",
        ),
    ),
)  # fmt: skip

ORDERS = Suite(
    name="staging.orders",
    stage="staging",
    relation="staging.orders",
    key="order_id",
    client="client",
    columns=frozenset({"order_id", "client", "life_cycle", "completed", "assigned", "service_date", "outlet", "units"}),
    rules=(
        Rule(
            "orders.key_not_unique", "critical", "house",
            "(select count(*) from staging.orders as d where d.order_id = t.order_id) > 1",
            "order_id", "key_not_unique", Expectation("ExpectColumnValuesToBeUnique", {"column": "order_id"}),
        ),
        Rule(
            "orders.life_cycle_unknown", "critical", "house",
            "t.life_cycle not in ('active', 'archived', 'trashed', 'gone')", "life_cycle", "life_cycle_unknown",
            Expectation(
                "ExpectColumnValuesToBeInSet",
                {"column": "life_cycle", "value_set": ["active", "archived", "trashed", "gone"]},
            ),
        ),
        _empty("orders.date_empty", "service_date"),
        _empty("orders.outlet_empty", "outlet"),
        _empty("orders.units_empty", "units"),
        Rule(
            "orders.service_missing", "warning", "row",
            "not exists (select 1 from staging.order_services as v where v.order_id = t.order_id)",
            "service", "service_missing",
        ),
        Rule("orders.units_absurd", "warning", "row", f"t.units > {MOST_UNITS}", "units", "units_absurd",
            Expectation("ExpectColumnValuesToBeBetween", {"column": "units", "max_value": MOST_UNITS})),
    ),
)  # fmt: skip

TRACKERS = Suite(
    name="staging.trackers",
    stage="staging",
    relation="ops.tracker_quality",
    key="client",
    client="client",
    columns=frozenset({"client", "loaded_rows", "quarantined_rows", "lines_read", "lines_read_before"}),
    rules=(
        Rule(
            "trackers.too_much_quarantined", "critical", "client",
            "t.loaded_rows + t.quarantined_rows >= %(least_rows_to_judge)s"
            " and t.quarantined_rows > %(most_quarantined_share)s * (t.loaded_rows + t.quarantined_rows)",
            "row_key", "too_much_quarantined",
            observed="t.quarantined_rows || ' of ' || (t.loaded_rows + t.quarantined_rows)"
            " || ' rows of the tracker cannot be used: look at the rows in quarantine and repair them in the sheet.'",
        ),
        Rule(
            "trackers.shrunk", "critical", "client",
            "t.lines_read_before >= %(least_rows_to_judge)s"
            " and t.lines_read < %(least_share_of_last_read)s * t.lines_read_before",
            "row_key", "shrunk",
            observed="'the tracker holds ' || t.lines_read || ' lines, it held ' || t.lines_read_before"
            " || ' at the reading before: undo it in the version history, or leave it and it counts from the next"
            " reading on.'",
        ),
        Rule(
            "trackers.repeated", "critical", "client",
            "t.loaded_rows >= %(least_rows_to_judge)s"
            " and t.repeated_rows > %(most_quarantined_share)s * t.loaded_rows",
            "row_key", "repeated",
            observed="t.repeated_rows || ' of ' || t.loaded_rows || ' rows of the tracker stand in it more than once:"
            " remove what was pasted twice.'",
        ),
    ),
)  # fmt: skip

BASECAMP_ITEMS = Suite(
    name="raw.basecamp_items",
    stage="raw",
    relation="raw.basecamp_items",
    key="id",
    columns=frozenset({"kind", "id", "content_sha256", "payload", "updated_at", "last_read_at"}),
    rules=(
        Rule(
            "basecamp_items.payload_of_another", "critical", "house",
            "(t.payload ->> 'id')::bigint is distinct from t.id",
            "payload", "payload_of_another",
        ),
        Rule(
            "basecamp_items.todo_without_time", "warning", "row", "t.kind = 'todo' and t.updated_at is null",
            "updated_at", "todo_without_time",
        ),
    ),
)  # fmt: skip

# The veto of DESIGN section 6: a critical failure holds the client's messages, so that a changed payload never becomes
# two hundred alarms. Floors are absolute; bands of 14 days of history come with that history.
ALERTABLE = Suite(
    name="reconciliation.alertable",
    stage="reconciliation",
    relation="ops.client_quality",
    key="client",
    client="client",
    columns=frozenset({"client", "open_orders", "assigned_orders", "dated_orders", "loaded_rows", "linked_rows"}),
    rules=(
        Rule(
            "alertable.nobody_assigned", "critical", "client", "t.open_orders >= 20 and t.assigned_orders = 0",
            "technician", "nobody_assigned", observed="'none of ' || t.open_orders || ' open orders has a technician'",
        ),
        Rule(
            "alertable.hardly_dated", "critical", "client",
            "t.open_orders >= 20 and t.dated_orders * 5 < t.open_orders",
            "service_date", "hardly_dated",
            observed="'only ' || t.dated_orders || ' of ' || t.open_orders || ' open orders have a date'",
        ),
        Rule(
            "alertable.hardly_linked", "critical", "client",
            "t.loaded_rows >= 20 and t.linked_rows * 5 < t.loaded_rows",
            "row_key", "hardly_linked",
            observed="'only ' || t.linked_rows || ' of ' || t.loaded_rows || ' tracker rows have their order'",
        ),
    ),
)  # fmt: skip

RECAP_LINES = Suite(
    name="outputs.recap_lines",
    stage="outputs",
    relation="outputs.recap_lines",
    key="line_key",
    client="client",
    columns=frozenset({"month", "revision", "line_key", "client", "service_date", "units_ordered", "units_done"}),
    only="s.month = %(month)s and s.revision = (select max(m.revision) from outputs.recap_months as m"
    " where m.month = s.month)",
    rules=(
        Rule(
            "recap_lines.units_absurd", "warning", "row", f"greatest(t.units_done, t.units_ordered) > {MOST_UNITS}",
            "units_done", "units_absurd",
        ),
        Rule(
            "recap_lines.more_done_than_ordered", "warning", "row", "t.units_done > t.units_ordered", "units_done",
            "more_done_than_ordered",
        ),
        Rule(
            "recap_lines.done_without_technician", "warning", "row",
            "t.status in ('done', 'partial') and t.technicians = ''", "technicians", "done_without_technician",
        ),
    ),
)  # fmt: skip

RECAP_MONTHS = Suite(
    name="outputs.recap_months",
    stage="outputs",
    relation="outputs.recap_months",
    key="revision",
    columns=frozenset({"month", "revision", "state", "content_sha256", "figures", "incomplete_clients"}),
    only="s.month = %(month)s and s.revision = (select max(m.revision) from outputs.recap_months as m"
    " where m.month = s.month)",
    rules=(
        Rule(
            "recap_months.lines_do_not_add_up", "critical", "house",
            "(t.figures -> 'total' ->> 'visits')::bigint is distinct from"
            " (select count(*) from outputs.recap_lines as l where l.month = t.month and l.revision = t.revision)",
            "figures", "lines_do_not_add_up",
        ),
        Rule(
            "recap_months.position_not_unique", "critical", "house",
            "(select count(*) <> count(distinct l.position) from outputs.recap_lines as l"
            " where l.month = t.month and l.revision = t.revision)",
            "position", "position_not_unique",
        ),
        Rule(
            "recap_months.clients_do_not_add_up", "critical", "house",
            "(t.figures -> 'total' ->> 'visits')::bigint is distinct from"
            " (select coalesce(sum((c ->> 'visits')::bigint), 0)"
            " from jsonb_array_elements(t.figures -> 'by_client') as c)",
            "figures", "clients_do_not_add_up",
        ),
    ),
)  # fmt: skip

SUITES = (BASECAMP_ITEMS, TRACKER_ROWS, ORDERS, TRACKERS, ALERTABLE, RECAP_LINES, RECAP_MONTHS)


def of_stage(stage: Stage) -> list[Suite]:
    """The suites of a stage in the order in which they are judged."""
    return [suite for suite in SUITES if suite.stage == stage]
