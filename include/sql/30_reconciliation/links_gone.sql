-- Changes: reconciliation.links, of which pairs that nothing speaks for any more are taken out, before links puts new
-- ones in: a row may stand in one counting pair only. Refused pairs stay while the decision stands.
-- Inputs: link_candidates, reconciliation.decisions. Re-run: changes nothing. Ends in one row of counts.
with refused as (
    select distinct on (k.order_id, k.n, k.row_key)
        k.order_id,
        k.n,
        k.row_key,
        d.kind
    from reconciliation.decisions as d
    cross join lateral (
        select
            (d.identity ->> 'order_id')::bigint as order_id,
            coalesce((d.identity ->> 'n')::integer, 1) as n,
            (d.identity ->> 'row_key')::bigint as row_key
    ) as k
    where d.kind in ('confirmed', 'refused')
    order by k.order_id asc, k.n asc, k.row_key asc, d.decision_id desc
),

gone as (
    delete from reconciliation.links as l
    where
        not exists (
            select 1 from link_candidates as c
            where c.is_picked and c.order_id = l.order_id and c.n = l.n and c.row_key = l.row_key
        )
        and not (
            l.decision = 'refused'
            and exists (
                select 1 from refused as r
                where r.kind = 'refused' and r.order_id = l.order_id and r.n = l.n and r.row_key = l.row_key
            )
        )
    returning l.row_key
)

select count(*) as gone
from gone;
