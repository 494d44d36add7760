-- Makes: the temporary table complete, the sources that are known to be whole, client by client. Grain: source,
-- client. Inputs: ops.completeness, staging.clients. Re-run: any time; what was never read is not whole.
create temporary table complete on commit drop as
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
where l.state = 'complete';
