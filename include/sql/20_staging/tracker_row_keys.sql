-- grain: row_key; one thing that people wrote as a row of a tracker, readable or not
-- inputs: load_tracker_row_keys (row_key null for a new row), %(spreadsheet)s, %(hidden)s (sheet ids that nobody sees
-- now: their rows are not missing), %(now)s
-- re-run: the same grid changes nothing but last_seen_at; a row that is missing in two reads is gone
-- returns: row_key, sheet_id, row of every row of the grid
with seen as (
    update staging.tracker_row_keys as k
    set
        client = n.client,
        sheet_id = n.sheet_id,
        row = n.row,
        content_sha256 = n.content_sha256,
        order_ref = n.order_ref,
        -- a date that cannot be read now leaves the last one that could: by it the row is known again
        service_date = coalesce(n.service_date, k.service_date),
        outlet_text = n.outlet_text,
        service_text = n.service_text,
        units = n.units,
        last_seen_at = %(now)s,
        missing_reads = 0
    from load_tracker_row_keys as n
    where n.row_key = k.row_key
    returning k.row_key, k.sheet_id, k.row
),

made as (
    insert into staging.tracker_row_keys (
        client, spreadsheet_id, sheet_id, row, content_sha256, order_ref, service_date, outlet_text, service_text,
        units, first_seen_at, last_seen_at
    )
    select
        n.client,
        n.spreadsheet_id,
        n.sheet_id,
        n.row,
        n.content_sha256,
        n.order_ref,
        n.service_date,
        n.outlet_text,
        n.service_text,
        n.units,
        %(now)s as first_seen_at,
        %(now)s as last_seen_at
    from load_tracker_row_keys as n
    where n.row_key is null
    order by n.sheet_id, n.row
    returning row_key, sheet_id, row
),

missing as (
    update staging.tracker_row_keys as k
    set
        missing_reads = k.missing_reads + 1,
        gone_at = case when k.missing_reads >= 1 then %(now)s::timestamptz end
    where
        k.spreadsheet_id = %(spreadsheet)s
        and k.gone_at is null
        and k.sheet_id <> all(%(hidden)s::bigint[])
        and not exists (
            select from load_tracker_row_keys as n
            where n.row_key = k.row_key
        )
    returning k.row_key
)

select
    s.row_key,
    s.sheet_id,
    s.row
from seen as s
union all
select
    m.row_key,
    m.sheet_id,
    m.row
from made as m;
