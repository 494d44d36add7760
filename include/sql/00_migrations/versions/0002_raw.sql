-- What the sources said, as received.

create sequence raw.basecamp_reads;

-- grain: kind, id, content_sha256. Kept for ever; the newest version of an id has the greatest read_no: a number,
-- because two reads can fall into one moment and a record can go back to what it was.
create table raw.basecamp_items (
    kind text not null check (kind in ('todo', 'todolist', 'comment', 'person', 'project')),
    id bigint not null,
    content_sha256 text not null,
    payload jsonb not null,
    updated_at timestamptz,
    first_read_at timestamptz not null,
    last_read_at timestamptz not null,
    read_no bigint not null default nextval('raw.basecamp_reads'),
    primary key (kind, id, content_sha256)
);
create index basecamp_items_newest on raw.basecamp_items (kind, id, read_no desc);
create index basecamp_items_read on raw.basecamp_items (kind, read_no);

-- grain: spreadsheet_id, sheet_id, content_sha256. One tab of a tracker as received.
create table raw.tracker_grids (
    spreadsheet_id text not null,
    sheet_id bigint not null,
    content_sha256 text not null,
    title text not null,
    payload jsonb not null,
    first_read_at timestamptz not null,
    last_read_at timestamptz not null,
    primary key (spreadsheet_id, sheet_id, content_sha256)
);

-- grain: spreadsheet_id. What Drive said of each tracker when it was last read.
create table raw.tracker_files (
    spreadsheet_id text primary key,
    name text not null,
    modified_at timestamptz,
    version bigint,
    trashed boolean not null default false,
    last_modifying_user text,
    fully_read_at timestamptz,
    seen_at timestamptz not null
);
