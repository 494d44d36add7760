-- Changes: ops.completeness: a scope that fails a critical rule of a gate is incomplete, with what was seen as its
-- reason; it is complete again when the gate that said so has nothing more to say. What a reading itself found is left
-- alone: it says more. Grain: source and scope. Inputs: ops.quality_runs, quality_results (the newest verdict of each
-- suite on each scope). Bound: source, suites (all that mark this source), mark (how such reasons begin), run, now.
-- Re-run: a mark that says the same is not written again. Ends in one row: incomplete, the scopes that are marked now.
with newest as (
    select distinct on (q.suite, q.scope)
        q.run_id,
        q.suite,
        q.scope
    from ops.quality_runs as q
    where q.suite = any(%(suites)s) and q.scope <> 'all'
    order by q.suite asc, q.scope asc, q.run_no desc
),

latest as (
    select distinct on (c.scope)
        c.scope,
        c.state,
        c.reason
    from ops.completeness as c
    where c.source = %(source)s
    order by c.scope asc, c.checked_at desc, c.read_no desc
),

-- A reading that was refused says why by itself: its own words must not come back as those of a gate.
wrong as (
    select
        n.scope,
        %(mark)s || string_agg(coalesce(nullif(r.observed, ''), r.rule), '; ' order by r.rule) as reason
    from newest as n
    inner join ops.quality_results as r on n.run_id = r.run_id and n.suite = r.suite and n.scope = r.scope
    where not r.success and r.severity = 'critical' and r.rule <> 'trackers.refused'
    group by n.scope
),

wanted as (
    select
        l.scope,
        case when w.scope is null then 'complete' else 'incomplete' end as state,
        w.reason
    from latest as l
    left join wrong as w on l.scope = w.scope
    where
        (w.scope is not null and l.state = 'complete')
        or (starts_with(l.reason, %(mark)s) and l.state = 'incomplete' and l.reason is distinct from w.reason)
    union all
    select
        w.scope,
        'incomplete' as state,
        w.reason
    from wrong as w
    where
        not exists (
            select 1 from latest as l
            where l.scope = w.scope
        )
),

written as (
    insert into ops.completeness as c (source, scope, run_id, state, reason, checked_at)
    select
        %(source)s as source,
        w.scope,
        %(run)s as run_id,
        w.state,
        w.reason,
        %(now)s as checked_at
    from wanted as w
    on conflict (source, scope, run_id) do update
        set
            state = excluded.state,
            reason = excluded.reason,
            checked_at = excluded.checked_at,
            read_no = default
)

select count(*) as incomplete
from wrong;
