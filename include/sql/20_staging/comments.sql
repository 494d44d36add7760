-- grain: comment of an order
-- inputs: load_comments, staging.orders, %(now)s
-- re-run: a reading that says the same is `unchanged`; comments under other things are skipped; what Rekap itself wrote
--   never counts as a change
with taken as (
    select l.*
    from load_comments as l
    inner join staging.orders as o on l.order_id = o.order_id
),

compared as (
    select
        t.comment_id,
        t.by_rekap,
        c.comment_id is null as is_new,
        c.comment_id is not null
        and (c.order_id, c.content, c.life_cycle) is distinct from (t.order_id, t.content, t.life_cycle) as is_changed
    from taken as t
    left join staging.comments as c on t.comment_id = c.comment_id
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
        %(now)s
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
    count(*) filter (where c.is_new or c.is_changed) as loaded,
    count(*) filter (where not c.is_new and not c.is_changed) as unchanged,
    (select count(*) from load_comments) - count(*) as not_an_order,
    count(*) filter (where (c.is_new or c.is_changed) and not c.by_rekap) as changed
from compared as c;
