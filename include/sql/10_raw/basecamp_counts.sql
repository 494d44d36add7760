-- grain: one row: how many records of a kind stand in the warehouse with a status, in projects that are active
-- inputs: raw.basecamp_items, %(kind)s, %(status)s; the source's walks cover active projects only
with newest as (
    select distinct on (i.kind, i.id)
        i.kind,
        i.id,
        i.payload ->> 'status' as status,
        (i.payload -> 'bucket' ->> 'id')::bigint as project_id
    from raw.basecamp_items as i
    where i.kind in (%(kind)s, 'project')
    order by i.kind asc, i.id asc, i.read_no desc
)

select count(*) as counted
from newest as n
inner join newest as p on p.kind = 'project' and n.project_id = p.id and p.status = 'active'
where n.kind = %(kind)s and n.status = %(status)s;
