-- Sources that are not whole, and the incidents about them.
-- grain: source and scope. failed_in_row counts the reads since the last complete one. Inputs: completeness, incidents
-- of kind data_incomplete. Reads only.
with scopes as (
    select
        'basecamp' as source,
        'account' as scope,
        'source:basecamp' as subject,
        null::text as client
    union all
    select
        'sheets' as source,
        c.slug as scope,
        'client:' || c.slug as subject,
        c.slug as client
    from staging.clients as c
),

failing as (
    select
        s.source,
        s.scope,
        count(r.run_id) as failed_in_row,
        min(r.checked_at) as incomplete_since,
        (array_agg(r.reason order by r.checked_at desc, r.read_no desc))[1] as reason
    from scopes as s
    left join lateral (
        select
            c.checked_at,
            c.read_no
        from ops.completeness as c
        where c.source = s.source and c.scope = s.scope and c.state = 'complete'
        order by c.checked_at desc, c.read_no desc
        limit 1
    ) as w on true
    left join ops.completeness as r
        on
            s.source = r.source
            and s.scope = r.scope
            and r.state <> 'complete'
            and (w.checked_at is null or (r.checked_at, r.read_no) > (w.checked_at, w.read_no))
    group by s.source, s.scope
)

select
    s.source,
    s.scope,
    s.subject,
    f.failed_in_row,
    f.incomplete_since,
    f.reason,
    s.client,
    c.name as client_name,
    c.am,
    c.delivery,
    c.spreadsheet_id,
    i.incident_id,
    i.state,
    i.details
from scopes as s
inner join failing as f on s.source = f.source and s.scope = f.scope
left join staging.clients as c on s.client = c.slug
left join outputs.incidents as i
    on s.subject = i.subject and i.kind = 'data_incomplete' and i.state in ('open', 'acknowledged', 'snoozed')
where f.failed_in_row > 0 or i.incident_id is not null
order by s.source asc, s.scope asc;
