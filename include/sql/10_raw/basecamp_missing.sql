-- grain: kind, id: a record that the source does not show where it should stand, and answers with 404
-- inputs: %(kind)s, %(ids)s, %(now)s, %(weekly)s: whether a sweep of everything did not meet it either
-- re-run: the first moment stays; the weekly sweep's mark is set once
insert into raw.basecamp_missing as m (kind, id, first_missed_at, asked_at, swept_at)
select
    %(kind)s as kind,
    t.id,
    %(now)s as first_missed_at,
    %(now)s as asked_at,
    case when %(weekly)s then %(now)s::timestamptz end as swept_at
from unnest(%(ids)s::bigint[]) as t (id)
on conflict (kind, id) do update set
    asked_at = excluded.asked_at,
    swept_at = coalesce(m.swept_at, excluded.swept_at);
