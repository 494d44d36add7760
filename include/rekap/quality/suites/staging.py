"""Staging: rows that nobody can use are set aside, orders are only reported, trackers with too many are marked."""

from rekap.quality.rules import Expectation, Rule, Suite
from rekap.quality.suites import MOST_UNITS


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
            and (t.client, lower(btrim(t.outlet_text))) not in (
                select o.client, lower(btrim(v.outlet_text))
                from staging.visits as v inner join staging.orders as o on v.order_id = o.order_id
                where v.outlet_text is not null
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
    columns=frozenset({"client", "loaded_rows", "quarantined_rows", "repeated_rows"}),
    marks="sheets",
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
            "trackers.repeated", "critical", "client",
            "t.loaded_rows >= %(least_rows_to_judge)s"
            " and t.repeated_rows > %(most_quarantined_share)s * t.loaded_rows",
            "row_key", "repeated",
            observed="t.repeated_rows || ' of ' || t.loaded_rows || ' rows of the tracker stand in it more than once:"
            " remove what was pasted twice.'",
        ),
    ),
)  # fmt: skip

SUITES = (TRACKER_ROWS, ORDERS, TRACKERS)
