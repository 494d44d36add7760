-- grain: to-do: those of a page that the warehouse already holds as they are, by their updated_at
-- inputs: raw.basecamp_items, %(ids)s, %(kind)s
select distinct on (i.id)
    i.id,
    i.updated_at,
    i.payload
from raw.basecamp_items as i
where i.kind = %(kind)s and i.id = any(%(ids)s::bigint[])
order by i.id asc, i.read_no desc;
