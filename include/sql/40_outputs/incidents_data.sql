-- Sources that are not whole, and the incidents about them.
-- grain: source and scope; Basecamp is one, its projects with it. failed_in_row counts the runs since the last one in
-- which all of it was whole. Inputs: completeness, incidents
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

whole as (
    select
        s.source,
        s.scope,
        w.checked_at,
        w.read_no
    from scopes as s
    left join lateral (
        select
            c.checked_at,
            c.read_no
        from ops.completeness as c
        where
            c.source = s.source
            and c.scope = s.scope
            and c.state = 'complete'
            and not exists (
                select 1 from ops.completeness as p
                where p.source = c.source and p.run_id = c.run_id and p.state <> 'complete' and c.source = 'basecamp'
            )
        order by c.checked_at desc, c.read_no desc
        limit 1
    ) as w on true
),

failing as (
    select
        w.source,
        w.scope,
        count(distinct r.run_id) as failed_in_row,
        min(r.checked_at) as incomplete_since,
        (array_agg(r.reason order by r.checked_at desc, r.read_no desc))[1] as reason
    from whole as w
    left join ops.completeness as r
        on
            w.source = r.source
            and (w.scope = r.scope or (w.source = 'basecamp' and r.scope like 'project:%%'))
            and r.state <> 'complete'
            and (w.checked_at is null or (r.checked_at, r.read_no) > (w.checked_at, w.read_no))
    group by w.source, w.scope
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
