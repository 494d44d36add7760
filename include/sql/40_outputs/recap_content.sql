-- Reads: the fingerprint of the month as it stands now (load_recap_lines) and the clients whose data are incomplete.
-- Grain: one row. Inputs: load_recap_lines, ops.whole_sources, staging.clients.
-- Re-run: any time. Equal fingerprints mean an equal recap: approval binds it.
with incomplete as (
    select c.slug
    from staging.clients as c
    where
        c.active
        and (
            not exists (
                select from ops.whole_sources as w
                where w.source = 'basecamp' and w.client = c.slug
            )
            or (
                c.spreadsheet_id is not null
                and not exists (
                    select from ops.whole_sources as w
                    where w.source = 'sheets' and w.client = c.slug
                )
            )
        )
)

select
    (select count(*) from load_recap_lines) as lines,
    coalesce((select array_agg(i.slug order by i.slug) from incomplete as i), '{}') as incomplete_clients,
    encode(
        sha256(
            convert_to(
                concat_ws(
                    E'\n',
                    (select string_agg(to_jsonb(l)::text, E'\n' order by l.position) from load_recap_lines as l),
                    (select string_agg(i.slug, ',' order by i.slug) from incomplete as i)
                ),
                'UTF8'
            )
        ),
        'hex'
    ) as content_sha256;
