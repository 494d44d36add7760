-- Changes: ops.quarantine and staging.tracker_rows; a row that fails a critical rule of the gate moves from one to
-- the other, with the cells it was read from as texts. Grain: row and reason. Key: source, row_key, field, reason.
-- Inputs: load_quarantine (what fails now), staging.tracker_rows, tracker_row_keys. Bound: rules (those of the gate),
-- run, now. A reason is fixed when its row was read again and no longer fails, or is gone; a waived row stays where
-- it is. Re-run: rows that were moved are no longer there to fail; nothing happens. Ends in one row of counts.
with moved as (
    select
        n.row_key,
        n.field,
        n.reason,
        n.rule,
        n.severity,
        r.client,
        r.cell_url,
        jsonb_build_object(
            'tab', r.tab,
            'row', r.row,
            'cells', jsonb_strip_nulls(
                jsonb_build_object(
                    'service_date', r.service_date,
                    'outlet', r.outlet_text,
                    'service', r.service_text,
                    'units', r.units,
                    'status', r.status_text,
                    'technicians', array_to_string(r.technicians, ', '),
                    'order_ref', r.order_ref,
                    'note', r.note
                )
            )
        ) as original
    from load_quarantine as n
    inner join staging.tracker_rows as r on n.row_key = r.row_key
    where not exists (
        select 1 from ops.quarantine as q
        where
            q.source = 'sheets' and q.row_key = n.row_key and q.field = n.field and q.reason = n.reason
            and q.state = 'waived'
    )
),

fixed as (
    update ops.quarantine as q
    set state = 'fixed', fixed_at = %(now)s
    from staging.tracker_row_keys as k
    where
        q.row_key = k.row_key
        and q.source = 'sheets'
        and q.state = 'open'
        and q.rule = any(%(rules)s)
        and (
            k.gone_at is not null
            or exists (
                select 1 from staging.tracker_rows as r
                where r.row_key = q.row_key
            )
        )
        and not exists (
            select 1 from moved as m
            where m.row_key = q.row_key and m.field = q.field and m.reason = q.reason
        )
    returning q.row_key
),

kept as (
    insert into ops.quarantine as q (
        source, row_key, field, reason, rule, severity, client, original, cell_url, run_id, first_seen_at, last_seen_at
    )
    select
        'sheets' as source,
        m.row_key,
        m.field,
        m.reason,
        m.rule,
        m.severity,
        m.client,
        m.original,
        m.cell_url,
        %(run)s as run_id,
        %(now)s as first_seen_at,
        %(now)s as last_seen_at
    from moved as m
    on conflict (source, row_key, field, reason) do update set
        rule = excluded.rule,
        severity = excluded.severity,
        client = excluded.client,
        original = excluded.original,
        cell_url = excluded.cell_url,
        run_id = excluded.run_id,
        state = 'open',
        first_seen_at = case when q.state = 'fixed' then excluded.first_seen_at else q.first_seen_at end,
        last_seen_at = excluded.last_seen_at,
        fixed_at = null
),

gone as (
    delete from staging.tracker_rows as r
    where
        exists (
            select 1 from moved as m
            where m.row_key = r.row_key
        )
    returning r.row_key
)

select
    (select count(*) from gone) as quarantined,
    (select count(distinct f.row_key) from fixed as f) as released;
