-- grain: project that stands in the warehouse as active and was not in the list of active ones
-- inputs: raw.basecamp_newest, raw.basecamp_missing, %(seen)s: the ids of the list, %(weekly)s: also those that are
--   known to be missing
-- re-run: any time; reads only
select n.id
from raw.basecamp_newest as n
where
    n.kind = 'project'
    and n.status = 'active'
    and n.id <> all(%(seen)s::bigint[])
    and (
        %(weekly)s or not exists (
            select from raw.basecamp_missing as m
            where m.kind = 'project' and m.id = n.id
        )
    )
order by n.id;
