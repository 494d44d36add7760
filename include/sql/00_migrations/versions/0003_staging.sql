-- The register, and both sources parsed: one row a thing, typed, with what could not be read named in problems.

create table staging.people (
    code text primary key,
    name text not null,
    email text,
    phone text,
    basecamp_id bigint unique,
    roles text[] not null,
    language text not null default 'id' check (language in ('id', 'en')),
    opens time not null default '08:00',
    closes time not null default '20:00' check (closes > opens),
    days_off date[] not null default '{}',
    deputy text references staging.people deferrable initially deferred,
    active boolean not null default true
);

create table staging.clients (
    slug text primary key,
    name text not null,
    language text not null default 'id' check (language in ('id', 'en')),
    delivery text not null default 'shadow' check (delivery in ('off', 'shadow', 'redirect', 'live')),
    active_from date not null,
    live_from date,
    am text not null references staging.people deferrable initially deferred,
    pic text not null references staging.people deferrable initially deferred,
    spreadsheet_id text unique,
    documentation text not null default 'none' check (documentation in ('drive', 'whatsapp', 'none')),
    drive_folder_id text,
    active boolean not null default true
);

-- grain: one way in which to-dos belong to a client.
create table staging.client_scopes (
    client text not null references staging.clients on delete cascade,
    kind text not null check (kind in ('project', 'list', 'group', 'title_prefix')),
    project_id bigint not null,
    value text not null default '',
    primary key (kind, project_id, value)
);

create table staging.outlets (
    code text primary key,
    client text not null references staging.clients on delete cascade,
    name text not null,
    area text,
    address text,
    active boolean not null default true,
    unique (client, name)
);

-- grain: client and normalised spelling. Every name of an outlet stands here in its normalised form, its own name too.
create table staging.outlet_aliases (
    client text not null references staging.clients on delete cascade,
    alias text not null,
    outlet text not null references staging.outlets on delete cascade,
    learned_from text not null default 'register' check (learned_from in ('register', 'decision')),
    primary key (client, alias)
);

create table staging.technicians (
    code text primary key references staging.people on delete cascade,
    aliases text[] not null default '{}'
);

create table staging.services (
    code text primary key,
    minutes_per_unit integer not null check (minutes_per_unit > 0)
);

-- Basecamp's own list of people: e-mail and the sgid that a mention needs.
create table staging.basecamp_people (
    id bigint primary key,
    name text not null,
    email text,
    personable_type text,
    attachable_sgid text,
    time_zone text,
    seen_at timestamptz not null
);

create table staging.basecamp_projects (
    id bigint primary key,
    name text not null,
    status text not null,
    seen_at timestamptz not null
);

-- grain: to-do id. Every order; none is ever quarantined.
create table staging.orders (
    order_id bigint primary key,
    client text not null references staging.clients,
    project_id bigint not null,
    list_id bigint,
    list_name text,
    title text not null,
    description text not null default '',
    url text not null,
    life_cycle text not null check (life_cycle in ('active', 'archived', 'trashed', 'gone')),
    completed boolean not null,
    completed_at timestamptz,
    completed_by bigint,
    status_word text,
    outlet_text text,
    outlet text references staging.outlets,
    service_text text,
    service_date date,
    service_date_end date,
    time_from time,
    time_to time,
    units integer check (units >= 0),
    contact text,
    requested_on date,
    visible_to_clients boolean not null,
    creator_id bigint,
    assignee_ids bigint[] not null default '{}',
    assigned boolean not null,
    problems jsonb not null default '{}',
    field_sources jsonb not null default '{}',
    comments_count integer not null default 0,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    first_seen_at timestamptz not null,
    last_seen_at timestamptz not null,
    gone_at timestamptz,
    check (service_date_end is null or service_date_end >= service_date)
);
create index orders_by_client on staging.orders (client, service_date);

create table staging.order_services (
    order_id bigint not null references staging.orders on delete cascade,
    n integer not null,
    service text not null references staging.services,
    units integer check (units >= 0),
    primary key (order_id, n)
);

-- via: how the technician came to stand on the order. A technician of a subtask counts only when every open subtask has
-- one.
create table staging.order_technicians (
    order_id bigint not null references staging.orders on delete cascade,
    technician text not null references staging.technicians,
    via text not null check (via in ('assignee', 'subtask', 'form')),
    primary key (order_id, technician)
);

-- grain: order and n. Most orders have one visit.
create table staging.visits (
    order_id bigint not null references staging.orders on delete cascade,
    n integer not null check (n >= 1),
    outlet_text text,
    outlet text references staging.outlets,
    service_date date,
    service_date_end date,
    time_from time,
    time_to time,
    units integer,
    primary key (order_id, n)
);

-- grain: one change of one field. Written from the first day, kept for ever.
create table staging.order_changes (
    order_id bigint not null references staging.orders on delete cascade,
    field text not null,
    changed_at timestamptz not null,
    old text,
    new text,
    seen_at timestamptz not null,
    primary key (order_id, field, changed_at)
);

create table staging.comments (
    comment_id bigint primary key,
    order_id bigint not null references staging.orders on delete cascade,
    author_id bigint,
    by_rekap boolean not null,
    content text not null,
    mentions bigint[] not null default '{}',
    life_cycle text not null check (life_cycle in ('active', 'archived', 'trashed', 'gone')),
    created_at timestamptz not null,
    updated_at timestamptz not null,
    last_seen_at timestamptz not null
);
create index comments_by_order on staging.comments (order_id, created_at);

-- grain: one posted file, of a comment or of the to-do's description.
create table staging.attachments (
    attachment_id bigint primary key,
    order_id bigint not null references staging.orders on delete cascade,
    comment_id bigint references staging.comments on delete cascade,
    name text not null,
    content_type text,
    byte_size bigint,
    download_url text not null,
    sha256 text,
    posted_by bigint,
    posted_at timestamptz not null,
    life_cycle text not null default 'active' check (life_cycle in ('active', 'archived', 'trashed', 'gone'))
);
create index attachments_by_order on staging.attachments (order_id);

-- grain: one thing that people wrote as a row. The key is given once and follows the row through sorting, editing and
-- moving; the other columns are its last good face, by which the next grid is matched (docs/rules.md, row identity).
create table staging.tracker_row_keys (
    row_key bigint generated always as identity primary key,
    client text not null references staging.clients,
    spreadsheet_id text not null,
    sheet_id bigint not null,
    row integer not null,
    content_sha256 text not null,
    order_ref bigint,
    service_date date,
    outlet_text text,
    service_text text,
    units integer,
    first_seen_at timestamptz not null,
    last_seen_at timestamptz not null,
    missing_reads integer not null default 0,
    gone_at timestamptz
);
create index tracker_row_keys_by_sheet on staging.tracker_row_keys (spreadsheet_id) where gone_at is null;

-- grain: row_key. Readable rows only; the others stand in ops.quarantine.
create table staging.tracker_rows (
    row_key bigint primary key references staging.tracker_row_keys on delete cascade,
    client text not null references staging.clients,
    spreadsheet_id text not null,
    sheet_id bigint not null,
    tab text not null,
    row integer not null,
    cell_url text not null,
    month text check (month ~ '^\d{4}-\d{2}$'),
    service_date date not null,
    service_date_end date,
    time_from time,
    time_to time,
    outlet_text text,
    outlet text references staging.outlets,
    service_text text,
    units integer check (units >= 0),
    status text,
    status_text text,
    technicians text[] not null default '{}',
    order_ref bigint,
    note text,
    flags text[] not null default '{}',
    content_sha256 text not null,
    first_seen_at timestamptz not null,
    last_seen_at timestamptz not null,
    check (service_date_end is null or service_date_end >= service_date)
);
create index tracker_rows_by_client on staging.tracker_rows (client, service_date);
create index tracker_rows_by_ref on staging.tracker_rows (order_ref) where order_ref is not null;

create table staging.tracker_row_services (
    row_key bigint not null references staging.tracker_rows on delete cascade,
    n integer not null,
    service text not null references staging.services,
    units integer check (units >= 0),
    primary key (row_key, n)
);

create table staging.row_changes (
    row_key bigint not null references staging.tracker_row_keys on delete cascade,
    field text not null,
    changed_at timestamptz not null,
    old text,
    new text,
    seen_at timestamptz not null,
    primary key (row_key, field, changed_at)
);

-- grain: row and reason. A row leaves (state fixed) by itself when it is readable again.
create table ops.quarantine (
    source text not null check (source in ('sheets')),
    row_key bigint not null references staging.tracker_row_keys on delete cascade,
    field text not null,
    reason text not null,
    rule text not null,
    severity text not null check (severity in ('info', 'warning', 'critical')),
    client text not null references staging.clients,
    original jsonb not null,
    cell_url text not null,
    run_id text not null,
    state text not null default 'open' check (state in ('open', 'fixed', 'waived')),
    first_seen_at timestamptz not null,
    last_seen_at timestamptz not null,
    fixed_at timestamptz,
    primary key (source, row_key, field, reason)
);
create index quarantine_open on ops.quarantine (client) where state = 'open';
