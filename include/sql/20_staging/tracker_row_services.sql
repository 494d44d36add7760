-- grain: row_key, n; the services of a readable row in the order in which the row names them
-- inputs: load_tracker_row_services, load_tracker_rows (the rows they belong to). Re-run: the same lines
delete from staging.tracker_row_services as s
using load_tracker_rows as r
where
    s.row_key = r.row_key
    and not exists (
        select from load_tracker_row_services as n
        where n.row_key = s.row_key and n.n = s.n
    );

insert into staging.tracker_row_services as s (row_key, n, service, units)
select
    n.row_key,
    n.n,
    n.service,
    n.units
from load_tracker_row_services as n
on conflict (row_key, n) do update set
    (service, units) = (excluded.service, excluded.units);
