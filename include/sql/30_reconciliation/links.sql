-- Fills: reconciliation.links. Grain: visit and row. Key: order_id, n, row_key. Inputs: link_candidates (picked),
-- reconciliation.decisions (refused). Bound: now. Re-run: a link that says the same is not touched. Ends in one row
-- of counts.
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

decided as (
    select distinct on (w.order_id, w.n, w.row_key)
        w.order_id,
        w.n,
        w.row_key,
        w.kind
    from words as w
    order by w.order_id asc, w.n asc, w.row_key asc, w.decision_id desc
),

wanted as (
    select
        c.order_id,
        c.n,
        c.row_key,
        c.client,
        c.score,
        c.evidence,
        c.rule,
        c.decision
    from link_candidates as c
    where c.is_picked
    union all
    select
        d.order_id,
        d.n,
        d.row_key,
        r.client,
        0 as score,
        '{}'::jsonb as evidence,
        'decision' as rule,
        'refused' as decision
    from decided as d
    inner join staging.visits as v on d.order_id = v.order_id and d.n = v.n
    inner join staging.tracker_rows as r on d.row_key = r.row_key
    where d.kind = 'refused'
),

loaded as (
    insert into reconciliation.links as l (
        order_id, n, row_key, client, score, evidence, rule, decision, first_linked_at, last_linked_at
    )
    select
        w.order_id,
        w.n,
        w.row_key,
        w.client,
        w.score,
        w.evidence,
        w.rule,
        w.decision,
        %(now)s as first_linked_at,
        %(now)s as last_linked_at
    from wanted as w
    on conflict (order_id, n, row_key) do update
        set
            client = excluded.client,
            score = excluded.score,
            evidence = excluded.evidence,
            rule = excluded.rule,
            decision = excluded.decision,
            last_linked_at = excluded.last_linked_at
        where
        (l.client, l.score, l.evidence, l.rule, l.decision)
        is distinct from (excluded.client, excluded.score, excluded.evidence, excluded.rule, excluded.decision)
    returning l.row_key
)

select
    (select count(*) from loaded) as changed,
    count(*) filter (where w.decision = 'accepted') as accepted,
    count(*) filter (where w.decision = 'confirmed') as confirmed,
    count(*) filter (where w.decision = 'review') as review,
    count(*) filter (where w.decision = 'refused') as refused
from wanted as w;
