-- Makes: the temporary table load_recap_lines, the month as it stands now; lives until the transaction ends.
-- Grain: visit, or tracker row without order. Key: line_key.
-- Inputs: reconciliation.visits (the values that count), staging.clients, people, orders, tracker_rows, attachments.
-- Re-run: any time; services, status and remarks are codes, put into words when a person reads them.
create temporary table load_recap_lines on commit drop as
with technicians as (
    select
        v.line_key,
        string_agg(coalesce(p.name, t.technician), ', ' order by t.n) as names
    from reconciliation.visits as v
    cross join lateral unnest(v.technicians) with ordinality as t (technician, n)
    left join staging.people as p on p.code = t.technician
    where v.month = %(month)s
    group by v.line_key
),

services as (
    select
        v.line_key,
        string_agg(concat_ws(' ', s.item ->> 'service', s.item ->> 'units'), ', ' order by s.n) as codes
    from reconciliation.visits as v
    cross join lateral jsonb_array_elements(v.services) with ordinality as s (item, n)
    where v.month = %(month)s
    group by v.line_key
),

photos as (
    select
        a.order_id,
        count(*) as photos
    from staging.attachments as a
    where a.content_type like 'image/%%' and a.life_cycle in ('active', 'archived')
    group by a.order_id
)

select
    v.line_key,
    row_number() over (
        order by c.name, v.service_date nulls last, v.time_from nulls last, v.outlet_name, v.line_key
    )::integer as position,
    v.client,
    c.name as client_name,
    v.outlet_name,
    v.service_date,
    v.time_from,
    coalesce(s.codes, '') as services,
    v.units_ordered,
    v.units_done,
    v.status,
    coalesce(t.names, '') as technicians,
    coalesce(p.photos, 0)::integer as photos,
    concat_ws(
        ', ',
        case when v.without_order then 'without_order' end,
        case when v.without_row and v.status <> 'cancelled' and c.spreadsheet_id is not null then 'without_row' end,
        case when v.service_date is null then 'no_date' end,
        case when cardinality(v.disputed) > 0 then 'disputed:' || array_to_string(v.disputed, '+') end
    ) as remark,
    o.url as order_url,
    r.cell_url as row_url
from reconciliation.visits as v
inner join staging.clients as c on c.slug = v.client
left join technicians as t on t.line_key = v.line_key
left join services as s on s.line_key = v.line_key
left join staging.orders as o on o.order_id = v.order_id
left join photos as p on p.order_id = v.order_id
left join staging.tracker_rows as r on r.row_key = v.row_key
where v.month = %(month)s;
