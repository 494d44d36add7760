-- grain: record that stands in the warehouse with a status and was not met by a sweep from end to end
-- inputs: raw.basecamp_newest, raw.basecamp_met, raw.basecamp_missing; %(sweep)s, %(kind)s, %(status)s, %(project)s:
--   null for every active one; %(until)s: the newest moment that the sweep met: what came later it could not meet;
--   %(weekly)s: also those that are known to be missing
-- re-run: any time; reads only
select n.id
from raw.basecamp_newest as n
inner join raw.basecamp_newest as p on p.kind = 'project' and n.project_id = p.id and p.status = 'active'
where
    n.kind = %(kind)s
    and n.status = %(status)s
    and (%(project)s::bigint is null or n.project_id = %(project)s)
    and (%(until)s::timestamptz is null or n.updated_at <= %(until)s)
    and not exists (
        select from raw.basecamp_met as m
        where m.sweep = %(sweep)s and m.id = n.id
    )
    and not exists (
        select from raw.basecamp_missing as m
        where (m.kind = n.kind and m.id = n.id and not %(weekly)s) or (m.kind = 'project' and m.id = n.project_id)
    )
order by n.id;
