-- grain: record of a kind: its newest version, where that was read after %(after)s
-- inputs: raw.basecamp_items
select
    i.id,
    i.payload,
    i.read_no
from raw.basecamp_items as i
where
    i.kind = %(kind)s
    and i.read_no > %(after)s
    and not exists (
        select 1 from raw.basecamp_items as newer
        where newer.kind = i.kind and newer.id = i.id and newer.read_no > i.read_no
    )
order by i.id;
