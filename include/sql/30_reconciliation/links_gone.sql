-- Changes: reconciliation.links, of which pairs that nothing speaks for any more are taken out, before links puts new
-- ones in: a row may stand in one counting pair only. Refused pairs stay while the decision stands. Inputs:
-- link_candidates, reconciliation.decisions. Re-run: changes nothing. Ends in one row of counts.
with words as (
    select
        (d.identity ->> 'order_id')::bigint as order_id,
        coalesce((d.identity ->> 'n')::integer, 1) as n,
        (d.identity ->> 'row_key')::bigint as row_key,
        d.kind,
        d.decision_id
    from reconciliation.decisions as d
    where d.kind in ('confirmed', 'refused')
),

refused as (
    select distinct on (w.order_id, w.n, w.row_key)
        w.order_id,
        w.n,
        w.row_key,
        w.kind
    from words as w
    order by w.order_id asc, w.n asc, w.row_key asc, w.decision_id desc
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
