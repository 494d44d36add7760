-- What people are told, what they decide on, what clients get.

create table outputs.incidents (
    incident_id bigint generated always as identity primary key,
    kind text not null,
    subject text not null,
    client text references staging.clients,
    state text not null check (state in ('open', 'acknowledged', 'snoozed', 'resolved', 'dismissed')),
    step integer not null default 0 check (step >= 0),
    step_reached_at timestamptz,
    service_date date,
    details jsonb not null default '{}',
    opened_at timestamptz not null,
    changed_at timestamptz not null,
    snoozed_until timestamptz,
    resolved_at timestamptz,
    resolution text
);
create unique index incidents_one_open on outputs.incidents (kind, subject)
where state in ('open', 'acknowledged', 'snoozed');
create index incidents_standing on outputs.incidents (kind, subject) where state <> 'resolved';

-- grain: one thing that happened to an incident. Append-only.
create table outputs.incident_events (
    event_id bigint generated always as identity primary key,
    incident_id bigint not null references outputs.incidents,
    event text not null check (event in (
        'opened', 'step', 'lowered', 'acknowledged', 'snoozed', 'resolved', 'dismissed', 'reopened'
    )),
    step integer,
    service_date date,
    happened_at timestamptz not null,
    actor text not null default 'rekap',
    details jsonb not null default '{}',
    unique (incident_id, event, step, service_date, happened_at)
);

-- grain: sha256 of the bytes. Every file that is made for people.
create table outputs.documents (
    sha256 text primary key,
    name text not null,
    content_type text not null,
    content bytea not null,
    made_at timestamptz not null
);

-- grain: one message to one person by one channel, or one comment. Written here before anything leaves.
-- withdrawn: no longer needed, or told in another way (error says which). handed_over_at: set just before the channel
-- is given the message, so that a kill before it is known to have sent nothing.
create table outputs.messages (
    message_id bigint generated always as identity primary key,
    key text not null unique,
    person text not null references staging.people,
    channel text not null check (channel in ('email', 'basecamp_comment')),
    client text references staging.clients,
    order_id bigint,
    subject text not null,
    body_text text not null,
    body_html text not null,
    documents text[] not null default '{}',
    delivery text not null check (delivery in ('off', 'shadow', 'redirect', 'live')),
    urgent boolean not null default false,
    state text not null default 'planned' check (state in (
        'planned', 'sending', 'sent', 'failed', 'unknown', 'withdrawn'
    )),
    not_before timestamptz not null,
    planned_at timestamptz not null,
    lease_until timestamptz,
    handed_over_at timestamptz,
    attempts integer not null default 0,
    sent_at timestamptz,
    external_id text,
    error text
);
create index messages_due on outputs.messages (not_before) where state in ('planned', 'sending', 'unknown');

-- grain: incident, service date, step or event, person. Inserted on conflict do nothing: only new ones enter a message.
create table outputs.message_items (
    item_id bigint generated always as identity primary key,
    incident_id bigint references outputs.incidents,
    topic text not null,
    service_date date,
    step text not null,
    person text not null references staging.people,
    message_id bigint not null references outputs.messages,
    planned_at timestamptz not null,
    unique nulls not distinct (topic, incident_id, service_date, step, person)
);

create table outputs.digests (
    person text not null references staging.people,
    on_date date not null,
    edition text not null,
    message_id bigint references outputs.messages,
    content_html text not null,
    made_at timestamptz not null,
    primary key (person, on_date, edition)
);

-- grain: month and revision. draft → delivered → final; approval binds content_sha256.
create table outputs.recap_months (
    month text not null check (month ~ '^\d{4}-\d{2}$'),
    revision integer not null check (revision >= 1),
    state text not null check (state in ('draft', 'delivered', 'final')),
    content_sha256 text not null,
    figures jsonb not null,
    incomplete_clients text[] not null default '{}',
    sheet_id bigint,
    workbook_sha256 text references outputs.documents,
    computed_at timestamptz not null,
    delivered_at timestamptz,
    approved_by text,
    approved_at timestamptz,
    approval jsonb,
    final_at timestamptz,
    primary key (month, revision)
);

create table outputs.recap_lines (
    month text not null,
    revision integer not null,
    line_key text not null,
    position integer not null,
    client text not null,
    client_name text not null,
    outlet_name text,
    service_date date,
    time_from time,
    services text not null,
    units_ordered integer,
    units_done integer,
    status text not null,
    technicians text not null,
    photos integer not null default 0,
    remark text not null default '',
    order_url text,
    row_url text,
    primary key (month, revision, line_key),
    foreign key (month, revision) references outputs.recap_months
);
create function outputs.refuse_final_change() returns trigger language plpgsql as $$
declare touched record;
begin
    if tg_op = 'INSERT' then touched := new; else touched := old; end if;
    if exists (select 1 from outputs.recap_months as m
               where m.month = touched.month and m.revision = touched.revision and m.state = 'final') then
        raise exception 'recap % revision % is final: make a new revision instead', touched.month, touched.revision;
    end if;
    if tg_op = 'DELETE' then return old; end if;
    return new;
end $$;
create trigger recap_lines_final before insert or update or delete on outputs.recap_lines
for each row execute function outputs.refuse_final_change();

-- grain: what a folder is for. The Drive id is reserved before it is used.
create table outputs.drive_folders (
    client text not null references staging.clients,
    month text not null default '',
    order_id bigint not null default 0,
    drive_id text not null unique,
    parent_id text not null,
    name text not null,
    state text not null check (state in ('reserved', 'made')),
    link text,
    reserved_at timestamptz not null,
    made_at timestamptz,
    primary key (client, month, order_id)
);

-- grain: attachment. sha256 of what was posted and of what was sent (without GPS).
create table outputs.photos (
    attachment_id bigint primary key references staging.attachments,
    order_id bigint not null references staging.orders,
    client text not null references staging.clients,
    original_sha256 text,
    sent_sha256 text,
    sent_bytes bigint,
    name text,
    drive_id text unique,
    folder_id text,
    state text not null check (state in ('reserved', 'uploaded', 'refused', 'repeated')),
    reason text,
    link text,
    first_seen_at timestamptz not null,
    uploaded_at timestamptz
);
create index photos_by_order on outputs.photos (order_id);

-- grain: cause. What an engineer was told that fails, so that it is said once, and once when it is over.
create table ops.failures (
    dag_id text not null,
    cause text not null,
    first_failed_at timestamptz not null,
    last_failed_at timestamptz not null,
    times integer not null default 1,
    told_at timestamptz,
    over_at timestamptz,
    primary key (dag_id, cause)
);
