-- grain: project that stands in the warehouse as active and was not in the list of active ones
-- inputs: raw.basecamp_items, %(seen)s: the ids of the list
with newest as (
    select distinct on (i.id)
        i.id,
        i.payload
    from raw.basecamp_items as i
    where i.kind = 'project'
    order by i.id asc, i.read_no desc
)

select
    n.id,
    n.payload
from newest as n
where n.payload ->> 'status' = 'active' and n.id <> all(%(seen)s::bigint[])
order by n.id;
