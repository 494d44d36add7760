-- grain: project of %(ids)s: what is known of it; is_missing when the source no longer shows it
-- inputs: raw.basecamp_newest, raw.basecamp_items, raw.basecamp_missing
-- re-run: any time; reads only
select
    n.id,
    n.status,
    n.updated_at,
    i.payload,
    m.id is not null as is_missing
from raw.basecamp_newest as n
inner join raw.basecamp_items as i
    on n.kind = i.kind and n.id = i.id and n.content_sha256 = i.content_sha256
left join raw.basecamp_missing as m on n.kind = m.kind and n.id = m.id
where n.kind = 'project' and n.id = any(%(ids)s::bigint[])
order by n.id;
