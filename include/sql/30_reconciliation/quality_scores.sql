-- Fills: ops.quality_scores. Grain: client and week (its Monday, in the house's zone). Key: client, week_on.
-- Inputs: staging, reconciliation.links and visits, ops.quarantine, ops.completeness. Bound: weeks (Mondays), weights
-- (name of a part → what it weighs), zone, now.
--
--   score = 100 × Σ weight × good / all  ÷  Σ weight, over the parts of which there was anything that week (all > 0):
--   rows_usable     tracker rows of that week: those that can be used, of them and those in quarantine (a row without a
--                   readable date: of the week in which it was first seen)
--   orders_whole    orders for that week (without a date: entered in it): those with outlet, date, service and units
--   rows_linked     usable tracker rows of that week that are not cancelled: those that have their order
--   tracker_fresh   days of that week with visits, over at this moment: those on which, or on the day after, somebody
--                   kept the tracker
--   reads_complete  readings of the client's tracker and of Basecamp that week: those that were whole; each source
--                   counts as one, however often it is read
--
-- Re-run: a week is computed anew from what stands there; a week of which nothing is known has no line.
with weeks as (
    select
        w.week_on,
        w.week_on + 7 as ends_on
    from unnest(%(weeks)s::date[]) as w (week_on)
),

usable as (
    select
        r.client,
        w.week_on,
        count(*) as good
    from weeks as w
    inner join staging.tracker_rows as r on r.service_date >= w.week_on and r.service_date < w.ends_on
    group by r.client, w.week_on
),

set_aside as (
    select
        q.client,
        w.week_on,
        count(distinct q.row_key) as bad
    from weeks as w
    inner join staging.tracker_row_keys as k
        on
            coalesce(k.service_date, (k.first_seen_at at time zone %(zone)s)::date) >= w.week_on
            and coalesce(k.service_date, (k.first_seen_at at time zone %(zone)s)::date) < w.ends_on
    inner join ops.quarantine as q on k.row_key = q.row_key
    where
        q.state = 'open'
        and k.gone_at is null
        and not exists (
            select 1 from staging.tracker_rows as r
            where r.row_key = q.row_key
        )
    group by q.client, w.week_on
),

orders as (
    select
        o.client,
        w.week_on,
        count(*) as whole,
        count(*) filter (
            where
            o.outlet is not null
            and o.service_date is not null
            and o.units is not null
            and exists (
                select 1 from staging.order_services as s
                where s.order_id = o.order_id
            )
        ) as good
    from weeks as w
    inner join staging.orders as o
        on
            coalesce(o.service_date, (o.created_at at time zone %(zone)s)::date) >= w.week_on
            and coalesce(o.service_date, (o.created_at at time zone %(zone)s)::date) < w.ends_on
    where o.life_cycle in ('active', 'archived')
    group by o.client, w.week_on
),

linked as (
    select
        r.client,
        w.week_on,
        count(*) as whole,
        count(l.row_key) as good
    from weeks as w
    inner join staging.tracker_rows as r on r.service_date >= w.week_on and r.service_date < w.ends_on
    left join reconciliation.links as l on r.row_key = l.row_key and l.decision <> 'refused'
    where r.status is distinct from 'cancelled'
    group by r.client, w.week_on
),

days as (
    select distinct
        v.client,
        w.week_on,
        v.service_date as day
    from weeks as w
    inner join reconciliation.visits as v on v.service_date >= w.week_on and v.service_date < w.ends_on
    inner join staging.clients as c on v.client = c.slug
    where
        c.spreadsheet_id is not null
        and v.status <> 'cancelled'
        and (v.service_date + 2)::timestamp at time zone %(zone)s <= %(now)s
),

kept as (
    select
        k.client,
        (k.first_seen_at at time zone %(zone)s)::date as day
    from staging.tracker_row_keys as k
    union distinct
    select
        k.client,
        (c.changed_at at time zone %(zone)s)::date as day
    from staging.row_changes as c
    inner join staging.tracker_row_keys as k on c.row_key = k.row_key
),

fresh as (
    select
        d.client,
        d.week_on,
        count(*) as whole,
        count(*) filter (
            where exists (
                select 1 from kept as k
                where k.client = d.client and k.day between d.day and d.day + 1
            )
        ) as good
    from days as d
    group by d.client, d.week_on
),

-- Every reading of a source that ended in a week; what only a gate wrote belongs to no reading, but says the same.
reads as (
    select
        s.slug as client,
        w.week_on,
        c.source,
        avg((c.state = 'complete')::integer) as share
    from weeks as w
    inner join ops.completeness as c
        on
            (c.checked_at at time zone %(zone)s)::date >= w.week_on
            and (c.checked_at at time zone %(zone)s)::date < w.ends_on
    inner join staging.clients as s
        on
            (c.source = 'sheets' and c.scope = s.slug)
            or (c.source = 'basecamp' and c.scope = 'account')
    group by s.slug, w.week_on, c.source
),

complete as (
    select
        r.client,
        r.week_on,
        count(*) as whole,
        sum(r.share) as good
    from reads as r
    group by r.client, r.week_on
),

found as (
    select
        coalesce(u.client, a.client) as client,
        coalesce(u.week_on, a.week_on) as week_on,
        'rows_usable' as part,
        coalesce(u.good, 0)::double precision as good,
        coalesce(u.good, 0) + coalesce(a.bad, 0) as whole
    from usable as u
    full outer join set_aside as a on u.client = a.client and u.week_on = a.week_on
    union all
    select
        o.client,
        o.week_on,
        'orders_whole' as part,
        o.good,
        o.whole
    from orders as o
    union all
    select
        l.client,
        l.week_on,
        'rows_linked' as part,
        l.good,
        l.whole
    from linked as l
    union all
    select
        f.client,
        f.week_on,
        'tracker_fresh' as part,
        f.good,
        f.whole
    from fresh as f
    union all
    select
        r.client,
        r.week_on,
        'reads_complete' as part,
        r.good,
        r.whole
    from complete as r
),

parts as (
    select
        f.client,
        f.week_on,
        f.part,
        f.good,
        f.whole,
        (%(weights)s::jsonb ->> f.part)::double precision as weight
    from found as f
    inner join staging.clients as c on f.client = c.slug
    where c.active and f.whole > 0
),

scored as (
    select
        p.client,
        p.week_on,
        round((100 * sum(p.weight * p.good / p.whole) / sum(p.weight))::numeric, 1) as score,
        jsonb_object_agg(
            p.part,
            jsonb_build_object(
                'good', round(p.good::numeric, 3),
                'all', p.whole,
                'share', round((p.good / p.whole)::numeric, 4),
                'weight', p.weight
            )
        ) as parts
    from parts as p
    group by p.client, p.week_on
    having sum(p.weight) > 0
),

stale as (
    delete from ops.quality_scores as q
    where
        q.week_on = any(%(weeks)s::date[])
        and not exists (
            select 1 from scored as s
            where s.client = q.client and s.week_on = q.week_on
        )
),

written as (
    insert into ops.quality_scores as q (client, week_on, score, parts, computed_at)
    select
        s.client,
        s.week_on,
        s.score,
        s.parts,
        %(now)s as computed_at
    from scored as s
    on conflict (client, week_on) do update
        set score = excluded.score, parts = excluded.parts, computed_at = excluded.computed_at
        where (q.score, q.parts) is distinct from (excluded.score, excluded.parts)
    returning q.client
)

select
    (select count(*) from scored) as scores,
    (select count(*) from written) as changed;
