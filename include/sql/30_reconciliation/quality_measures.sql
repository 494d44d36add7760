-- Fills: ops.client_measure_days: what is usual for a client, as a day's last value.
-- Grain: client, measure, day. Inputs: ops.client_measures, ops.held: a client whose messages are held adds nothing, so
-- that what is wrong never becomes usual. Bound: today, least_orders_to_alert. Re-run: the day's value is replaced.
insert into ops.client_measure_days as d (client, measure, measured_on, value)
select
    m.client,
    m.measure,
    %(today)s as measured_on,
    m.value
from ops.client_measures as m
where
    m.base >= %(least_orders_to_alert)s
    and not exists (
        select 1 from ops.held as h
        where h.client = m.client
    )
on conflict (client, measure, measured_on) do update set value = excluded.value;
