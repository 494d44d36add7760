-- grain: to-do of a project that stands in the warehouse as active or archived and that the source is not known to hide
-- inputs: raw.basecamp_newest, raw.basecamp_missing, %(project)s
-- re-run: any time; reads only
select n.id
from raw.basecamp_newest as n
left join raw.basecamp_missing as m on n.kind = m.kind and n.id = m.id
where
    n.kind = 'todo'
    and n.project_id = %(project)s
    and n.status in ('active', 'archived')
    and m.id is null
order by n.id;
