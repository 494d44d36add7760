-- Reads: how the last reading of each tracker ended. Grain: client with a tracker that was ever read.
-- Inputs: ops.completeness, staging.clients. Re-run: any time.
select distinct on (c.scope)
    c.scope as client,
    c.state,
    c.reason
from ops.completeness as c
inner join staging.clients as s on c.scope = s.slug
where c.source = 'sheets'
order by c.scope asc, c.checked_at desc, c.read_no desc;
