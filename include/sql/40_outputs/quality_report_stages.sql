-- Reads: the stages whose gates a run passed, in the order in which it did. Grain: stage. Key: stage.
-- Inputs: ops.quality_runs. Bound: run. Re-run: any time.
select split_part(q.suite, '.', 1) as stage
from ops.quality_runs as q
where q.run_id = %(run)s and q.scope = 'all'
group by stage
order by min(q.run_no);
