-- grain: sweep, id: what a sweep that is under way has met so far
-- inputs: %(sweep)s, %(ids)s
-- re-run: what was met already stays
insert into raw.basecamp_met as m (sweep, id)
select
    %(sweep)s as sweep,
    t.id
from unnest(%(ids)s::bigint[]) as t (id)
on conflict (sweep, id) do nothing;
