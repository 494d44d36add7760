-- Finds: missing_in_basecamp. A tracker row, not cancelled, that no order stands behind. Grain: row. Depends on both
-- sources and is found only where both are whole. A pair under review may be the one and is none. Inputs: complete,
-- staging.clients, tracker_rows, row_changes, reconciliation.visits. Puts into: found.
insert into found (kind, subject, client, order_id, n, row_key, service_date, sources, details)
select
    'missing_in_basecamp' as kind,
    v.line_key as subject,
    v.client,
    null as order_id,
    null as n,
    v.row_key,
    v.service_date,
    array['basecamp', 'sheets'] as sources,
    jsonb_build_object(
        'outlet', v.outlet_name,
        'time', v.time_from,
        'services', v.services,
        'basecamp', jsonb_build_object('value', null, 'order_ref', r.order_ref),
        'tracker', jsonb_build_object(
            'value', v.status,
            'url', r.cell_url,
            'tab', r.tab,
            'row', r.row,
            'changed_at',
            coalesce(
                (
                    select max(h.changed_at) from staging.row_changes as h
                    where h.row_key = r.row_key
                ), r.first_seen_at
            )
        )
    ) as details
from reconciliation.visits as v
inner join staging.tracker_rows as r on v.row_key = r.row_key
inner join staging.clients as c on v.client = c.slug
inner join complete as b on v.client = b.client and b.source = 'basecamp'
inner join complete as g on v.client = g.client and g.source = 'sheets'
where
    c.active
    and v.without_order
    and v.service_date >= c.active_from;
