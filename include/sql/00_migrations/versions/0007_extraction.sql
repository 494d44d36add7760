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
