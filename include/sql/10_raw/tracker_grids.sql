-- grain: spreadsheet_id, sheet_id, content_sha256; one tab of a tracker as received
-- inputs: load_tracker_grids, %(now)s
-- re-run: the same content is only marked as read again
insert into raw.tracker_grids as g (
    spreadsheet_id, sheet_id, content_sha256, title, payload, first_read_at, last_read_at
)
select
    n.spreadsheet_id,
    n.sheet_id,
    n.content_sha256,
    n.title,
    n.payload,
    %(now)s as first_read_at,
    %(now)s as last_read_at
from load_tracker_grids as n
on conflict (spreadsheet_id, sheet_id, content_sha256) do update set
    last_read_at = greatest(g.last_read_at, excluded.last_read_at);
