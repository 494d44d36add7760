-- grain: order, field, source time of the change; kept for ever
-- inputs: load_orders (as just read) beside staging.orders, order_services and order_technicians (as they were):
--   it runs before those are merged; %(now)s; %(ids)s: orders whose record is the one that was read before: what their
--   texts say otherwise now is our reading, not a change that a person made
-- re-run: the same reading finds no difference; two changes of one field at one moment keep the first old value
with was as (
    select
        o.order_id,
        n.updated_at,
        n.completed_at,
        n.completed as now_completed,
        array[
            'assigned', 'service_date', 'service_date_end', 'time_from', 'outlet', 'units', 'completed', 'life_cycle',
            'technicians', 'services', 'client', 'title'
        ] as fields,
        array[
            o.assigned::text, o.service_date::text, o.service_date_end::text, o.time_from::text,
            coalesce(o.outlet, o.outlet_text), o.units::text, o.completed::text, o.life_cycle,
            (
                select string_agg(t.technician, ',' order by t.technician)
                from staging.order_technicians as t
                where t.order_id = o.order_id
            ),
            (
                select string_agg(s.service || coalesce(' ' || s.units, ''), ',' order by s.n)
                from staging.order_services as s
                where s.order_id = o.order_id
            ),
            o.client, o.title
        ] as old_values,
        array[
            n.assigned::text, n.service_date::text, n.service_date_end::text, n.time_from::text,
            coalesce(n.outlet, n.outlet_text), n.units::text, n.completed::text, n.life_cycle,
            (
                select string_agg(t.technician, ',' order by t.technician)
                from load_order_technicians as t
                where t.order_id = n.order_id
            ),
            (
                select string_agg(s.service || coalesce(' ' || s.units, ''), ',' order by s.n)
                from load_order_services as s
                where s.order_id = n.order_id
            ),
            n.client, n.title
        ] as new_values
    from load_orders as n
    inner join staging.orders as o on n.order_id = o.order_id
),

differences as (
    select
        w.order_id,
        f.field,
        case
            when f.field = 'completed' and w.now_completed then coalesce(w.completed_at, w.updated_at)
            else w.updated_at
        end as changed_at,
        w.old_values[f.place] as old,
        w.new_values[f.place] as new
    from was as w
    cross join unnest(w.fields) with ordinality as f (field, place)
    where
        w.old_values[f.place] is distinct from w.new_values[f.place]
        and not (
            w.order_id = any(%(ids)s::bigint[])
            and f.field in ('service_date', 'service_date_end', 'time_from', 'outlet', 'units', 'services')
        )
)

insert into staging.order_changes as c (order_id, field, changed_at, old, new, seen_at)
select
    d.order_id,
    d.field,
    d.changed_at,
    d.old,
    d.new,
    %(now)s as seen_at
from differences as d
on conflict (order_id, field, changed_at) do update set new = excluded.new, seen_at = excluded.seen_at;
