-- Reads: every active client with a tracker, and what to do with it: read, quiet, missing or trashed.
-- grain: client. Inputs: load_tracker_files (what Drive lists at this moment), raw.tracker_files (with that list merged
-- into it), staging.clients, ops.completeness, ops.watermarks, staging.tracker_row_keys;
-- %(today)s and %(zone)s: everything is read once a day, since Drive does not tell of recalculations;
-- %(overlap)s: what was changed so shortly before it was read is read again, since Drive's word may lag;
-- %(floor)s: the list runs from the newest file down to this modification time, null: to the end. What stands below was
-- not listed and is taken for unchanged until the next whole list;
-- %(words)s: {slug: fingerprint of the client's own words}; a tracker that was read by others is read again;
-- %(searched)s: false when Drive did not search everywhere: what is absent may have changed, and is read;
-- %(proven)s: false when a file could slip from one page to another: what is absent is read, and is not called missing.
-- re-run: any time
with compared as (
    select
        c.slug as client,
        c.spreadsheet_id,
        d.spreadsheet_id is not null as is_listed,
        coalesce(f.modified_at > %(floor)s::timestamptz, %(floor)s::timestamptz is null) as should_be_listed,
        coalesce(d.trashed, false) as is_trashed,
        -- compared with the table, not with the list: a run that was killed between list and reading left its word
        coalesce(f.read_version = f.version and f.read_modified_at = f.modified_at, false) as is_same_version,
        (f.fully_read_at at time zone %(zone)s)::date as read_on,
        coalesce(w.value, '') = coalesce(%(words)s::jsonb ->> c.slug, '') as is_same_words,
        f.modified_at > f.fully_read_at - make_interval(mins => %(overlap)s) as is_fresh,
        (
            select o.state
            from ops.completeness as o
            where o.source = 'sheets' and o.scope = c.slug
            order by o.checked_at desc, o.read_no desc
            limit 1
        ) as state,
        -- a row that was missing once is gone only when a second read says so
        (
            select count(*)
            from staging.tracker_row_keys as k
            where k.spreadsheet_id = c.spreadsheet_id and k.gone_at is null and k.missing_reads > 0
        ) > 0 as has_missing_rows
    from staging.clients as c
    left join load_tracker_files as d on c.spreadsheet_id = d.spreadsheet_id
    left join raw.tracker_files as f on c.spreadsheet_id = f.spreadsheet_id
    left join ops.watermarks as w on w.source = 'sheets' and w.scope = 'words/' || c.slug
    where c.active and c.spreadsheet_id is not null
)

select
    x.client,
    x.spreadsheet_id,
    case
        when x.is_trashed then 'trashed'
        when not x.is_listed and x.should_be_listed and %(searched)s and %(proven)s then 'missing'
        when not x.is_listed and (x.should_be_listed or not %(searched)s) then 'read'
        when x.read_on is null or x.read_on < %(today)s then 'read'
        when not x.is_same_version or not x.is_same_words or x.is_fresh or x.has_missing_rows then 'read'
        when coalesce(x.state, 'unknown') <> 'complete' then 'read'
        else 'quiet'
    end as verdict
from compared as x
order by x.client;
