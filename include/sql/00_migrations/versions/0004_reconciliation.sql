-- Which order is which row, what counts, and where the sources disagree.

-- grain: visit and row. The unique indexes keep at most one counting pair (accepted, confirmed, review) per visit and
-- per row.
create table reconciliation.links (
    order_id bigint not null,
    n integer not null,
    row_key bigint not null references staging.tracker_rows on delete cascade,
    client text not null references staging.clients,
    score double precision not null,
    evidence jsonb not null default '{}',
    rule text not null,
    decision text not null check (decision in ('accepted', 'review', 'confirmed', 'refused')),
    first_linked_at timestamptz not null,
    last_linked_at timestamptz not null,
    primary key (order_id, n, row_key),
    foreign key (order_id, n) references staging.visits on delete cascade
);
create unique index links_one_per_row on reconciliation.links (row_key) where decision <> 'refused';
create index links_by_visit on reconciliation.links (order_id, n) where decision <> 'refused';

-- grain: one word of a person. Append-only; wins over any score.
create table reconciliation.decisions (
    decision_id bigint generated always as identity primary key,
    kind text not null check (kind in ('confirmed', 'refused', 'dismissed', 'alias')),
    identity jsonb not null,
    decided_by text not null,
    decided_at timestamptz not null,
    reason text
);
create function reconciliation.refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'reconciliation.decisions is append-only: add a new decision instead of changing %', old.decision_id;
end $$;
create trigger decisions_append_only before update or delete on reconciliation.decisions
for each row execute function reconciliation.refuse_change();

-- grain: visit, or tracker row without order. The one truth: every output takes a visit's values from here.
create table reconciliation.visits (
    line_key text primary key check (line_key ~ '^(order:\d+/\d+|row:\d+)$'),
    order_id bigint,
    n integer,
    row_key bigint,
    client text not null references staging.clients,
    month text check (month ~ '^\d{4}-\d{2}$'),
    outlet text,
    outlet_name text,
    service_date date,
    service_date_end date,
    time_from time,
    time_to time,
    services jsonb not null default '[]',
    units_ordered integer,
    units_done integer,
    status text not null check (status in (
        'requested', 'scheduled', 'assigned', 'in_progress', 'done', 'partial', 'on_hold', 'rescheduled', 'cancelled'
    )),
    done_on date,
    technicians text[] not null default '{}',
    without_order boolean not null,
    without_row boolean not null,
    source jsonb not null default '{}',
    disputed text[] not null default '{}',
    first_seen_at timestamptz not null,
    changed_at timestamptz not null,
    check ((order_id is null) = without_order),
    check ((order_id is null) = (n is null)),
    check (order_id is not null or row_key is not null)
);
create index visits_by_month on reconciliation.visits (month, client);
create index visits_by_order on reconciliation.visits (order_id);

-- grain: kind and subject. A finding that returns is the same finding: cleared_at goes back to null.
create table reconciliation.findings (
    finding_id bigint generated always as identity primary key,
    kind text not null check (kind in (
        'unassigned', 'missed', 'incomplete', 'unanswered', 'tracker_stale',
        'missing_in_basecamp', 'missing_in_tracker',
        'differs.date', 'differs.time', 'differs.outlet', 'differs.service', 'differs.units', 'differs.status',
        'differs.technician', 'double_booking', 'duplicate_order', 'duplicate_row', 'short_notice',
        'done_without_technician', 'done_without_documentation', 'data_incomplete',
        'technician_unknown', 'client_unknown'
    )),
    subject text not null,
    client text references staging.clients,
    order_id bigint,
    n integer,
    row_key bigint,
    service_date date,
    sources text[] not null,
    details jsonb not null default '{}',
    first_seen_at timestamptz not null,
    last_seen_at timestamptz not null,
    cleared_at timestamptz,
    unique (kind, subject)
);
create index findings_open on reconciliation.findings (kind, client) where cleared_at is null;
