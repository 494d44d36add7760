-- Reads: the photos that are due for delivery: posted on an order, not yet uploaded, refused or found repeated.
-- Grain: attachment. Key: attachment_id. Inputs: staging.attachments, comments, orders, clients, reconciliation.visits
-- (date, outlet and service are the values that count, of the order's earliest visit), outputs.photos, drive_folders.
-- Re-run: any time; what was reserved by a run that was killed comes again with its reserved ids.
with visit as (
    select distinct on (v.order_id)
        v.order_id,
        v.service_date,
        v.outlet_name,
        v.services
    from reconciliation.visits as v
    where v.order_id is not null and v.service_date is not null
    order by v.order_id asc, v.service_date asc, v.n asc
)

select
    a.attachment_id,
    a.order_id,
    a.name,
    a.content_type,
    a.byte_size,
    a.download_url,
    o.client,
    c.name as client_name,
    c.language,
    c.drive_folder_id,
    v.service_date,
    coalesce(v.outlet_name, o.outlet_text, o.title) as outlet_name,
    v.services,
    p.drive_id
from staging.attachments as a
inner join staging.orders as o on o.order_id = a.order_id
inner join staging.clients as c on c.slug = o.client
inner join visit as v on v.order_id = a.order_id
left join staging.comments as m on m.comment_id = a.comment_id
left join outputs.photos as p on p.attachment_id = a.attachment_id
where
    a.content_type like 'image/%%'
    and a.life_cycle in ('active', 'archived')
    and o.life_cycle in ('active', 'archived')
    and not coalesce(m.by_rekap, false)
    and c.active
    and c.documentation = 'drive'
    and c.delivery = 'live'
    and (a.posted_at at time zone %(zone)s)::date >= c.live_from
    and (p.attachment_id is null or p.state = 'reserved')
order by o.client, v.service_date, a.order_id, a.posted_at, a.attachment_id;
