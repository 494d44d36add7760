-- Fills: reconciliation.visits. Grain: visit, or tracker row without order. Key: line_key. Inputs: load_visits.
-- Bound: now. Re-run: changed_at moves only where a value, its source or a dispute changed; lines that nothing stands
-- behind any more leave. Ends in one row of counts.
with loaded as (
    insert into reconciliation.visits as v (
        line_key, order_id, n, row_key, client, month, outlet, outlet_name, service_date, service_date_end, time_from,
        time_to, services, units_ordered, units_done, status, done_on, technicians, without_order, without_row, source,
        disputed, first_seen_at, changed_at
    )
    select
        c.line_key,
        c.order_id,
        c.n,
        c.row_key,
        c.client,
        c.month,
        c.outlet,
        c.outlet_name,
        c.service_date,
        c.service_date_end,
        c.time_from,
        c.time_to,
        c.services,
        c.units_ordered,
        c.units_done,
        c.status,
        c.done_on,
        c.technicians,
        c.without_order,
        c.without_row,
        c.source,
        c.disputed,
        %(now)s as first_seen_at,
        %(now)s as changed_at
    from load_visits as c
    on conflict (line_key) do update
        set
            row_key = excluded.row_key,
            client = excluded.client,
            month = excluded.month,
            outlet = excluded.outlet,
            outlet_name = excluded.outlet_name,
            service_date = excluded.service_date,
            service_date_end = excluded.service_date_end,
            time_from = excluded.time_from,
            time_to = excluded.time_to,
            services = excluded.services,
            units_ordered = excluded.units_ordered,
            units_done = excluded.units_done,
            status = excluded.status,
            done_on = excluded.done_on,
            technicians = excluded.technicians,
            without_row = excluded.without_row,
            source = excluded.source,
            disputed = excluded.disputed,
            changed_at = excluded.changed_at
        where
        to_jsonb(v) - '{first_seen_at,changed_at}'::text[]
        is distinct from to_jsonb(excluded) - '{first_seen_at,changed_at}'::text[]
    returning v.line_key
),

gone as (
    delete from reconciliation.visits as v
    where
        not exists (
            select 1 from load_visits as c
            where c.line_key = v.line_key
        )
    returning v.line_key
)

select
    (select count(*) from load_visits) as visits,
    (select count(*) from loaded) as changed,
    (select count(*) from gone) as gone;
