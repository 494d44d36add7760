-- Reads: why rows wait in quarantine, and what changed since the gate run before. Grain: client, reason, field.
-- Key: client, reason, field. Inputs: ops.quarantine, staging.tracker_row_keys. Bound: since (empty at the first run),
-- now (the moment of the gate). Re-run: any time.
select
    q.client,
    q.reason,
    q.field,
    count(distinct q.row_key) filter (where q.state = 'open' and k.gone_at is null) as waiting,
    count(distinct q.row_key) filter (
        where q.state = 'open' and k.gone_at is null and q.first_seen_at > %(since)s::timestamptz
    ) as added,
    count(distinct q.row_key) filter (
        where q.state = 'fixed' and q.fixed_at > %(since)s::timestamptz and q.fixed_at <= %(now)s::timestamptz
    ) as fixed
from ops.quarantine as q
inner join staging.tracker_row_keys as k on q.row_key = k.row_key
where q.state = 'open' or q.fixed_at > %(since)s::timestamptz
group by q.client, q.reason, q.field
order by q.client asc, waiting desc, q.reason asc, q.field asc;
