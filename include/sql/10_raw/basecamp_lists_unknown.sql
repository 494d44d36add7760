-- grain: list or group that holds to-dos of the projects %(projects)s and was not read yet
-- inputs: raw.basecamp_items
with parents as (
    select distinct (t.payload -> 'parent' ->> 'id')::bigint as id
    from raw.basecamp_items as t
    where
        t.kind = 'todo'
        and t.payload -> 'parent' ->> 'type' = 'Todolist'
        and (t.payload -> 'bucket' ->> 'id')::bigint = any(%(projects)s::bigint[])
)

select p.id
from parents as p
where
    not exists (
        select 1 from raw.basecamp_items as l
        where l.kind = 'todolist' and l.id = p.id
    )
order by p.id;
