-- grain: record of a batch that the warehouse already holds: its newest version
-- inputs: raw.basecamp_newest, raw.basecamp_items, %(ids)s, %(kind)s
-- re-run: any time; reads only
select
    n.id,
    n.updated_at,
    i.payload
from raw.basecamp_newest as n
inner join raw.basecamp_items as i
    on n.kind = i.kind and n.id = i.id and n.content_sha256 = i.content_sha256
where n.kind = %(kind)s and n.id = any(%(ids)s::bigint[]);
