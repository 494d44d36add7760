-- Finds: unassigned. An open order, neither side says on hold, a visit today or later or without a date, and nobody
-- who counts as a technician. Grain: order (its earliest visit to come). Depends on Basecamp alone, as last read.
-- Inputs: said, staging.orders, clients, tracker_rows, people, reconciliation.visits. Bound: today, zone. Puts into:
-- found.
insert into found (kind, subject, client, order_id, n, row_key, service_date, sources, details)
select distinct on (o.order_id)
    'unassigned' as kind,
    'order:' || o.order_id as subject,
    o.client,
    o.order_id,
    v.n,
    null as row_key,
    v.service_date,
    array['basecamp'] as sources,
    jsonb_build_object(
        'title', o.title,
        'outlet', v.outlet_name,
        'time', v.time_from,
        'services', v.services,
        'basecamp', jsonb_build_object('value', null, 'url', o.url, 'changed_at', s.basecamp_changed_at),
        -- Technicians who stand only in the tracker do not make an order assigned, but whoever assigns wants their
        -- names.
        'tracker', case
            when cardinality(r.technicians) > 0
                then jsonb_build_object(
                    'value',
                    (
                        select jsonb_agg(coalesce(p.name, t.technician) order by t.nth)
                        from unnest(r.technicians) with ordinality as t (technician, nth)
                        left join staging.people as p on t.technician = p.code
                    ),
                    'url', r.cell_url,
                    'changed_at', s.tracker_changed_at
                )
        end
    ) as details
from staging.orders as o
inner join staging.clients as c on o.client = c.slug
inner join said as s on o.order_id = s.order_id
inner join reconciliation.visits as v on s.order_id = v.order_id and s.n = v.n
left join staging.tracker_rows as r on s.row_key = r.row_key
where
    c.active
    and o.life_cycle = 'active'
    and not o.completed
    and not o.assigned
    and greatest(v.service_date, (o.created_at at time zone %(zone)s)::date) >= c.active_from
    and (v.service_date is null or coalesce(v.service_date_end, v.service_date) >= %(today)s)
    and v.status not in ('done', 'partial', 'cancelled')
    and not exists (
        select 1 from said as h
        where h.order_id = o.order_id and 'on_hold' in (h.basecamp_says, coalesce(h.tracker_says, ''))
    )
order by o.order_id asc, v.service_date asc nulls last, v.n asc;
