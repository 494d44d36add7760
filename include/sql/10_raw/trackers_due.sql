-- Reads: every active client with a tracker, and what to do with it: read, quiet, missing or trashed.
-- grain: client. Inputs: load_tracker_files (Drive's list of this moment), staging.clients, raw.tracker_files,
-- ops.completeness, staging.tracker_row_keys; %(today)s and %(zone)s: everything is read once a day, since Drive does
-- not tell of recalculations; %(overlap)s: what was changed so shortly before it was read is read again, since Drive's
-- word may lag; %(searched)s: false when Drive did not search everywhere, so that absence proves nothing.
-- re-run: any time
with compared as (
    select
        c.slug as client,
        c.spreadsheet_id,
        d.spreadsheet_id is not null as is_listed,
        coalesce(d.trashed, false) as is_trashed,
        coalesce(f.version = d.version and f.modified_at = d.modified_at, false) as is_same_version,
        (f.fully_read_at at time zone %(zone)s)::date as read_on,
        d.modified_at > f.fully_read_at - make_interval(mins => %(overlap)s) as is_fresh,
        (
            select o.state
            from ops.completeness as o
            where o.source = 'sheets' and o.scope = c.slug
            order by o.checked_at desc, (o.state = 'complete') desc
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
    where c.active and c.spreadsheet_id is not null
)

select
    x.client,
    x.spreadsheet_id,
    case
        when x.is_trashed then 'trashed'
        when not x.is_listed and %(searched)s then 'missing'
        when x.read_on is null or x.read_on < %(today)s then 'read'
        when not x.is_same_version or x.is_fresh or x.has_missing_rows then 'read'
        when coalesce(x.state, 'unknown') <> 'complete' then 'read'
        else 'quiet'
    end as verdict
from compared as x
order by x.client;
