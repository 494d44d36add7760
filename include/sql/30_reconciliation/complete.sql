-- Makes: the temporary table complete, the sources that are known to be whole, client by client. Grain: source,
-- client. Inputs: ops.completeness, ops.watermarks, raw.basecamp_items, staging.orders, staging.clients. Re-run: any
-- time; what was never read is not whole, nor is Basecamp while a new order is read and does not stand in staging yet.
create temporary table complete on commit drop as
with latest as (
    select distinct on (c.source, c.scope)
        c.source,
        c.scope,
        c.state
    from ops.completeness as c
    order by c.source asc, c.scope asc, c.checked_at desc, c.read_no desc
)

select
    l.source,
    c.slug as client
from staging.clients as c
inner join latest as l
    on
        (l.source = 'basecamp' and l.scope = 'account')
        or (l.source = 'sheets' and l.scope = c.slug)
where
    l.state = 'complete'
    and not (
        l.source = 'basecamp'
        and exists (
            select from raw.basecamp_items as i
            where
                i.kind = 'todo'
                and i.read_no > coalesce(
                    (
                        select split_part(w.value, ' ', 1)::bigint from ops.watermarks as w
                        where w.source = 'basecamp' and w.scope = 'staged'
                    ), 0
                )
                and not exists (
                    select from staging.orders as o
                    where o.order_id = i.id
                )
        )
    );
