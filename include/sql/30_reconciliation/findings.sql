-- Fills: reconciliation.findings. Grain: kind, subject. Inputs: found, complete, ops.completeness by way of complete.
-- Bound: now, kinds (those that were looked for). Re-run: only last_seen_at is touched. A finding that returns is the
-- same finding. One that is not found any more is cleared only where every source it names is whole for its client.
-- Ends in one row a kind: opened (new or returned), changed (details or date), cleared.
-- The findings as they were before this statement, beside what is found now.
with compared as (
    select
        n.kind,
        f.finding_id is null or f.cleared_at is not null as is_opened,
        f.cleared_at is null and f.details || jsonb_build_object('date', f.service_date)
        <> n.details || jsonb_build_object('date', n.service_date) as is_changed
    from found as n
    left join reconciliation.findings as f on n.kind = f.kind and n.subject = f.subject
),

kept as (
    insert into reconciliation.findings as f (
        kind, subject, client, order_id, n, row_key, service_date, sources, details, first_seen_at, last_seen_at
    )
    select
        n.kind,
        n.subject,
        n.client,
        n.order_id,
        n.n,
        n.row_key,
        n.service_date,
        n.sources,
        n.details,
        %(now)s as first_seen_at,
        %(now)s as last_seen_at
    from found as n
    on conflict (kind, subject) do update
        set
            client = excluded.client,
            order_id = excluded.order_id,
            n = excluded.n,
            row_key = excluded.row_key,
            service_date = excluded.service_date,
            sources = excluded.sources,
            details = excluded.details,
            last_seen_at = excluded.last_seen_at,
            cleared_at = null
),

cleared as (
    update reconciliation.findings as f
    set cleared_at = %(now)s
    where
        f.kind = any(%(kinds)s)
        and f.cleared_at is null
        and not exists (
            select 1 from found as n
            where n.kind = f.kind and n.subject = f.subject
        )
        and not exists (
            select 1 from unnest(f.sources) as s (source)
            where not exists (
                select 1 from complete as c
                where c.source = s.source and c.client = f.client
            )
        )
    returning f.kind
)

select
    k.kind,
    (
        select count(*) from compared as c
        where c.kind = k.kind and c.is_opened
    ) as opened,
    (
        select count(*) from compared as c
        where c.kind = k.kind and c.is_changed and not c.is_opened
    ) as changed,
    (
        select count(*) from cleared as c
        where c.kind = k.kind
    ) as cleared
from unnest(%(kinds)s::text[]) as k (kind);
