-- grain: order: what its title or its last comment says about it: cancelled, on_hold, or nothing
-- inputs: %(orders)s, %(words)s: as many words as orders
-- re-run: the same words change nothing
with written as (
    update staging.orders as o set status_word = l.status_word
    from unnest(%(orders)s::bigint[], %(words)s::text[]) as l (order_id, status_word)
    where o.order_id = l.order_id and o.status_word is distinct from l.status_word
    returning o.order_id
)

select count(*) as changed from written;
