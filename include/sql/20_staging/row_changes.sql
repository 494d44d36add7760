-- grain: row_key, field, changed_at; one change of one field of a tracker row, kept for ever
-- inputs: load_tracker_rows and load_tracker_row_services (before they are merged), staging.tracker_rows,
-- tracker_row_services; %(changed_at)s: when Drive says that the file was changed; %(now)s
-- re-run: the same change is the same line; a second change of that moment replaces what it became
-- returns: changed, the number of rows whose meaning changed
with services_before as (
    select
        s.row_key,
        string_agg(s.service || coalesce(' ' || s.units::text, ''), ', ' order by s.n) as told
    from staging.tracker_row_services as s
    inner join load_tracker_rows as n on s.row_key = n.row_key
    group by s.row_key
),

services_now as (
    select
        s.row_key,
        string_agg(s.service || coalesce(' ' || s.units::text, ''), ', ' order by s.n) as told
    from load_tracker_row_services as s
    group by s.row_key
),

differences as (
    select
        n.row_key,
        f.field,
        f.old,
        f.new
    from load_tracker_rows as n
    inner join staging.tracker_rows as o on n.row_key = o.row_key
    left join services_before as sb on n.row_key = sb.row_key
    left join services_now as sn on n.row_key = sn.row_key
    cross join
        lateral (
            values
            ('service_date', o.service_date::text, n.service_date::text),
            ('service_date_end', o.service_date_end::text, n.service_date_end::text),
            ('time_from', o.time_from::text, n.time_from::text),
            ('time_to', o.time_to::text, n.time_to::text),
            ('outlet', coalesce(o.outlet, o.outlet_text), coalesce(n.outlet, n.outlet_text)),
            ('services', sb.told, sn.told),
            ('units', o.units::text, n.units::text),
            ('status', o.status, n.status),
            ('technicians', array_to_string(o.technicians, ', '), array_to_string(n.technicians, ', ')),
            ('order_ref', o.order_ref::text, n.order_ref::text),
            ('note', o.note, n.note)
        ) as f (field, old, new)
    where f.old is distinct from f.new
),

written as (
    insert into staging.row_changes as c (row_key, field, changed_at, old, new, seen_at)
    select
        d.row_key,
        d.field,
        coalesce(%(changed_at)s::timestamptz, %(now)s::timestamptz) as changed_at,
        d.old,
        d.new,
        %(now)s as seen_at
    from differences as d
    on conflict (row_key, field, changed_at) do update set new = excluded.new
    returning c.row_key
)

select count(distinct w.row_key) as changed
from written as w;
