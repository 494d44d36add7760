-- grain: source, row_key, field, reason; a tracker row that the reader could not read, with its original cells
-- inputs: load_quarantine, load_tracker_row_keys (every row of the grid), staging.tracker_row_keys, %(spreadsheet)s,
-- %(run)s, %(now)s. Only the reader's own rules (reader.*) are opened and closed here.
-- re-run: an open line stays open and keeps first_seen_at; a line whose row can be read again, or is gone, is fixed; a
-- waived line stays waived
-- returns: opened, fixed
with before as (
    select
        q.row_key,
        q.field,
        q.reason,
        q.state
    from ops.quarantine as q
    inner join load_quarantine as n
        on q.row_key = n.row_key and q.field = n.field and q.reason = n.reason
    where q.source = 'sheets'
),

written as (
    insert into ops.quarantine as q (
        source, row_key, field, reason, rule, severity, client, original, cell_url, run_id, first_seen_at, last_seen_at
    )
    select
        'sheets' as source,
        n.row_key,
        n.field,
        n.reason,
        n.rule,
        n.severity,
        n.client,
        n.original,
        n.cell_url,
        %(run)s as run_id,
        %(now)s as first_seen_at,
        %(now)s as last_seen_at
    from load_quarantine as n
    on conflict (source, row_key, field, reason) do update set
        rule = excluded.rule,
        severity = excluded.severity,
        client = excluded.client,
        original = excluded.original,
        cell_url = excluded.cell_url,
        run_id = excluded.run_id,
        state = case when q.state = 'waived' then 'waived' else 'open' end,
        first_seen_at = case when q.state = 'fixed' then excluded.first_seen_at else q.first_seen_at end,
        last_seen_at = excluded.last_seen_at,
        fixed_at = null
),

fixed as (
    update ops.quarantine as q
    set state = 'fixed', fixed_at = %(now)s
    from staging.tracker_row_keys as k
    where
        q.source = 'sheets'
        and q.state = 'open'
        and q.rule like 'reader.%%'
        and k.row_key = q.row_key
        and k.spreadsheet_id = %(spreadsheet)s
        and (
            k.gone_at is not null
            or exists (
                select from load_tracker_row_keys as n
                where n.row_key = q.row_key
            )
        )
        and not exists (
            select from load_quarantine as n
            where n.row_key = q.row_key and n.field = q.field and n.reason = q.reason
        )
    returning q.row_key
)

select
    (
        select count(distinct n.row_key)
        from load_quarantine as n
        where not exists (
            select from before as b
            where b.row_key = n.row_key and b.state <> 'fixed'
        )
    ) as opened,
    (select count(distinct f.row_key) from fixed as f) as fixed;
