-- What the unassigned ladder looks at, and what its messages say.
-- grain: subject of kind unassigned that is found now, or whose incident is not over. Inputs: findings, incidents,
-- orders, the visits that count, links, ops.whole_sources, ops.held. Bound: today. Reads only.
with standing as (
    select distinct on (i.subject)
        i.incident_id,
        i.subject,
        i.state,
        i.step,
        i.step_reached_at,
        i.service_date,
        i.details,
        i.snoozed_until
    from outputs.incidents as i
    where i.kind = 'unassigned' and i.state <> 'resolved'
    order by i.subject asc, (i.state = 'dismissed') asc, i.incident_id desc
),

subjects as (
    select f.subject
    from reconciliation.findings as f
    where f.kind = 'unassigned' and f.cleared_at is null
    union distinct
    select i.subject
    from standing as i
)

select
    o.order_id,
    c.slug as client,
    c.name as client_name,
    c.delivery,
    c.live_from,
    c.am,
    c.pic,
    i.incident_id,
    i.state,
    i.step,
    i.step_reached_at as told_at,
    i.service_date as told_date,
    i.details,
    i.snoozed_until,
    coalesce(v.service_date, f.service_date, o.service_date) as service_date,
    v.time_from,
    v.outlet_name,
    coalesce(v.services, '[]') as services,
    o.title,
    o.url,
    o.visible_to_clients,
    o.life_cycle,
    o.completed,
    o.created_at,
    o.first_seen_at,
    o.assigned,
    f.finding_id is not null and f.cleared_at is null as is_found,
    s.subject,
    array(
        select p.name
        from staging.order_technicians as t
        inner join staging.people as p on t.technician = p.code
        where t.order_id = o.order_id
        order by p.name
    ) as technicians,
    array(
        select distinct coalesce(p.name, named.technician)
        from reconciliation.links as l
        inner join staging.tracker_rows as r on l.row_key = r.row_key
        cross join unnest(r.technicians) as named (technician)
        left join staging.people as p on named.technician = p.code
        where l.order_id = o.order_id and l.decision in ('accepted', 'confirmed')
        order by coalesce(p.name, named.technician)
    ) as in_tracker,
    c.slug in (
        select w.client from ops.whole_sources as w
        where w.source = 'basecamp'
    ) as is_complete,
    c.slug in (select h.client from ops.held as h) as is_held
from subjects as s
left join standing as i on s.subject = i.subject
left join reconciliation.findings as f on f.kind = 'unassigned' and s.subject = f.subject
inner join staging.orders as o on o.order_id = substring(s.subject from '^order:(\d+)$')::bigint
inner join staging.clients as c on o.client = c.slug
left join lateral (
    -- A visit of several days is today's from its first day to its last.
    select
        case
            when r.service_date < %(today)s and r.service_date_end >= %(today)s then %(today)s::date
            else r.service_date
        end as service_date,
        r.time_from,
        r.outlet_name,
        r.services
    from reconciliation.visits as r
    where r.order_id = o.order_id and r.status not in ('done', 'partial', 'cancelled')
    order by (coalesce(r.service_date_end, r.service_date) < %(today)s) asc, r.service_date asc nulls last, r.n asc
    limit 1
) as v on true
order by
    coalesce(v.service_date, f.service_date, o.service_date) asc nulls last,
    v.time_from asc nulls last,
    o.order_id asc;
