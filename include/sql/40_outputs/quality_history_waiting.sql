-- Reads: rows that have waited longest in quarantine, oldest first. Grain: row_key. Key: row_key.
-- Inputs: ops.quarantine, staging.tracker_row_keys, clients. Bound: most. Re-run: any time.
select
    c.name as client_name,
    q.row_key,
    array_agg(q.reason order by q.field, q.reason) as reasons,
    min(q.first_seen_at) as first_seen_at,
    (array_agg(q.original order by q.field, q.reason))[1] as original,
    (array_agg(q.cell_url order by q.field, q.reason))[1] as cell_url
from ops.quarantine as q
inner join staging.tracker_row_keys as k on q.row_key = k.row_key
inner join staging.clients as c on q.client = c.slug
where q.state = 'open' and k.gone_at is null
group by c.name, q.row_key
order by first_seen_at, c.name, q.row_key
limit %(most)s;
