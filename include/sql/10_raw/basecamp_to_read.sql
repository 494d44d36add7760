-- grain: record of a kind: its newest version, where that was read after %(after)s; at most %(most)s, oldest read first
-- inputs: raw.basecamp_newest, raw.basecamp_items. lacks: what its reader needs and it has not, '' when nothing
-- re-run: any time; reads only
select
    n.id,
    i.payload,
    raw.item_lacks(n.kind, n.id, i.payload) as lacks,
    n.read_no
from raw.basecamp_newest as n
inner join raw.basecamp_items as i
    on n.kind = i.kind and n.id = i.id and n.content_sha256 = i.content_sha256
where n.kind = %(kind)s and n.read_no > %(after)s
order by n.read_no
limit %(most)s;
