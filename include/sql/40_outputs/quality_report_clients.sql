-- Reads: the clients as a gate run found them. Grain: client that is active. Key: client.
-- Inputs: staging.clients, ops.completeness, run_ledger, quarantine, tracker_quality. Re-run: any time.
-- received to skipped are the last account of the client's tracker, empty where none was ever read.
with read as (
    select distinct on (l.source)
        l.source,
        l.received,
        l.unchanged + l.loaded as usable,
        l.quarantined,
        l.skipped
    from ops.run_ledger as l
    where l.relation = 'staging.tracker_rows' and l.source like 'sheets/%%'
    order by l.source asc, l.recorded_at desc
),

whole as (
    select distinct on (c.scope)
        c.scope,
        c.state,
        c.reason
    from ops.completeness as c
    where c.source = 'sheets'
    order by c.scope asc, c.checked_at desc, c.read_no desc
)

select
    s.slug as client,
    s.name,
    s.spreadsheet_id,
    w.state,
    w.reason,
    r.received,
    r.usable,
    r.quarantined,
    r.skipped,
    coalesce(t.quarantined_rows, 0) as waiting
from staging.clients as s
left join whole as w on s.slug = w.scope
left join read as r on r.source = 'sheets/' || s.slug
left join ops.tracker_quality as t on s.slug = t.client
where s.active
order by s.name, s.slug;
