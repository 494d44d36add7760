-- Reads: the last runs that passed a gate, newest first. Grain: run, suite. Key: run_id, suite.
-- Inputs: ops.quality_runs, quality_results. Bound: most (runs). Re-run: any time.
-- failing counts rows or clients by rule; a row that fails two rules counts twice.
with latest as (
    select
        q.run_id,
        max(q.run_no) as last_no
    from ops.quality_runs as q
    where q.scope = 'all'
    group by q.run_id
    order by last_no desc
    limit %(most)s
),

failed as (
    select
        r.run_id,
        r.suite,
        sum(r.failing) as failing,
        sum(r.failing) filter (where r.severity = 'critical') as failing_critical
    from ops.quality_results as r
    where r.scope = 'all' and r.run_id in (select l.run_id from latest as l)
    group by r.run_id, r.suite
)

select
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
inner join latest as l on q.run_id = l.run_id
left join failed as f on q.run_id = f.run_id and q.suite = f.suite
where q.scope = 'all'
order by l.last_no desc, q.suite asc;
