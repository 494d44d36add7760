-- grain: spreadsheet_id; what Drive last said of a client's tracker. read_* and fully_read_at stay: they are those of
-- the last reading (10_raw/tracker_files_read)
-- inputs: load_tracker_files (spreadsheets that Drive listed just now), staging.clients, %(now)s
-- re-run: the line is replaced; what Drive did not list keeps its line
insert into raw.tracker_files as f (
    spreadsheet_id, name, modified_at, version, trashed, last_modifying_user, seen_at
)
select
    d.spreadsheet_id,
    d.name,
    d.modified_at,
    d.version,
    d.trashed,
    d.last_modifying_user,
    %(now)s as seen_at
from load_tracker_files as d
where
    exists (
        select from staging.clients as c
        where c.spreadsheet_id = d.spreadsheet_id
    )
on conflict (spreadsheet_id) do update set
    (name, modified_at, version, trashed, last_modifying_user, seen_at)
    = (
        excluded.name, excluded.modified_at, excluded.version, excluded.trashed, excluded.last_modifying_user,
        excluded.seen_at
    );
