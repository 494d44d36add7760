-- grain: order, n: the services in the order of the form
-- inputs: load_orders (which orders were read), load_order_services
-- re-run: what was read replaces what stood there
with removed as (
    delete from staging.order_services as s
    using load_orders as o
    where
        s.order_id = o.order_id and not exists (
            select 1 from load_order_services as l
            where l.order_id = s.order_id and l.n = s.n
        )
    returning s.order_id
),

written as (
    insert into staging.order_services as s (order_id, n, service, units)
    select
        l.order_id,
        l.n,
        l.service,
        l.units
    from load_order_services as l
    on conflict (order_id, n) do update
        set service = excluded.service, units = excluded.units
        where row(s.service, s.units) is distinct from row(excluded.service, excluded.units)
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
    (select count(*) from load_order_services) as received;
