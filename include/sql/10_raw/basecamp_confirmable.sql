-- grain: record that a weekly sweep did not meet, long enough ago to be asked for a last time; with its newest version
-- inputs: raw.basecamp_missing, raw.basecamp_newest, raw.basecamp_items, %(before)s
-- re-run: any time; reads only
select
    m.kind,
    m.id,
    i.payload
from raw.basecamp_missing as m
inner join raw.basecamp_newest as n on m.kind = n.kind and m.id = n.id
inner join raw.basecamp_items as i
    on n.kind = i.kind and n.id = i.id and n.content_sha256 = i.content_sha256
where m.swept_at <= %(before)s
order by m.kind asc, m.id asc;
