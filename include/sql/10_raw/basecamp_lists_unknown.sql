-- grain: list or group that holds to-dos of the projects %(projects)s and was not read yet
-- inputs: raw.basecamp_newest, raw.basecamp_items
-- re-run: any time; reads only
with parents as (
    select distinct (i.payload -> 'parent' ->> 'id')::bigint as id
    from raw.basecamp_newest as n
    inner join raw.basecamp_items as i
        on n.kind = i.kind and n.id = i.id and n.content_sha256 = i.content_sha256
    where
        n.kind = 'todo'
        and n.project_id = any(%(projects)s::bigint[])
        and i.payload -> 'parent' ->> 'type' = 'Todolist'
)

select p.id
from parents as p
where
    not exists (
        select from raw.basecamp_newest as l
        where l.kind = 'todolist' and l.id = p.id
    )
order by p.id;
