-- grain: posted file, of a comment or of the to-do's description
-- inputs: load_attachments, staging.orders, staging.comments; %(orders)s and %(comments)s: whose files were read
-- re-run: the same file stays as it is, with the sha256 that was learned of it; one that left its text is trashed
with known as (
    select distinct on (l.attachment_id) l.*
    from load_attachments as l
    order by l.attachment_id, l.posted_at
),

taken as (
    select k.*
    from known as k
    inner join staging.orders as o on k.order_id = o.order_id
    where k.comment_id is null or exists (
        select 1 from staging.comments as c
        where c.comment_id = k.comment_id
    )
),

written as (
    insert into staging.attachments as a
    (
        attachment_id, order_id, comment_id, name, content_type, byte_size, download_url, posted_by, posted_at,
        life_cycle
    )
    select
        t.attachment_id,
        t.order_id,
        t.comment_id,
        t.name,
        t.content_type,
        t.byte_size,
        t.download_url,
        t.posted_by,
        t.posted_at,
        t.life_cycle
    from taken as t
    on conflict (attachment_id) do update
        set
            (order_id, comment_id, name, content_type, byte_size, download_url, posted_by, posted_at, life_cycle)
            = (
                excluded.order_id, excluded.comment_id, excluded.name, excluded.content_type, excluded.byte_size,
                excluded.download_url, excluded.posted_by, excluded.posted_at, excluded.life_cycle
            )
        where row(a.order_id, a.name, a.life_cycle) is distinct from row(
            excluded.order_id, excluded.name, excluded.life_cycle
        )
    returning attachment_id
),

removed as (
    update staging.attachments as a set life_cycle = 'trashed'
    where
        a.life_cycle = 'active'
        and (
            a.comment_id = any(%(comments)s::bigint[])
            or (a.comment_id is null and a.order_id = any(%(orders)s::bigint[]))
        )
        and not exists (
            select 1 from taken as t
            where t.attachment_id = a.attachment_id
        )
    returning a.attachment_id
)

select
    (select count(*) from load_attachments) as received,
    (select count(*) from written) as written,
    (select count(*) from taken) - (select count(*) from written) as unchanged,
    (select count(*) from load_attachments) - (select count(*) from known) as repeated,
    (select count(*) from known) - (select count(*) from taken) as not_an_order,
    (select count(*) from written) + (select count(*) from removed) as changed;
