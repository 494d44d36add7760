-- grain: order, n: one outlet on one day; until orders of several visits are read, each order has visit 1
-- inputs: load_orders (which orders were read)
-- re-run: the same order gives the same visit
insert into staging.visits as v
(order_id, n, outlet_text, outlet, service_date, service_date_end, time_from, time_to, units)
select
    o.order_id,
    1 as n,
    o.outlet_text,
    o.outlet,
    o.service_date,
    o.service_date_end,
    o.time_from,
    o.time_to,
    o.units
from load_orders as o
on conflict (order_id, n) do update set
    (outlet_text, outlet, service_date, service_date_end, time_from, time_to, units)
    = (
        excluded.outlet_text, excluded.outlet, excluded.service_date, excluded.service_date_end, excluded.time_from,
        excluded.time_to, excluded.units
    )
where
row(v.outlet_text, v.outlet, v.service_date, v.service_date_end, v.time_from, v.time_to, v.units)
is distinct from
row(
    excluded.outlet_text, excluded.outlet, excluded.service_date, excluded.service_date_end, excluded.time_from,
    excluded.time_to, excluded.units
);

select count(*) as visits from load_orders;
