-- Extraction that proves itself complete: what is newest, what a sweep met, what the source no longer shows.

-- grain: kind, id. The newest version of each record, without its payload: counts and sweeps need nothing else.
create table raw.basecamp_newest (
    kind text not null,
    id bigint not null,
    content_sha256 text not null,
    read_no bigint not null,
    status text,
    project_id bigint,
    updated_at timestamptz,
    primary key (kind, id),
    foreign key (kind, id, content_sha256) references raw.basecamp_items
);
create index basecamp_newest_counts on raw.basecamp_newest (kind, status, project_id);
create index basecamp_newest_read on raw.basecamp_newest (kind, read_no);

insert into raw.basecamp_newest (kind, id, content_sha256, read_no, status, project_id, updated_at)
select distinct on (i.kind, i.id)
    i.kind,
    i.id,
    i.content_sha256,
    i.read_no,
    i.payload ->> 'status' as status,
    (i.payload -> 'bucket' ->> 'id')::bigint as project_id,
    i.updated_at
from raw.basecamp_items as i
order by i.kind asc, i.id asc, i.read_no desc;

-- grain: sweep, id. What a sweep that is under way has met so far; emptied when the sweep ends.
create table raw.basecamp_met (
    sweep text not null,
    id bigint not null,
    primary key (sweep, id)
);

-- grain: kind, id. Records that the source no longer shows, until they turn up again or are confirmed to be gone.
-- swept_at: when a weekly sweep of everything did not meet it either, null before.
create table raw.basecamp_missing (
    kind text not null,
    id bigint not null,
    first_missed_at timestamptz not null,
    asked_at timestamptz not null,
    swept_at timestamptz,
    primary key (kind, id),
    foreign key (kind, id) references raw.basecamp_newest
);

-- modified_at and version are those of Drive's last list; read_* are those of the list before the last whole reading.
alter table raw.tracker_files
add column read_modified_at timestamptz,
add column read_version bigint;
update raw.tracker_files set read_modified_at = modified_at, read_version = version
where fully_read_at is not null;

-- grain: key: one grant of one connection. sealed: the token, encrypted with what only the connection holds.
-- rotated_at: when the service replaced the refresh token that the connection holds, null while it is the same.
create table ops.access_tokens (
    key text primary key,
    sealed bytea not null,
    renewed_at timestamptz not null,
    rotated_at timestamptz
);

create index completeness_by_run on ops.completeness (source, run_id) where state <> 'complete';

-- grain: source, client: the sources that are known to be whole for a client. Basecamp is, when the account as a whole
-- was read whole and none of the client's projects is known not to be; what was never read is not whole.
create view ops.whole_sources as
with latest as (
    select distinct on (c.source, c.scope)
        c.source,
        c.scope,
        c.state
    from ops.completeness as c
    order by c.source asc, c.scope asc, c.checked_at desc, c.read_no desc
)

select
    l.source,
    c.slug as client
from staging.clients as c
inner join latest as l
    on
        (l.source = 'basecamp' and l.scope = 'account')
        or (l.source = 'sheets' and l.scope = c.slug)
where
    l.state = 'complete'
    and not (
        l.source = 'basecamp'
        and exists (
            select from staging.client_scopes as s
            inner join latest as p on p.source = 'basecamp' and p.scope = 'project:' || s.project_id
            where s.client = c.slug and p.state <> 'complete'
        )
    );
