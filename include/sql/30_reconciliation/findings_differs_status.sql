-- Finds: differs.status. A linked pair whose sides contradict each other: open, done or cancelled, any two different
-- ones; on hold counts as open, an empty status says nothing. Grain: visit. Depends on both sources and is found only
-- where both are whole. Inputs: said, complete, staging.orders, tracker_rows, clients, reconciliation.visits. Bound:
-- zone. Puts into: found.
insert into found (kind, subject, client, order_id, n, row_key, service_date, sources, details)
select
    'differs.status' as kind,
    v.line_key as subject,
    s.client,
    s.order_id,
    s.n,
    s.row_key,
    v.service_date,
    array['basecamp', 'sheets'] as sources,
    jsonb_build_object(
        'title', o.title,
        'outlet', v.outlet_name,
        'time', v.time_from,
        'services', v.services,
        'basecamp', jsonb_build_object(
            'value', s.basecamp_says,
            'life_cycle', o.life_cycle,
            'completed', o.completed,
            'word', o.status_word,
            'url', o.url,
            'changed_at', s.basecamp_changed_at
        ),
        'tracker', jsonb_build_object(
            'value', s.tracker_says,
            'status', r.status,
            'text', r.status_text,
            'url', r.cell_url,
            'tab', r.tab,
            'row', r.row,
            'changed_at', s.tracker_changed_at
        )
    ) as details
from said as s
inner join staging.orders as o on s.order_id = o.order_id
inner join staging.tracker_rows as r on s.row_key = r.row_key
inner join staging.clients as c on s.client = c.slug
inner join reconciliation.visits as v on s.order_id = v.order_id and s.n = v.n
inner join complete as b on s.client = b.client and b.source = 'basecamp'
inner join complete as g on s.client = g.client and g.source = 'sheets'
where
    c.active
    and replace(s.basecamp_says, 'on_hold', 'open') <> replace(s.tracker_says, 'on_hold', 'open')
    and greatest(v.service_date, (o.created_at at time zone %(zone)s)::date) >= c.active_from;
