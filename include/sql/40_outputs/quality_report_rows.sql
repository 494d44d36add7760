-- Reads: rows that wait in quarantine, the newest of each client first. Grain: row_key. Key: row_key.
-- Inputs: ops.quarantine, staging.tracker_row_keys. Bound: since (empty at the first run), most (rows a client).
-- Re-run: any time. waiting is the number of all rows of the client that wait.
with waiting as (
    select
        q.client,
        q.row_key,
        array_agg(q.reason order by q.field, q.reason) as reasons,
        array_agg(distinct q.field) as fields,
        min(q.first_seen_at) as first_seen_at,
        (array_agg(q.original order by q.field, q.reason))[1] as original,
        (array_agg(q.cell_url order by q.field, q.reason))[1] as cell_url
    from ops.quarantine as q
    inner join staging.tracker_row_keys as k on q.row_key = k.row_key
    where q.state = 'open' and k.gone_at is null
    group by q.client, q.row_key
),

numbered as (
    select
        w.*,
        count(*) over (partition by w.client) as waiting,
        row_number() over (partition by w.client order by w.first_seen_at desc, w.row_key asc) as nth
    from waiting as w
)

select
    n.client,
    n.row_key,
    n.reasons,
    n.fields,
    n.first_seen_at,
    n.original,
    n.cell_url,
    n.waiting,
    coalesce(n.first_seen_at > %(since)s::timestamptz, false) as added
from numbered as n
where n.nth <= %(most)s
order by n.client, n.nth;
