-- grain: order: its client, its title, and the last comment that a person wrote under it
-- inputs: staging.orders, staging.comments, %(orders)s
select
    o.order_id,
    o.client,
    o.title,
    last_words.content
from staging.orders as o
left join lateral (
    select c.content
    from staging.comments as c
    where c.order_id = o.order_id and c.life_cycle = 'active' and not c.by_rekap
    order by c.created_at desc, c.comment_id desc
    limit 1
) as last_words on true
where o.order_id = any(%(orders)s::bigint[])
order by o.order_id;
