-- grain: spreadsheet_id; what Drive said of a tracker just before it was last read whole
-- inputs: bound values of one file, %(now)s
-- re-run: the line is replaced
insert into raw.tracker_files as f (
    spreadsheet_id, name, modified_at, version, trashed, last_modifying_user, fully_read_at, seen_at
)
values (
    %(spreadsheet)s, %(name)s, %(modified_at)s, %(version)s, false, %(user)s, %(now)s, %(now)s
)
on conflict (spreadsheet_id) do update set
    (name, modified_at, version, trashed, last_modifying_user, fully_read_at, seen_at)
    = (
        excluded.name, excluded.modified_at, excluded.version, excluded.trashed, excluded.last_modifying_user,
        excluded.fully_read_at, excluded.seen_at
    );
