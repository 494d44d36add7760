-- grain: kind, id: what was confirmed to be gone is missing no more
-- inputs: %(kind)s, %(ids)s
-- re-run: finds nothing
delete from raw.basecamp_missing as m
where m.kind = %(kind)s and m.id = any(%(ids)s::bigint[]);
