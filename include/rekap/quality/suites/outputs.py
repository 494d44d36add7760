"""Outputs: a month is judged before it is published. What a single client's part lacks marks that client in it."""

from rekap.quality.rules import Rule, Suite
from rekap.quality.suites import MOST_UNITS

NEWEST = (
    "s.month = %(month)s and s.revision = (select max(m.revision) from outputs.recap_months as m"
    " where m.month = s.month)"
)

RECAP_LINES = Suite(
    name="outputs.recap_lines",
    stage="outputs",
    relation="outputs.recap_lines",
    key="line_key",
    client="client",
    columns=frozenset({"month", "revision", "line_key", "client", "service_date", "units_ordered", "units_done"}),
    only=NEWEST,
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
    only=NEWEST,
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

# One line a client of the month. The values that count may have moved on since the month was computed: only what is far
# off is wrong.
RECAP_CLIENTS = Suite(
    name="outputs.recap_clients",
    stage="outputs",
    relation="ops.recap_quality",
    key="client",
    client="client",
    columns=frozenset({"month", "revision", "client", "lines", "lines_by_figures", "units_done", "visits"}),
    only=NEWEST,
    marks="recap",
    rules=(
        Rule(
            "recap_clients.figures_differ", "critical", "client",
            "t.lines is distinct from t.lines_by_figures or t.units_done is distinct from t.units_by_figures",
            "figures", "lines_do_not_add_up",
            observed="t.lines || ' lines with ' || t.units_done || ' units, its figures say '"
            " || coalesce(t.lines_by_figures::text, '-') || ' and ' || coalesce(t.units_by_figures::text, '-')",
        ),
        Rule(
            "recap_clients.lines_lost", "critical", "client",
            "t.visits >= %(least_rows_to_judge)s and t.lines < %(least_share_of_last_read)s * t.visits",
            "line_key", "lines_lost",
            observed="'the month holds ' || t.lines || ' lines of this client, it has ' || t.visits || ' visits'",
        ),
    ),
)  # fmt: skip

SUITES = (RECAP_LINES, RECAP_CLIENTS, RECAP_MONTHS)
