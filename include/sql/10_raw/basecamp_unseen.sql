-- grain: record: those that stand in the warehouse with a status and were not met by a whole walk of it
-- inputs: raw.basecamp_items, %(kind)s, %(status)s, %(seen)s: the ids that the walk met
with newest as (
    select distinct on (i.kind, i.id)
        i.kind,
        i.id,
        i.payload,
        i.payload ->> 'status' as status,
        (i.payload -> 'bucket' ->> 'id')::bigint as project_id
    from raw.basecamp_items as i
    where i.kind in (%(kind)s, 'project')
    order by i.kind asc, i.id asc, i.read_no desc
)

select
    n.id,
    n.payload
from newest as n
inner join newest as p on p.kind = 'project' and n.project_id = p.id and p.status = 'active'
where n.kind = %(kind)s and n.status = %(status)s and n.id <> all(%(seen)s::bigint[])
order by n.id;
