-- grain: row_key; one readable row of a tracker
-- inputs: load_tracker_rows (outlets resolved), staging.tracker_row_keys (already brought to this grid),
-- %(spreadsheet)s, %(rejected)s: row keys that stand in the grid and cannot be read now; %(now)s
-- re-run: the same rows change nothing but last_seen_at. A row that is missing only once stays as it was.
-- returns: added, removed (rows whose key is gone)
with unreadable as (
    delete from staging.tracker_rows as r
    where r.row_key = any(%(rejected)s::bigint[])
),

removed as (
    delete from staging.tracker_rows as r
    using staging.tracker_row_keys as k
    where r.spreadsheet_id = %(spreadsheet)s and k.row_key = r.row_key and k.gone_at is not null
    returning r.row_key
),

added as (
    select n.row_key
    from load_tracker_rows as n
    where not exists (
        select from staging.tracker_rows as r
        where r.row_key = n.row_key
    )
),

written as (
    insert into staging.tracker_rows as r (
        row_key, client, spreadsheet_id, sheet_id, tab, row, cell_url, month, service_date, service_date_end,
        time_from, time_to, outlet_text, outlet, service_text, units, status, status_text, technicians, order_ref,
        note, flags, content_sha256, first_seen_at, last_seen_at
    )
    select
        n.row_key,
        n.client,
        n.spreadsheet_id,
        n.sheet_id,
        n.tab,
        n.row,
        n.cell_url,
        n.month,
        n.service_date,
        n.service_date_end,
        n.time_from,
        n.time_to,
        n.outlet_text,
        n.outlet,
        n.service_text,
        n.units,
        n.status,
        n.status_text,
        n.technicians,
        n.order_ref,
        n.note,
        n.flags,
        n.content_sha256,
        %(now)s as first_seen_at,
        %(now)s as last_seen_at
    from load_tracker_rows as n
    on conflict (row_key) do update set
        (
            client, spreadsheet_id, sheet_id, tab, row, cell_url, month, service_date, service_date_end, time_from,
            time_to, outlet_text, outlet, service_text, units, status, status_text, technicians, order_ref, note,
            flags, content_sha256, last_seen_at
        )
        = (
            excluded.client, excluded.spreadsheet_id, excluded.sheet_id, excluded.tab, excluded.row, excluded.cell_url,
            excluded.month, excluded.service_date, excluded.service_date_end, excluded.time_from, excluded.time_to,
            excluded.outlet_text, excluded.outlet, excluded.service_text, excluded.units, excluded.status,
            excluded.status_text, excluded.technicians, excluded.order_ref, excluded.note, excluded.flags,
            excluded.content_sha256, excluded.last_seen_at
        )
)

select
    (select count(*) from added) as added,
    (select count(*) from removed) as removed;
