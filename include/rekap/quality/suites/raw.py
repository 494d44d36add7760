"""Raw: whether what was read is of the form that its readers know, whole, and new enough; judged scope by scope.

What lies in a record is looked at by raw.item_lacks and raw.grid_lacks when it is written, so that a gate costs the
same however much there is. A tracker of which a tab has lost its heading is refused by its reading already
(docs/rules.md): here that verdict is kept beside the others.
"""

from rekap.quality.rules import Rule, Suite

BASECAMP = Suite(
    name="raw.basecamp",
    stage="raw",
    relation="ops.basecamp_quality",
    key="scope",
    client="scope",
    columns=frozenset({"scope", "lacking_records", "examples", "read_at", "expected", "expected_before"}),
    marks="basecamp",
    rules=(
        Rule(
            "basecamp.schema_changed", "critical", "client", "t.lacking_records > 0", "payload", "schema_changed",
            observed="t.lacking_records || ' records lack what their reader needs: ' || t.examples"
            " || '; they keep their last state. Compare them with the API''s documentation and teach the reader.'",
        ),
        Rule(
            "basecamp.too_old", "critical", "client",
            "t.read_at < %(now)s::timestamptz - make_interval(hours => %(most_hours_basecamp)s)",
            "read_at", "too_old",
            observed="'Basecamp was last read whole at ' || to_char(t.read_at at time zone %(zone)s,"
            " 'YYYY-MM-DD HH24:MI') || ': look why extract_basecamp does not run.'",
        ),
        Rule(
            "basecamp.shrunk", "critical", "client",
            "t.expected_before >= %(least_rows_to_judge)s"
            " and t.expected < %(least_share_of_last_read)s * t.expected_before",
            "expected", "shrunk",
            observed="'Basecamp shows ' || t.expected || ' to-dos, it showed ' || t.expected_before || ' within the day"
            " before: look whether Rekap''s user lost projects. If that is meant, it counts after a day.'",
        ),
    ),
)  # fmt: skip

TRACKERS = Suite(
    name="raw.trackers",
    stage="raw",
    relation="ops.tracker_quality",
    key="client",
    client="client",
    columns=frozenset({"client", "lines_read", "lines_read_before", "read_at", "is_refused", "reason", "lacking_tabs"}),
    marks="sheets",
    rules=(
        Rule(
            "trackers.schema_changed", "critical", "client", "t.lacking_tabs > 0", "payload", "schema_changed",
            observed="t.lacking_tabs || ' tabs came without what their reader needs: ' || t.example"
            " || '; the last good rows stay. Compare them with the API''s documentation.'",
        ),
        # Said by the reading itself, which knows more: nothing is marked anew.
        Rule(
            "trackers.refused", "critical", "client", "t.is_refused", "tab", "tracker_refused", observed="t.reason",
        ),
        Rule(
            "trackers.too_old", "critical", "client",
            "t.read_at < %(now)s::timestamptz - make_interval(hours => %(most_hours_tracker)s)",
            "read_at", "too_old",
            observed="'the tracker was last read whole at ' || to_char(t.read_at at time zone %(zone)s,"
            " 'YYYY-MM-DD HH24:MI') || ': look why extract_trackers does not read it.'",
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
    ),
)  # fmt: skip

BASECAMP_ITEMS = Suite(
    name="raw.basecamp_items",
    stage="raw",
    relation="raw.basecamp_items",
    key="id",
    columns=frozenset({"kind", "id", "content_sha256", "payload", "updated_at", "last_read_at"}),
    only="exists (select from raw.basecamp_newest as n"
    " where n.kind = s.kind and n.id = s.id and n.content_sha256 = s.content_sha256)",
    nightly=True,
    rules=(
        Rule(
            "basecamp_items.payload_of_another", "critical", "row", "t.payload ->> 'id' is distinct from t.id::text",
            "payload", "payload_of_another",
        ),
        Rule(
            "basecamp_items.schema_changed", "critical", "row", "raw.item_lacks(t.kind, t.id, t.payload) <> ''",
            "payload", "schema_changed", observed="raw.item_lacks(t.kind, t.id, t.payload)",
        ),
        Rule(
            "basecamp_items.todo_without_time", "warning", "row", "t.kind = 'todo' and t.updated_at is null",
            "updated_at", "todo_without_time",
        ),
    ),
)  # fmt: skip

TRACKER_GRIDS = Suite(
    name="raw.tracker_grids",
    stage="raw",
    relation="raw.tracker_grids",
    key="content_sha256",
    columns=frozenset({"spreadsheet_id", "sheet_id", "content_sha256", "title", "payload", "last_read_at"}),
    only="s.last_read_at = (select max(n.last_read_at) from raw.tracker_grids as n"
    " where n.spreadsheet_id = s.spreadsheet_id)",
    nightly=True,
    rules=(
        Rule(
            "tracker_grids.schema_changed", "critical", "row", "raw.grid_lacks(t.payload) <> ''",
            "payload", "schema_changed", observed="raw.grid_lacks(t.payload)",
        ),
        Rule(
            "tracker_grids.of_nobody", "info", "row",
            "not exists (select from staging.clients as c where c.spreadsheet_id = t.spreadsheet_id)",
            "spreadsheet_id", "grid_of_nobody",
        ),
    ),
)  # fmt: skip

SUITES = (BASECAMP, TRACKERS, BASECAMP_ITEMS, TRACKER_GRIDS)
