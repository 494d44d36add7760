-- Verdicts in their order, who is held by them, what each source looks like to the gates, and a score a week.

-- run_no: the order of verdicts, since the clock may stand still or two runs fall into one moment.
-- usable: false when a rule could not be evaluated, columns were missing, or the relation as a whole cannot be used.
alter table ops.quality_runs
add column run_no bigint generated always as identity,
add column usable boolean not null default true;
create unique index quality_runs_newest on ops.quality_runs (suite, scope, run_no desc);

-- grain: client and week (its Monday). score: 0 to 100. parts: name → {good, all, share, weight}; a part of which there
-- was nothing that week is left out, and the weights of the others make up for it.
create table ops.quality_scores (
    client text not null references staging.clients,
    week_on date not null check (extract(isodow from week_on) = 1),
    score numeric(4, 1) not null check (score between 0 and 100),
    parts jsonb not null,
    computed_at timestamptz not null,
    primary key (client, week_on)
);
