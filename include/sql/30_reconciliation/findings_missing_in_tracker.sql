-- Finds: missing_in_tracker. A visit that is not cancelled, of a client with a tracker, and no row is linked with it;
-- not while a row in quarantine may be the one: it names this order, or it names no other and its outlet is the same
-- or unknown. Grain: visit. Depends on both sources and is found only where both are whole. Inputs: said, complete,
-- spellings, staging.orders, visits, clients, outlet_aliases, tracker_row_keys, ops.quarantine,
-- reconciliation.visits. Bound: zone. Puts into: found.
insert into found (kind, subject, client, order_id, n, row_key, service_date, sources, details)
with quarantined as (
    select distinct
        k.row_key,
        k.client,
        k.order_ref,
        s.name,
        a.outlet,
        exists(
            select 1 from staging.orders as o
            where o.order_id = k.order_ref and o.client = k.client and o.life_cycle <> 'gone'
        ) as is_named
    from ops.quarantine as q
    inner join staging.tracker_row_keys as k on q.row_key = k.row_key
    left join spellings as s on k.outlet_text = s.outlet_text
    left join staging.outlet_aliases as a on k.client = a.client and s.name = a.alias
    where
        q.state = 'open'
        and k.gone_at is null
        and not exists (
            select 1 from staging.tracker_rows as r
            where r.row_key = k.row_key
        )
)

select
    'missing_in_tracker' as kind,
    'order:' || s.order_id || '/' || s.n as subject,
    s.client,
    s.order_id,
    s.n,
    null as row_key,
    v.service_date,
    array['basecamp', 'sheets'] as sources,
    jsonb_build_object(
        'title', o.title,
        'outlet', v.outlet_name,
        'time', v.time_from,
        'services', v.services,
        'basecamp', jsonb_build_object('value', v.status, 'url', o.url, 'changed_at', s.basecamp_changed_at),
        'tracker', jsonb_build_object(
            'value', null, 'url', 'https://docs.google.com/spreadsheets/d/' || c.spreadsheet_id || '/edit'
        )
    ) as details
from said as s
inner join staging.orders as o on s.order_id = o.order_id
inner join staging.visits as w on s.order_id = w.order_id and s.n = w.n
inner join staging.clients as c on s.client = c.slug
inner join reconciliation.visits as v on s.order_id = v.order_id and s.n = v.n
left join spellings as t on w.outlet_text = t.outlet_text
inner join complete as b on s.client = b.client and b.source = 'basecamp'
inner join complete as g on s.client = g.client and g.source = 'sheets'
where
    c.active
    and c.spreadsheet_id is not null
    and s.basecamp_says <> 'cancelled'
    and s.row_key is null
    and s.review_row_key is null
    and greatest(v.service_date, (o.created_at at time zone %(zone)s)::date) >= c.active_from
    and not exists (
        select 1 from quarantined as q
        where
            q.client = s.client
            and (
                q.order_ref = s.order_id
                or (
                    not q.is_named
                    and (
                        q.name is null
                        or q.outlet = w.outlet
                        or q.name = t.name
                        or coalesce(w.outlet, t.name) is null
                    )
                )
            )
    );
