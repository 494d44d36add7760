-- grain: spreadsheet_id; changes: raw.tracker_files, of one tracker that was read whole and is kept
-- inputs: %(spreadsheet)s; %(modified_at)s and %(version)s as Drive had listed them before the grid was asked for, so
-- that what was changed after that differs from them the next time; %(now)s
-- re-run: the same reading writes the same line
update raw.tracker_files
set
    read_modified_at = %(modified_at)s,
    read_version = %(version)s,
    fully_read_at = %(now)s
where spreadsheet_id = %(spreadsheet)s;
