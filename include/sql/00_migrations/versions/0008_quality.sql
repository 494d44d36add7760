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

-- grain: client, measure and day: what was usual. Written by the gate of the reconciliation stage for clients that pass
-- it; a value of today is held against those of the days before.
create table ops.client_measure_days (
    client text not null references staging.clients,
    measure text not null,
    measured_on date not null,
    value double precision not null,
    primary key (client, measure, measured_on)
);

-- What a record of Basecamp lacks that its reader needs, as words; '' when it lacks nothing. Changed names of fields
-- are seen here: a to-do whose assignees are called otherwise would look as if nobody had it. Immutable, so that the
-- index below knows those that lack something and nobody has to look through all.
create function raw.item_lacks(kind text, id bigint, payload jsonb) returns text
language sql immutable parallel safe as $$
select case
    when payload ->> 'status' = 'gone' then ''
    else
        case when coalesce(payload ->> 'id', '') <> id::text then 'id ' else '' end
        || case
            when kind not in ('todo', 'comment') then ''
            else
                case when jsonb_typeof(payload -> 'bucket' -> 'id') is distinct from 'number' then 'bucket ' else '' end
                || case when jsonb_typeof(payload -> 'status') is distinct from 'string' then 'status ' else '' end
                || case when jsonb_typeof(payload -> 'created_at') is distinct from 'string' then 'created_at ' else '' end
                || case when jsonb_typeof(payload -> 'updated_at') is distinct from 'string' then 'updated_at ' else '' end
        end
        || case
            when kind <> 'todo' then ''
            else
                case when payload ? 'title' or payload ? 'content' then '' else 'title ' end
                || case when payload ? 'completed' then '' else 'completed ' end
                || case when jsonb_typeof(payload -> 'assignees') is distinct from 'array' then 'assignees ' else '' end
                || case when payload ? 'due_on' then '' else 'due_on ' end
                || case when payload ? 'visible_to_clients' then '' else 'visible_to_clients ' end
        end
        || case
            when kind <> 'comment' then ''
            else
                case when jsonb_typeof(payload -> 'parent') is distinct from 'object' then 'parent ' else '' end
                || case when payload ? 'content' then '' else 'content ' end
        end
end
$$;
create index basecamp_items_lacking on raw.basecamp_items (kind, id)
where raw.item_lacks(kind, id, payload) <> '';

-- The same for a tab of a tracker: without its cells it would look empty.
create function raw.grid_lacks(payload jsonb) returns text
language sql immutable parallel safe as $$
select
    case when jsonb_typeof(payload -> 'properties' -> 'title') is distinct from 'string' then 'title ' else '' end
    || case
        when coalesce(payload -> 'properties' ->> 'sheetType', 'GRID') <> 'GRID' then ''
        when jsonb_typeof(payload -> 'data') is distinct from 'array' then 'data '
        else ''
    end
$$;
create index tracker_grids_lacking on raw.tracker_grids (spreadsheet_id)
where raw.grid_lacks(payload) <> '';

-- grain: scope of Basecamp: 'account', and 'project:ID' for each project that the register names. expected: to-dos that
-- the source counted at its last reading, and the most that it had counted in the day before that.
create view ops.basecamp_quality as
with lacking as (
    select
        n.project_id,
        count(*) as records,
        (array_agg(
            n.kind || ' ' || n.id || ' (' || btrim(raw.item_lacks(i.kind, i.id, i.payload)) || ')'
            order by n.read_no desc
        ))[1:3] as examples
    from raw.basecamp_items as i
    inner join raw.basecamp_newest as n
        on i.kind = n.kind and i.id = n.id and i.content_sha256 = n.content_sha256
    where raw.item_lacks(i.kind, i.id, i.payload) <> ''
    group by n.project_id
),

reads as (
    select
        c.expected,
        c.checked_at,
        c.state = 'complete' or c.reason like 'quality: %' as is_whole,
        row_number() over (order by c.checked_at desc, c.read_no desc) as nth
    from ops.completeness as c
    where c.source = 'basecamp' and c.scope = 'account' and c.expected is not null
),

before as (
    select max(e.expected) as most
    from reads as e
    inner join reads as l on l.nth = 1 and e.checked_at > l.checked_at - interval '1 day'
    where e.nth > 1
),

whole as (
    select max(e.checked_at) as read_at
    from reads as e
    where e.is_whole
),

scopes as (
    select
        'account' as scope,
        null::bigint as project_id
    union all
    select distinct
        'project:' || s.project_id as scope,
        s.project_id
    from staging.client_scopes as s
)

select
    s.scope,
    coalesce(l.records, 0) as lacking_records,
    coalesce(array_to_string(l.examples, ', '), '') as examples,
    case when s.project_id is null then w.read_at end as read_at,
    case when s.project_id is null then r.expected end as expected,
    case when s.project_id is null then coalesce(b.most, p.expected) end as expected_before
from scopes as s
left join lacking as l on s.project_id is not distinct from l.project_id
left join reads as r on r.nth = 1
left join reads as p on p.nth = 2
left join before as b on true
left join whole as w on true;

-- A reading that a gate refused counts as one: otherwise what it read would be compared with for ever.
create or replace view ops.tracker_quality as
with reads as (
    select
        c.scope as client,
        c.counted,
        row_number() over (partition by c.scope order by c.read_no desc) as nth
    from ops.completeness as c
    where c.source = 'sheets' and (c.state = 'complete' or c.reason like 'quality: %') and c.counted is not null
),

latest as (
    select distinct on (c.scope)
        c.scope as client,
        c.state,
        c.reason
    from ops.completeness as c
    where c.source = 'sheets'
    order by c.scope asc, c.checked_at desc, c.read_no desc
),

loaded as (
    select
        r.client,
        count(*) as loaded_rows,
        count(*) - count(distinct r.content_sha256) as repeated_rows
    from staging.tracker_rows as r
    group by r.client
),

held as (
    select
        q.client,
        count(distinct q.row_key) as quarantined_rows
    from ops.quarantine as q
    inner join staging.tracker_row_keys as k on q.row_key = k.row_key
    where
        q.state = 'open'
        and k.gone_at is null
        and not exists (
            select 1 from staging.tracker_rows as r
            where r.row_key = q.row_key
        )
    group by q.client
),

lacking as (
    select
        g.spreadsheet_id,
        count(*) as tabs,
        min(g.title || ' (' || btrim(raw.grid_lacks(g.payload)) || ')') as example
    from raw.tracker_grids as g
    where
        raw.grid_lacks(g.payload) <> ''
        and g.last_read_at = (
            select max(n.last_read_at) from raw.tracker_grids as n
            where n.spreadsheet_id = g.spreadsheet_id
        )
    group by g.spreadsheet_id
)

select
    c.slug as client,
    coalesce(l.loaded_rows, 0) as loaded_rows,
    coalesce(h.quarantined_rows, 0) as quarantined_rows,
    coalesce(l.repeated_rows, 0) as repeated_rows,
    n.counted as lines_read,
    p.counted as lines_read_before,
    f.fully_read_at as read_at,
    t.state = 'incomplete' and t.reason not like 'quality: %' as is_refused,
    coalesce(t.reason, '') as reason,
    coalesce(g.tabs, 0) as lacking_tabs,
    coalesce(g.example, '') as example
from staging.clients as c
left join loaded as l on c.slug = l.client
left join held as h on c.slug = h.client
left join reads as n on c.slug = n.client and n.nth = 1
left join reads as p on c.slug = p.client and p.nth = 2
left join raw.tracker_files as f on c.spreadsheet_id = f.spreadsheet_id
left join latest as t on c.slug = t.client
left join lacking as g on c.spreadsheet_id = g.spreadsheet_id
where c.active and c.spreadsheet_id is not null;

-- grain: source and client. The sources that are known to be whole at this moment; Basecamp is not while a new order is
-- read and does not stand in staging yet.
create view ops.whole_now as
select
    w.source,
    w.client
from ops.whole_sources as w
where
    not (
        w.source = 'basecamp'
        and exists (
            select from raw.basecamp_newest as n
            where
                n.kind = 'todo'
                and n.read_no > coalesce(
                    (
                        select split_part(m.value, ' ', 1)::bigint from ops.watermarks as m
                        where m.source = 'basecamp' and m.scope = 'staged'
                    ), 0
                )
                and not exists (
                    select from staging.orders as o
                    where o.order_id = n.id
                )
        )
    );

-- grain: client. How many open orders there are, and how many rows the last reconciliation found an order for: both
-- counts of rows are its own, since what was loaded after it has no links yet. orders_known: it had orders of the
-- client before it, or there are none and Basecamp is whole; without, a row without its order proves nothing.
create or replace view ops.client_quality as
with open_orders as (
    select
        o.client,
        count(*) as open_orders,
        count(*) filter (where o.assigned) as assigned_orders,
        count(*) filter (where o.service_date is not null) as dated_orders
    from staging.orders as o
    where o.life_cycle = 'active' and not o.completed
    group by o.client
),

reconciled as (
    select
        v.client,
        count(v.row_key) as loaded_rows,
        count(v.row_key) filter (where v.order_id is not null) as linked_rows,
        count(v.order_id) as visits
    from reconciliation.visits as v
    group by v.client
)

select
    c.slug as client,
    coalesce(o.open_orders, 0) as open_orders,
    coalesce(o.assigned_orders, 0) as assigned_orders,
    coalesce(o.dated_orders, 0) as dated_orders,
    coalesce(t.loaded_rows, 0) as loaded_rows,
    coalesce(t.linked_rows, 0) as linked_rows,
    coalesce(t.visits, 0) > 0
    or (
        not exists (
            select from staging.orders as n
            where n.client = c.slug
        )
        and exists (
            select from ops.whole_now as w
            where w.source = 'basecamp' and w.client = c.slug
        )
    ) as orders_known
from staging.clients as c
left join open_orders as o on c.slug = o.client
left join reconciled as t on c.slug = t.client
where c.active;

-- grain: client and measure: shares that say whether its findings may be believed. base: how many things the share is
-- of. A share of findings is high when something is wrong, the others are low.
create view ops.client_measures as
with found as (
    select
        f.client,
        f.kind,
        count(*) as findings
    from reconciliation.findings as f
    where f.cleared_at is null and f.client is not null
    group by f.client, f.kind
),

kinds as (
    select distinct f.kind
    from found as f
),

shares as (
    select
        c.client,
        'assigned' as measure,
        c.assigned_orders as good,
        c.open_orders as base
    from ops.client_quality as c
    union all
    select
        c.client,
        'dated' as measure,
        c.dated_orders as good,
        c.open_orders as base
    from ops.client_quality as c
    union all
    select
        c.client,
        'linked' as measure,
        c.linked_rows as good,
        c.loaded_rows as base
    from ops.client_quality as c
    where c.orders_known
),

measured as (
    select
        m.client,
        m.measure,
        m.good,
        m.base
    from shares as m
    union all
    select
        c.client,
        'findings ' || k.kind as measure,
        coalesce(f.findings, 0) as good,
        c.open_orders + c.loaded_rows as base
    from ops.client_quality as c
    cross join kinds as k
    left join found as f on c.client = f.client and k.kind = f.kind
    -- a tracker that nobody keeps is no changed payload: its client must hear of unassigned orders
    where k.kind <> 'missing_in_tracker' or c.loaded_rows > 0
)

select
    m.client || ' ' || m.measure as key,
    m.client,
    m.measure,
    m.base,
    m.good::double precision / m.base as value
from measured as m
where m.base > 0;

-- grain: client and suite. Whose messages are held, and why: the newest verdict of a suite of the reconciliation stage
-- on this client is critical, or the suite could not be judged at all. What a later usable run does not name has
-- passed.
create view ops.held as
with newest as (
    select distinct on (q.suite, q.scope)
        q.run_id,
        q.suite,
        q.scope,
        q.worst,
        q.usable,
        q.checked_at,
        q.run_no
    from ops.quality_runs as q
    where q.suite like 'reconciliation.%'
    order by q.suite asc, q.scope asc, q.run_no desc
)

select
    c.slug as client,
    n.suite,
    n.run_id,
    n.checked_at,
    coalesce(
        (
            select string_agg(coalesce(nullif(r.observed, ''), r.rule), '; ' order by r.rule)
            from ops.quality_results as r
            where
                r.run_id = n.run_id
                and r.suite = n.suite
                and r.scope = n.scope
                and not r.success
                and r.severity = 'critical'
        ),
        'the suite could not be judged'
    ) as reason
from staging.clients as c
inner join newest as n
    on
        (c.slug = n.scope and n.worst = 'critical')
        or (n.scope = 'all' and not n.usable)
where
    not exists (
        select 1 from newest as a
        where a.suite = n.suite and a.scope = 'all' and a.usable and a.run_no > n.run_no and a.run_id <> n.run_id
    );

-- grain: month, revision and client: its lines in the recap beside its figures, and the visits that count now.
create view ops.recap_quality as
with lines as (
    select
        l.month,
        l.revision,
        l.client,
        count(*) as lines,
        coalesce(sum(l.units_done) filter (where l.status in ('done', 'partial')), 0) as units_done
    from outputs.recap_lines as l
    group by l.month, l.revision, l.client
),

figures as (
    select
        m.month,
        m.revision,
        f.figure ->> 'client' as client,
        (f.figure ->> 'visits')::bigint as lines_by_figures,
        (f.figure ->> 'units_done')::bigint as units_by_figures
    from outputs.recap_months as m
    cross join lateral jsonb_array_elements(coalesce(m.figures -> 'by_client', '[]')) as f (figure)
    where f.figure ? 'client'
),

visits as (
    select
        v.month,
        v.client,
        count(*) as visits
    from reconciliation.visits as v
    group by v.month, v.client
)

select
    m.month,
    m.revision,
    c.slug as client,
    coalesce(l.lines, 0) as lines,
    coalesce(l.units_done, 0) as units_done,
    coalesce(f.lines_by_figures, 0) as lines_by_figures,
    coalesce(f.units_by_figures, 0) as units_by_figures,
    coalesce(v.visits, 0) as visits
from outputs.recap_months as m
cross join staging.clients as c
left join lines as l on m.month = l.month and m.revision = l.revision and c.slug = l.client
left join figures as f on m.month = f.month and m.revision = f.revision and c.slug = f.client
left join visits as v on m.month = v.month and c.slug = v.client
where l.lines is not null or f.lines_by_figures is not null or v.visits is not null;

-- A row that is set aside takes its links along: the partial index cannot find them.
create index links_by_row on reconciliation.links (row_key);
create index visits_by_row on reconciliation.visits (row_key);
