-- grain: order, technician; via: how the name came to stand on the order
-- inputs: load_orders (which orders were read), load_order_technicians
-- re-run: what was read replaces what stood there
with removed as (
    delete from staging.order_technicians as t
    using load_orders as o
    where
        t.order_id = o.order_id and not exists (
            select 1 from load_order_technicians as l
            where l.order_id = t.order_id and l.technician = t.technician
        )
    returning t.order_id
),

written as (
    insert into staging.order_technicians as t (order_id, technician, via)
    select
        l.order_id,
        l.technician,
        l.via
    from load_order_technicians as l
    on conflict (order_id, technician) do update
        set via = excluded.via
        where t.via <> excluded.via
    returning order_id
)

select
    (
        select count(
            distinct r.order_id) from (
            select order_id from removed
            union
            select order_id from written
        ) as r
    )
        as changed,
    (select count(*) from load_order_technicians) as received;
