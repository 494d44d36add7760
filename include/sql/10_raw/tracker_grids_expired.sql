-- Deletes: grids of trackers that were last read before %(before)s, except the newest of each tab and the last one of
-- each month. Grain: spreadsheet, tab, content. Inputs: raw.tracker_grids, %(before)s, %(zone)s.
-- re-run: finds nothing
with ranked as (
    select
        g.spreadsheet_id,
        g.sheet_id,
        g.content_sha256,
        g.last_read_at,
        row_number() over (
            partition by g.spreadsheet_id, g.sheet_id, date_trunc('month', g.last_read_at at time zone %(zone)s)
            order by g.last_read_at desc, g.first_read_at desc, g.content_sha256 asc
        ) as from_the_end
    from raw.tracker_grids as g
),

deleted as (
    delete from raw.tracker_grids as g
    using ranked as r
    where
        g.spreadsheet_id = r.spreadsheet_id
        and g.sheet_id = r.sheet_id
        and g.content_sha256 = r.content_sha256
        and r.from_the_end > 1
        and r.last_read_at < %(before)s
    returning 1
)

select count(*) as deleted from deleted;
