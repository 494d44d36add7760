-- grain: kind, id, content_sha256: every version of a record as received, kept for ever
-- inputs: load_basecamp_items (one page of a walk), %(now)s
-- re-run: a version that is already the newest only gets its last_read_at; one that came back becomes the newest again
with batch as (
    select distinct on (b.kind, b.id)
        b.kind,
        b.id,
        b.content_sha256,
        b.payload,
        b.updated_at
    from load_basecamp_items as b
    order by b.kind asc, b.id asc, b.updated_at desc nulls last
),

newest as (
    select distinct on (i.kind, i.id)
        i.kind,
        i.id,
        i.content_sha256,
        i.read_no
    from raw.basecamp_items as i
    inner join batch as b on i.kind = b.kind and i.id = b.id
    order by i.kind asc, i.id asc, i.read_no desc
),

written as (
    insert into raw.basecamp_items
    (kind, id, content_sha256, payload, updated_at, first_read_at, last_read_at, read_no)
    select
        b.kind,
        b.id,
        b.content_sha256,
        b.payload,
        b.updated_at,
        %(now)s as first_read_at,
        %(now)s as last_read_at,
        coalesce(n.read_no, nextval('raw.basecamp_reads')) as read_no
    from batch as b
    left join newest as n on b.kind = n.kind and b.id = n.id and b.content_sha256 = n.content_sha256
    on conflict (kind, id, content_sha256) do update set
        last_read_at = excluded.last_read_at,
        read_no = excluded.read_no
)

select
    (select count(*) from load_basecamp_items) as received,
    count(*) filter (where n.id is null) as loaded,
    count(*) filter (where n.id is not null) as unchanged,
    (select count(*) from load_basecamp_items) - count(*) as repeated
from batch as b
left join newest as n on b.kind = n.kind and b.id = n.id and b.content_sha256 = n.content_sha256;
