-- Makes: the temporary table complete, the sources that are known to be whole, client by client. Grain: source,
-- client. Inputs: ops.whole_sources, ops.watermarks, raw.basecamp_newest, staging.orders. Re-run: any time; Basecamp is
-- not whole while a new order is read and does not stand in staging yet.
create temporary table complete on commit drop as
select
    w.source,
    w.client
from ops.whole_sources as w
where
    not (
        w.source = 'basecamp'
        and exists (
            select from raw.basecamp_newest as n
            where
                n.kind = 'todo'
                and n.read_no > coalesce(
                    (
                        select split_part(m.value, ' ', 1)::bigint from ops.watermarks as m
                        where m.source = 'basecamp' and m.scope = 'staged'
                    ), 0
                )
                and not exists (
                    select from staging.orders as o
                    where o.order_id = n.id
                )
        )
    );
