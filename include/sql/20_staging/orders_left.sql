-- grain: order whose to-do no longer belongs to any client: it was moved elsewhere
-- inputs: %(ids)s, %(now)s
-- re-run: an order that is gone already stays as it is
with left_behind as (
    update staging.orders as o set life_cycle = 'gone', gone_at = %(now)s, last_seen_at = %(now)s
    where o.order_id = any(%(ids)s::bigint[]) and o.life_cycle <> 'gone'
    returning o.order_id
)

select count(*) as gone from left_behind;
