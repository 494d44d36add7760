-- Reads: every outlet that people wrote and the register does not know. Grain: spelling. Inputs: staging.visits,
-- staging.tracker_rows, ops.quarantine with staging.tracker_row_keys. Re-run: any time.
select v.outlet_text
from staging.visits as v
where v.outlet is null and v.outlet_text is not null
union
select r.outlet_text
from staging.tracker_rows as r
where r.outlet is null and r.outlet_text is not null
union
select k.outlet_text
from ops.quarantine as q
inner join staging.tracker_row_keys as k on q.row_key = k.row_key
where q.state = 'open' and k.outlet_text is not null;
