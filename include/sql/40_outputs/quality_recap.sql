-- Changes: outputs.recap_months: a client whose part of the month does not hold is named among the incomplete ones, so
-- that its figures are marked and closing waits for it; the others go on. Grain: month, its newest revision. Inputs:
-- ops.quality_runs of this run. Bound: month, run, suites. Re-run: nothing more to add; a final revision is left alone.
-- Ends in one row: incomplete, the clients that were named.
with wrong as (
    select distinct q.scope
    from ops.quality_runs as q
    where q.run_id = %(run)s and q.suite = any(%(suites)s) and q.scope <> 'all' and q.worst = 'critical'
),

named as (
    update outputs.recap_months as m
    set
        incomplete_clients = array(
            select distinct u.slug
            from unnest(m.incomplete_clients || array(select w.scope from wrong as w)) as u (slug)
            order by u.slug
        )
    where
        m.month = %(month)s
        and m.state <> 'final'
        and m.revision = (
            select max(n.revision) from outputs.recap_months as n
            where n.month = m.month
        )
        and exists (
            select 1 from wrong as w
            where w.scope <> all(m.incomplete_clients)
        )
)

select count(*) as incomplete
from wrong;
