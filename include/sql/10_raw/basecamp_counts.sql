-- grain: one row: how many records of a kind stand in the warehouse with a status, in projects that are active
-- inputs: raw.basecamp_newest, raw.basecamp_missing, %(kind)s, %(status)s, %(projects)s: null for all of them; the
--   source's walks cover active projects only, and what it is known not to show does not count
-- re-run: any time; reads only
with active as (
    select n.id
    from raw.basecamp_newest as n
    where
        n.kind = 'project'
        and n.status = 'active'
        and not exists (
            select from raw.basecamp_missing as m
            where m.kind = 'project' and m.id = n.id
        )
)

select
    (
        select count(*)
        from raw.basecamp_newest as n
        where
            n.kind = %(kind)s
            and n.status = %(status)s
            and n.project_id in (select a.id from active as a)
            and (%(projects)s::bigint[] is null or n.project_id = any(%(projects)s::bigint[]))
    ) - (
        select count(*)
        from raw.basecamp_missing as m
        inner join raw.basecamp_newest as n on m.kind = n.kind and m.id = n.id
        where
            m.kind = %(kind)s
            and n.status = %(status)s
            and n.project_id in (select a.id from active as a)
            and (%(projects)s::bigint[] is null or n.project_id = any(%(projects)s::bigint[]))
    ) as counted;
