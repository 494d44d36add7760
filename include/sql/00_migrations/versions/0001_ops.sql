-- Bookkeeping: what each run received, whether a source is complete, what stands in quarantine.
create schema if not exists raw;
create schema if not exists staging;
create schema if not exists reconciliation;
create schema if not exists outputs;

-- grain: run, step, source, relation. The check is the ledger's promise: rows in = rows out, or the run fails.
create table ops.run_ledger (
    run_id text not null,
    step text not null,
    source text not null,
    relation text not null,
    received bigint not null check (received >= 0),
    unchanged bigint not null default 0 check (unchanged >= 0),
    loaded bigint not null default 0 check (loaded >= 0),
    quarantined bigint not null default 0 check (quarantined >= 0),
    skipped bigint not null default 0 check (skipped >= 0),
    repeated bigint not null default 0 check (repeated >= 0),
    skipped_reasons jsonb not null default '{}',
    source_count bigint,
    recorded_at timestamptz not null,
    primary key (run_id, step, source, relation),
    constraint ledger_balances check (received = unchanged + loaded + quarantined + skipped + repeated)
);

-- grain: source, scope, run. scope is a client slug, or 'account' for Basecamp as a whole. read_no tells the order of
-- reads at the same moment.
create table ops.completeness (
    source text not null check (source in ('basecamp', 'sheets')),
    scope text not null,
    run_id text not null,
    state text not null check (state in ('complete', 'incomplete', 'unknown')),
    reason text,
    counted bigint,
    expected bigint,
    checked_at timestamptz not null,
    read_no bigint generated always as identity,
    primary key (source, scope, run_id)
);
create index completeness_latest on ops.completeness (source, scope, checked_at desc, read_no desc);

-- grain: source, scope. Moves in the same transaction as the rows that it stands for.
create table ops.watermarks (
    source text not null,
    scope text not null,
    value text not null,
    run_id text not null,
    moved_at timestamptz not null,
    primary key (source, scope)
);

-- grain: key. One bucket per address or credential and direction, shared by all processes.
create table ops.rate_limits (
    key text primary key,
    window_started_at timestamptz not null,
    used integer not null check (used >= 0)
);

-- grain: run and suite. One verdict of a quality gate.
create table ops.quality_runs (
    run_id text not null,
    suite text not null,
    scope text not null default 'all',
    success boolean not null,
    worst text check (worst in ('info', 'warning', 'critical')),
    rows_checked bigint,
    checked_at timestamptz not null,
    primary key (run_id, suite, scope)
);

-- grain: run, suite, scope, rule.
create table ops.quality_results (
    run_id text not null,
    suite text not null,
    scope text not null default 'all',
    rule text not null,
    severity text not null check (severity in ('info', 'warning', 'critical')),
    success boolean not null,
    failing bigint not null default 0,
    observed text,
    primary key (run_id, suite, scope, rule),
    foreign key (run_id, suite, scope) references ops.quality_runs on delete cascade
);
