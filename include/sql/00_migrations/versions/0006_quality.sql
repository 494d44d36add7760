-- What the quality gate judges a client by, as the warehouse stands.

-- grain: client with a tracker. lines are those that the last complete reading counted, and the one before it.
create view ops.tracker_quality as
with reads as (
    select
        c.scope as client,
        c.counted,
        row_number() over (partition by c.scope order by c.read_no desc) as nth
    from ops.completeness as c
    where c.source = 'sheets' and c.state = 'complete' and c.counted is not null
),

loaded as (
    select
        r.client,
        count(*) as loaded_rows,
        count(*) - count(distinct r.content_sha256) as repeated_rows
    from staging.tracker_rows as r
    group by r.client
),

held as (
    select
        q.client,
        count(distinct q.row_key) as quarantined_rows
    from ops.quarantine as q
    inner join staging.tracker_row_keys as k on q.row_key = k.row_key
    where
        q.state = 'open'
        and k.gone_at is null
        and not exists (
            select 1 from staging.tracker_rows as r
            where r.row_key = q.row_key
        )
    group by q.client
)

select
    c.slug as client,
    coalesce(l.loaded_rows, 0) as loaded_rows,
    coalesce(h.quarantined_rows, 0) as quarantined_rows,
    coalesce(l.repeated_rows, 0) as repeated_rows,
    n.counted as lines_read,
    p.counted as lines_read_before
from staging.clients as c
left join loaded as l on c.slug = l.client
left join held as h on c.slug = h.client
left join reads as n on c.slug = n.client and n.nth = 1
left join reads as p on c.slug = p.client and p.nth = 2
where c.active and c.spreadsheet_id is not null;

-- grain: client. What says whether its findings may be believed: a changed payload never becomes two hundred alarms.
create view ops.client_quality as
with open_orders as (
    select
        o.client,
        count(*) as open_orders,
        count(*) filter (where o.assigned) as assigned_orders,
        count(*) filter (where o.service_date is not null) as dated_orders
    from staging.orders as o
    where o.life_cycle = 'active' and not o.completed
    group by o.client
),

tracked as (
    select
        r.client,
        count(*) as loaded_rows,
        count(l.row_key) as linked_rows
    from staging.tracker_rows as r
    left join reconciliation.links as l on r.row_key = l.row_key and l.decision <> 'refused'
    group by r.client
)

select
    c.slug as client,
    coalesce(o.open_orders, 0) as open_orders,
    coalesce(o.assigned_orders, 0) as assigned_orders,
    coalesce(o.dated_orders, 0) as dated_orders,
    coalesce(t.loaded_rows, 0) as loaded_rows,
    coalesce(t.linked_rows, 0) as linked_rows
from staging.clients as c
left join open_orders as o on c.slug = o.client
left join tracked as t on c.slug = t.client
where c.active;
