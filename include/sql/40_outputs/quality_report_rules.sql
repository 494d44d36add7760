-- Reads: what each rule of one gate run counted, beside the run before. Grain: suite, scope, rule.
-- Key: suite, scope, rule. Inputs: ops.quality_runs, quality_results. Bound: run, suites. Re-run: any time.
-- A rule that fails no more for a client stands here with failing 0; failing_before is empty where no earlier run
-- judged the suite.
with judged as (
    select
        q.suite,
        q.run_id,
        b.run_id as before_run_id
    from ops.quality_runs as q
    left join lateral (
        select p.run_id
        from ops.quality_runs as p
        where
            p.suite = q.suite
            and p.scope = 'all'
            and p.run_id <> q.run_id
            and p.run_no < q.run_no
        order by p.run_no desc
        limit 1
    ) as b on true
    where q.run_id = %(run)s and q.scope = 'all' and q.suite = any(%(suites)s::text[])
),

counted as (
    select
        r.suite,
        r.scope,
        r.rule,
        r.severity,
        r.success,
        r.failing,
        r.observed
    from ops.quality_results as r
    inner join judged as j on r.run_id = j.run_id and r.suite = j.suite
),

counted_before as (
    select
        r.suite,
        r.scope,
        r.rule,
        r.severity,
        r.failing
    from ops.quality_results as r
    inner join judged as j on r.run_id = j.before_run_id and r.suite = j.suite
)

select
    coalesce(c.suite, b.suite) as suite,
    coalesce(c.scope, b.scope) as scope,
    coalesce(c.rule, b.rule) as rule,
    coalesce(c.severity, b.severity) as severity,
    coalesce(c.success, true) as success,
    coalesce(c.failing, 0) as failing,
    c.observed,
    case when j.before_run_id is not null then coalesce(b.failing, 0) end as failing_before
from counted as c
full join counted_before as b on c.suite = b.suite and c.scope = b.scope and c.rule = b.rule
inner join judged as j on j.suite = coalesce(c.suite, b.suite)
order by suite, scope, rule;
