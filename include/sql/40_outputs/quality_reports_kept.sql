-- Changes: outputs.documents; a report or history page of the quality gates is kept, and those that are no longer of
-- any use are forgotten: an older form of the same page, and reports of runs that the history does not list.
-- Grain: document. Key: sha256. Bound: sha256, name, content_type, content, now; names (all that may stay).
-- Inputs: none. Re-run: equal bytes are one document; nothing happens. Ends in one row of counts.
with kept as (
    insert into outputs.documents as d (sha256, name, content_type, content, made_at)
    values (%(sha256)s, %(name)s, %(content_type)s, %(content)s, %(now)s)
    on conflict (sha256) do nothing
    returning d.sha256
),

forgotten as (
    delete from outputs.documents as d
    where
        d.name like 'Data quality %%'
        and d.content_type = %(content_type)s
        and d.sha256 <> %(sha256)s
        and (d.name = %(name)s or not d.name = any(%(names)s::text[]))
    returning d.sha256
)

select
    (select count(*) from kept) as kept,
    (select count(*) from forgotten) as forgotten;
