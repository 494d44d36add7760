-- Reads: every living row of a spreadsheet as it was last seen, for the matching with a new grid.
-- grain: row_key. Inputs: staging.tracker_row_keys, staging.tracker_rows (null where the row could not be read);
-- %(spreadsheet)s
-- re-run: any time
select
    k.row_key,
    k.sheet_id,
    k.row,
    k.content_sha256,
    k.order_ref,
    k.service_date,
    k.outlet_text,
    k.service_text,
    k.units,
    r.tab,
    r.time_from,
    r.technicians,
    r.status_text,
    r.note
from staging.tracker_row_keys as k
left join staging.tracker_rows as r on k.row_key = r.row_key
where k.spreadsheet_id = %(spreadsheet)s and k.gone_at is null
order by k.row_key;
