-- Deletes: ops.quality_runs with their results, and days of ops.client_measure_days. Of each suite the newest %(runs)s
-- runs stay, and the last one of each day from %(before)s on. Grain: run and suite; day. Inputs: those tables,
-- %(runs)s, %(before)s (a moment), %(zone)s. Re-run: finds nothing.
with runs as (
    select
        q.run_id,
        q.suite,
        max(q.run_no) as run_no,
        max(q.checked_at) as checked_at
    from ops.quality_runs as q
    group by q.run_id, q.suite
),

ranked as (
    select
        r.run_id,
        r.suite,
        r.checked_at,
        row_number() over (partition by r.suite order by r.run_no desc) as nth,
        row_number() over (
            partition by r.suite, (r.checked_at at time zone %(zone)s)::date order by r.run_no desc
        ) as nth_of_day
    from runs as r
),

deleted as (
    delete from ops.quality_runs as q
    using ranked as r
    where
        q.run_id = r.run_id
        and q.suite = r.suite
        and r.nth > %(runs)s
        and (r.nth_of_day > 1 or r.checked_at < %(before)s)
    returning q.run_id, q.suite
),

days as (
    delete from ops.client_measure_days as d
    where d.measured_on < (%(before)s at time zone %(zone)s)::date
)

select count(*) as runs
from (
    select distinct
        d.run_id,
        d.suite
    from deleted as d
) as r;
