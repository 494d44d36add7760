-- grain: project that is active and that the source shows
-- inputs: raw.basecamp_newest, raw.basecamp_missing
-- re-run: any time; reads only
select n.id
from raw.basecamp_newest as n
where
    n.kind = 'project'
    and n.status = 'active'
    and not exists (
        select from raw.basecamp_missing as m
        where m.kind = 'project' and m.id = n.id
    )
order by n.id;
