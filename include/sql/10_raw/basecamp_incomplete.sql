-- grain: project whose last proof did not hold
-- inputs: ops.completeness
-- re-run: any time; reads only
with latest as (
    select distinct on (c.scope)
        c.scope,
        c.state
    from ops.completeness as c
    where c.source = 'basecamp' and c.scope like 'project:%%'
    order by c.scope asc, c.checked_at desc, c.read_no desc
)

select substr(l.scope, 9)::bigint as project_id
from latest as l
where l.state <> 'complete'
order by project_id;
