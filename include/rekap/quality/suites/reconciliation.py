"""Reconciliation: links one to one, keys that hold, and whether what was found may be told to people.

The veto of docs/rules.md: a critical failure here holds the client's messages (ops.held), so that a changed payload
never becomes two hundred alarms. Floors hold from the first day, bands once there are enough days to compare with.
"""

from rekap.quality.rules import Expectation, Rule, Suite

LINKS = Suite(
    name="reconciliation.links",
    stage="reconciliation",
    relation="reconciliation.links",
    key="row_key",
    client="client",
    columns=frozenset({"order_id", "n", "row_key", "client", "score", "rule", "decision"}),
    rules=(
        Rule(
            "links.row_linked_twice", "critical", "row",
            """
            t.decision <> 'refused' and exists (
                select from reconciliation.links as d
                where d.row_key = t.row_key and d.decision <> 'refused' and (d.order_id, d.n) <> (t.order_id, t.n)
            )
            """,
            "row_key", "linked_twice", observed="'row ' || t.row_key || ' has several orders'",
        ),
        Rule(
            "links.visit_linked_twice", "critical", "row",
            """
            t.decision <> 'refused' and exists (
                select from reconciliation.links as d
                where d.order_id = t.order_id and d.n = t.n and d.decision <> 'refused' and d.row_key <> t.row_key
            )
            """,
            "order_id", "linked_twice", observed="'order ' || t.order_id || '/' || t.n || ' has several rows'",
        ),
        Rule(
            "links.of_another_client", "critical", "row",
            """
            exists (select from staging.orders as o where o.order_id = t.order_id and o.client <> t.client)
            or exists (select from staging.tracker_rows as r where r.row_key = t.row_key and r.client <> t.client)
            """,
            "client", "of_another_client",
            observed="'order ' || t.order_id || ' and row ' || t.row_key || ' belong to different clients'",
        ),
    ),
)  # fmt: skip

VISITS = Suite(
    name="reconciliation.visits",
    stage="reconciliation",
    relation="reconciliation.visits",
    key="line_key",
    client="client",
    columns=frozenset({"line_key", "order_id", "n", "row_key", "client", "month", "service_date", "status"}),
    rules=(
        Rule(
            "visits.key_not_unique", "critical", "row",
            "(select count(*) from reconciliation.visits as d where d.line_key = t.line_key) > 1",
            "line_key", "key_not_unique", Expectation("ExpectColumnValuesToBeUnique", {"column": "line_key"}),
            observed="t.line_key || ' stands there more than once'",
        ),
        Rule(
            "visits.counted_twice", "critical", "row",
            """
            t.row_key is not null and exists (
                select from reconciliation.visits as d
                where d.row_key = t.row_key and d.line_key <> t.line_key
            )
            """,
            "row_key", "counted_twice", observed="'row ' || t.row_key || ' counts for several visits'",
        ),
        Rule(
            "visits.joined_without_link", "critical", "row",
            """
            t.order_id is not null
            and exists (select from staging.tracker_rows as r where r.row_key = t.row_key)
            and not exists (
                select from reconciliation.links as l
                where l.order_id = t.order_id and l.n = t.n and l.row_key = t.row_key and l.decision <> 'refused'
            )
            """,
            "row_key", "joined_without_link", observed="t.line_key || ' takes values of row ' || t.row_key",
        ),
        Rule(
            "visits.of_another_client", "critical", "row",
            "exists (select from staging.orders as o where o.order_id = t.order_id and o.client <> t.client)",
            "client", "of_another_client", observed="t.line_key || ' belongs to another client'",
        ),
    ),
)  # fmt: skip

# order:12, row:88, several of them in ascending order, a technician's day, a client, a source, a month.
SUBJECT = (
    r"^((order:\d+(/\d+)?)(\+order:\d+(/\d+)?)*|row:\d+(\+row:\d+)*|technician:[^/]+/\d{4}-\d\d-\d\d"
    r"|client:[a-z0-9][a-z0-9-]*|source:[a-z]+|month:\d{4}-\d\d)$"
)

FINDINGS = Suite(
    name="reconciliation.findings",
    stage="reconciliation",
    relation="reconciliation.findings",
    key="finding_id",
    client="client",
    columns=frozenset({"finding_id", "kind", "subject", "client", "order_id", "sources", "cleared_at"}),
    only="s.cleared_at is null",
    rules=(
        Rule(
            "findings.key_not_unique", "critical", "row",
            "(select count(*) from reconciliation.findings as d where d.kind = t.kind and d.subject = t.subject) > 1",
            "subject", "key_not_unique", observed="t.kind || ' ' || t.subject || ' stands there more than once'",
        ),
        Rule(
            "findings.subject_unknown", "critical", "row", f"t.subject !~ '{SUBJECT}'", "subject", "subject_unknown",
            observed="t.kind || ' ' || t.subject || ' names nothing that is known'",
        ),
        Rule(
            "findings.of_no_order", "critical", "row",
            """
            t.order_id is not null
            and not exists (select from staging.orders as o where o.order_id = t.order_id)
            """,
            "order_id", "of_no_order", observed="t.kind || ' is about order ' || t.order_id || ', which is not there'",
        ),
    ),
)  # fmt: skip

MEASURES = Suite(
    name="reconciliation.measures",
    stage="reconciliation",
    relation="ops.client_measures",
    key="key",
    client="client",
    columns=frozenset({"key", "client", "measure", "base", "value"}),
    only="s.base >= %(least_orders_to_alert)s",
    rules=(
        Rule(
            # Orders without technician have a floor of their own (alertable.nobody_assigned).
            "measures.too_many_findings", "critical", "row",
            "t.measure like 'findings %%' and t.measure <> 'findings unassigned' and t.value > 0.9",
            "finding_id", "too_many_findings",
            observed="t.measure || ': ' || round(t.value::numeric, 2) || ' of ' || t.base || ' orders and rows'",
        ),
        Rule(
            "measures.outside_band", "critical", "row",
            """
            exists (
                select from ops.client_measure_days as d
                where
                    d.client = t.client and d.measure = t.measure
                    and d.measured_on < %(today)s and d.measured_on >= %(today)s::date - 2 * %(band_days)s
                having
                    count(*) >= %(band_days)s
                    and (t.value < min(d.value) - %(band_slack)s or t.value > max(d.value) + %(band_slack)s)
            )
            """,
            "finding_id", "outside_band",
            observed="'share ' || t.measure || ' is ' || round(t.value::numeric, 2) || ', in the days before it was '"
            " || coalesce((select round(min(d.value)::numeric, 2) || ' to ' || round(max(d.value)::numeric, 2)"
            " from ops.client_measure_days as d where d.client = t.client and d.measure = t.measure"
            " and d.measured_on < %(today)s and d.measured_on >= %(today)s::date - 2 * %(band_days)s), 'unknown')",
        ),
    ),
)  # fmt: skip

ALERTABLE = Suite(
    name="reconciliation.alertable",
    stage="reconciliation",
    relation="ops.client_quality",
    key="client",
    client="client",
    columns=frozenset(
        {"client", "open_orders", "assigned_orders", "dated_orders", "loaded_rows", "linked_rows", "orders_known"}
    ),
    rules=(
        Rule(
            "alertable.nobody_assigned", "critical", "client",
            "t.open_orders >= %(least_orders_to_alert)s and t.assigned_orders = 0",
            "technician", "nobody_assigned", observed="'none of ' || t.open_orders || ' open orders has a technician'",
        ),
        Rule(
            "alertable.hardly_dated", "critical", "client",
            "t.open_orders >= %(least_orders_to_alert)s and t.dated_orders * 5 < t.open_orders",
            "service_date", "hardly_dated",
            observed="'only ' || t.dated_orders || ' of ' || t.open_orders || ' open orders have a date'",
        ),
        Rule(
            "alertable.hardly_linked", "critical", "client",
            "t.orders_known and t.loaded_rows >= %(least_orders_to_alert)s and t.linked_rows * 5 < t.loaded_rows",
            "row_key", "hardly_linked",
            observed="'only ' || t.linked_rows || ' of ' || t.loaded_rows || ' tracker rows have their order'",
        ),
    ),
)  # fmt: skip

SUITES = (LINKS, VISITS, FINDINGS, ALERTABLE, MEASURES)
