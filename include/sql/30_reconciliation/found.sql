-- Makes: the temporary table found, empty: each findings_*.sql puts what it finds into it, findings.sql keeps it.
-- Grain: kind, subject. Re-run: any time.
create temporary table found (
    kind text not null,
    subject text not null,
    client text not null,
    order_id bigint,
    n integer,
    row_key bigint,
    service_date date,
    sources text[] not null,
    details jsonb not null,
    primary key (kind, subject)
) on commit drop;
