-- Reads: how the suites of one gate run ended, beside the run before. Grain: suite, scope ('all' or a client).
-- Key: suite, scope. Inputs: ops.quality_runs. Bound: run, suites. Re-run: any time.
-- before_at is empty where no earlier run judged the suite.
select
    q.suite,
    q.scope,
    q.success,
    q.usable,
    q.worst,
    q.rows_checked,
    q.checked_at,
    b.run_id as before_run_id,
    b.checked_at as before_at
from ops.quality_runs as q
left join lateral (
    select
        p.run_id,
        p.checked_at
    from ops.quality_runs as p
    where
        p.suite = q.suite
        and p.scope = 'all'
        and p.run_id <> q.run_id
        and p.run_no < q.run_no
    order by p.run_no desc
    limit 1
) as b on true
where q.run_id = %(run)s and q.suite = any(%(suites)s::text[])
order by q.suite, q.scope;
