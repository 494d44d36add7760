-- grain: to-do (order_id): every order of the source; none is ever quarantined
-- inputs: load_orders, %(now)s
-- re-run: a reading that means the same is `unchanged`, whatever its updated_at or number of comments
with changed as (
    select o.order_id
    from load_orders as n
    inner join staging.orders as o on n.order_id = o.order_id
    where
        row(
            o.client, o.project_id, o.list_id, o.title, o.description, o.life_cycle, o.completed, o.completed_at,
            o.outlet_text, o.outlet, o.service_text, o.service_date, o.service_date_end, o.time_from, o.time_to,
            o.units, o.contact, o.requested_on, o.visible_to_clients, o.assignee_ids, o.assigned, o.problems
        ) is distinct from row(
            n.client, n.project_id, n.list_id, n.title, n.description, n.life_cycle, n.completed, n.completed_at,
            n.outlet_text, n.outlet, n.service_text, n.service_date, n.service_date_end, n.time_from, n.time_to,
            n.units, n.contact, n.requested_on, n.visible_to_clients, n.assignee_ids, n.assigned, n.problems
        )
),

known as (
    select
        n.order_id,
        o.order_id is null or c.order_id is not null as is_loaded
    from load_orders as n
    left join staging.orders as o on n.order_id = o.order_id
    left join changed as c on n.order_id = c.order_id
),

written as (
    insert into staging.orders as o
    (
        order_id, client, project_id, list_id, list_name, title, description, url, life_cycle, completed, completed_at,
        completed_by, outlet_text, outlet, service_text, service_date, service_date_end, time_from, time_to, units,
        contact, requested_on, visible_to_clients, creator_id, assignee_ids, assigned, problems, field_sources,
        comments_count, created_at, updated_at, first_seen_at, last_seen_at, gone_at
    )
    select
        n.order_id,
        n.client,
        n.project_id,
        n.list_id,
        n.list_name,
        n.title,
        n.description,
        n.url,
        n.life_cycle,
        n.completed,
        n.completed_at,
        n.completed_by,
        n.outlet_text,
        n.outlet,
        n.service_text,
        n.service_date,
        n.service_date_end,
        n.time_from,
        n.time_to,
        n.units,
        n.contact,
        n.requested_on,
        n.visible_to_clients,
        n.creator_id,
        n.assignee_ids,
        n.assigned,
        n.problems,
        n.field_sources,
        n.comments_count,
        n.created_at,
        n.updated_at,
        %(now)s as first_seen_at,
        %(now)s as last_seen_at,
        case when n.life_cycle = 'gone' then %(now)s::timestamptz end as gone_at
    from load_orders as n
    on conflict (order_id) do update set
        (
            client, project_id, list_id, list_name, title, description, url, life_cycle, completed, completed_at,
            completed_by, outlet_text, outlet, service_text, service_date, service_date_end, time_from, time_to, units,
            contact, requested_on, visible_to_clients, creator_id, assignee_ids, assigned, problems, field_sources,
            comments_count, created_at, updated_at, last_seen_at, gone_at
        )
        = (
            excluded.client, excluded.project_id, excluded.list_id, excluded.list_name, excluded.title,
            excluded.description, excluded.url, excluded.life_cycle, excluded.completed, excluded.completed_at,
            excluded.completed_by, excluded.outlet_text, excluded.outlet, excluded.service_text, excluded.service_date,
            excluded.service_date_end, excluded.time_from, excluded.time_to, excluded.units, excluded.contact,
            excluded.requested_on, excluded.visible_to_clients, excluded.creator_id, excluded.assignee_ids,
            excluded.assigned, excluded.problems, excluded.field_sources, excluded.comments_count, excluded.created_at,
            excluded.updated_at, excluded.last_seen_at,
            case when excluded.life_cycle = 'gone' then coalesce(o.gone_at, excluded.gone_at) end
        )
)

select
    count(*) as received,
    count(*) filter (where k.is_loaded) as loaded,
    count(*) filter (where not k.is_loaded) as unchanged
from known as k;
