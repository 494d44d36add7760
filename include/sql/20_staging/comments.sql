-- grain: comment of an order
-- inputs: load_comments, staging.orders, %(now)s
-- re-run: a reading that says the same is `unchanged`; comments under other things are skipped; what Rekap itself wrote
--   never counts as a change
with taken as (
    select l.*
    from load_comments as l
    inner join staging.orders as o on l.order_id = o.order_id
),

changed as (
    select c.comment_id
    from taken as t
    inner join staging.comments as c on t.comment_id = c.comment_id
    where row(c.order_id, c.content, c.life_cycle) is distinct from row(t.order_id, t.content, t.life_cycle)
),

known as (
    select
        t.comment_id,
        t.by_rekap,
        c.comment_id is null or d.comment_id is not null as is_loaded
    from taken as t
    left join staging.comments as c on t.comment_id = c.comment_id
    left join changed as d on t.comment_id = d.comment_id
),

written as (
    insert into staging.comments as c
    (
        comment_id, order_id, author_id, by_rekap, content, mentions, life_cycle, created_at, updated_at, last_seen_at
    )
    select
        t.comment_id,
        t.order_id,
        t.author_id,
        t.by_rekap,
        t.content,
        t.mentions,
        t.life_cycle,
        t.created_at,
        t.updated_at,
        %(now)s as last_seen_at
    from taken as t
    on conflict (comment_id) do update set
        (order_id, author_id, by_rekap, content, mentions, life_cycle, created_at, updated_at, last_seen_at)
        = (
            excluded.order_id, excluded.author_id, excluded.by_rekap, excluded.content, excluded.mentions,
            excluded.life_cycle, excluded.created_at, excluded.updated_at, excluded.last_seen_at
        )
)

select
    (select count(*) from load_comments) as received,
    count(*) filter (where k.is_loaded) as loaded,
    count(*) filter (where not k.is_loaded) as unchanged,
    (select count(*) from load_comments) - count(*) as not_an_order,
    count(*) filter (where k.is_loaded and not k.by_rekap) as changed
from known as k;
