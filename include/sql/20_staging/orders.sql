-- grain: to-do (order_id): every order of the source; none is ever quarantined
-- inputs: load_orders, %(now)s
-- re-run: a reading that means the same is `unchanged`, whatever its updated_at or number of comments
with was as (
    select
        o.*,
        n.order_id as read_id
    from load_orders as n
    inner join staging.orders as o on n.order_id = o.order_id
),

compared as (
    select
        n.order_id,
        w.order_id is null as is_new,
        w.order_id is not null and (
            w.client, w.project_id, w.list_id, w.title, w.description, w.life_cycle, w.completed, w.completed_at,
            w.outlet_text, w.outlet, w.service_text, w.service_date, w.service_date_end, w.time_from, w.time_to,
            w.units, w.contact, w.requested_on, w.visible_to_clients, w.assignee_ids, w.assigned, w.problems
        ) is distinct from (
            n.client, n.project_id, n.list_id, n.title, n.description, n.life_cycle, n.completed, n.completed_at,
            n.outlet_text, n.outlet, n.service_text, n.service_date, n.service_date_end, n.time_from, n.time_to,
            n.units, n.contact, n.requested_on, n.visible_to_clients, n.assignee_ids, n.assigned, n.problems
        ) as is_changed
    from load_orders as n
    left join was as w on n.order_id = w.order_id
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
        %(now)s,
        %(now)s,
        case when n.life_cycle = 'gone' then %(now)s::timestamptz end
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
    count(*) filter (where c.is_new or c.is_changed) as loaded,
    count(*) filter (where not c.is_new and not c.is_changed) as unchanged
from compared as c;
