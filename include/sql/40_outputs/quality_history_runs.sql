-- Reads: the last runs that passed the gate of each stage, newest first. Grain: run, suite. Key: run_id, suite.
-- Inputs: ops.quality_runs, quality_results. Bound: most (runs of a stage). Re-run: any time.
-- failing counts rows or clients by rule; a row that fails two rules counts twice.
with gates as (
    select
        q.run_id,
        split_part(q.suite, '.', 1) as stage,
        max(q.run_no) as last_no
    from ops.quality_runs as q
    where q.scope = 'all'
    group by q.run_id, stage
),

latest as (
    select
        g.*,
        row_number() over (partition by g.stage order by g.last_no desc) as nth
    from gates as g
),

failed as (
    select
        r.run_id,
        r.suite,
        sum(r.failing) as failing,
        sum(r.failing) filter (where r.severity = 'critical') as failing_critical
    from ops.quality_results as r
    where
        r.scope = 'all'
        and exists (
            select from latest as l
            where l.run_id = r.run_id and l.nth <= %(most)s
        )
    group by r.run_id, r.suite
)

select
    l.stage,
    q.run_id,
    q.suite,
    q.success,
    q.usable,
    q.worst,
    q.rows_checked,
    q.checked_at,
    coalesce(f.failing, 0) as failing,
    coalesce(f.failing_critical, 0) as failing_critical
from ops.quality_runs as q
inner join latest as l on q.run_id = l.run_id and l.stage = split_part(q.suite, '.', 1)
left join failed as f on q.run_id = f.run_id and q.suite = f.suite
where q.scope = 'all' and l.nth <= %(most)s
order by l.last_no desc, q.suite asc;
