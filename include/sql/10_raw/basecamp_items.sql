-- grain: kind, id, content_sha256: every version of a record as received, kept for ever
-- inputs: load_basecamp_items (a batch of records), %(now)s
-- re-run: a version that is already the newest only gets its last_read_at; one that came back becomes the newest again;
--   one that is older than what is known was served late and stays out. Also points raw.basecamp_newest at the newest
--   version and takes what turned up again out of raw.basecamp_missing.
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

compared as (
    select
        b.kind,
        b.id,
        b.content_sha256,
        b.payload,
        b.updated_at,
        n.read_no,
        n.id is null or (
            n.content_sha256 <> b.content_sha256
            and (n.updated_at is null or b.updated_at is null or b.updated_at >= n.updated_at)
        ) as is_new,
        coalesce(n.content_sha256 = b.content_sha256, false) as is_same
    from batch as b
    left join raw.basecamp_newest as n on b.kind = n.kind and b.id = n.id
),

written as (
    insert into raw.basecamp_items
    (kind, id, content_sha256, payload, updated_at, first_read_at, last_read_at, read_no)
    select
        c.kind,
        c.id,
        c.content_sha256,
        c.payload,
        c.updated_at,
        %(now)s as first_read_at,
        %(now)s as last_read_at,
        case when c.is_new then nextval('raw.basecamp_reads') else c.read_no end as read_no
    from compared as c
    where c.is_new or c.is_same
    on conflict (kind, id, content_sha256) do update
        set
            last_read_at = excluded.last_read_at,
            read_no = excluded.read_no
    returning kind, id, content_sha256, read_no
),

pointed as (
    insert into raw.basecamp_newest as n (kind, id, content_sha256, read_no, status, project_id, updated_at)
    select
        w.kind,
        w.id,
        w.content_sha256,
        w.read_no,
        c.payload ->> 'status' as status,
        (c.payload -> 'bucket' ->> 'id')::bigint as project_id,
        c.updated_at
    from written as w
    inner join compared as c on w.kind = c.kind and w.id = c.id
    where c.is_new
    on conflict (kind, id) do update set
        (content_sha256, read_no, status, project_id, updated_at)
        = (excluded.content_sha256, excluded.read_no, excluded.status, excluded.project_id, excluded.updated_at)
),

found as (
    delete from raw.basecamp_missing as m
    using batch as b
    where m.kind = b.kind and m.id = b.id and b.payload ->> 'status' is distinct from 'gone'
)

select
    (select count(*) from load_basecamp_items) as received,
    count(*) filter (where c.is_new) as loaded,
    count(*) filter (where not c.is_new) as unchanged,
    (select count(*) from load_basecamp_items) - count(*) as repeated
from compared as c;
