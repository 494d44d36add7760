-- Makes: the temporary table link_candidates, every pair of a visit and a row that may be the same visit, and why.
-- Grain: order_id, n, row_key. place: 1 is the best pair of all; is_picked starts false and is set by link_picks.
-- Inputs: staging.visits and tracker_rows with their services, spellings, reconciliation.decisions and links. Re-run:
-- any time. The order of the pairs rests on what people wrote, on earlier links and on keys alone.
create temporary table link_candidates on commit drop as
with words as (
    select
        (d.identity ->> 'order_id')::bigint as order_id,
        coalesce((d.identity ->> 'n')::integer, 1) as n,
        (d.identity ->> 'row_key')::bigint as row_key,
        d.kind,
        d.decision_id
    from reconciliation.decisions as d
    where d.kind in ('confirmed', 'refused')
),

decided as (
    select distinct on (w.order_id, w.n, w.row_key)
        w.order_id,
        w.n,
        w.row_key,
        w.kind,
        w.decision_id
    from words as w
    order by w.order_id asc, w.n asc, w.row_key asc, w.decision_id desc
),

visit_faces as (
    select
        v.order_id,
        v.n,
        o.client,
        v.service_date,
        coalesce(v.service_date_end, v.service_date) as last_date,
        v.time_from,
        v.units,
        coalesce('code ' || v.outlet, 'text ' || s.name) as outlet,
        o.life_cycle = 'trashed' or (o.completed and coalesce(o.status_word, '') = 'cancelled') as is_cancelled,
        array(
            select distinct x.service from staging.order_services as x
            where x.order_id = v.order_id
        ) as services
    from staging.visits as v
    inner join staging.orders as o on v.order_id = o.order_id
    left join spellings as s on v.outlet_text = s.outlet_text
    where o.life_cycle <> 'gone'
),

row_faces as (
    select
        r.row_key,
        r.client,
        r.order_ref,
        r.service_date,
        coalesce(r.service_date_end, r.service_date) as last_date,
        r.time_from,
        r.units,
        r.sheet_id,
        r.row,
        coalesce('code ' || r.outlet, 'text ' || s.name) as outlet,
        coalesce(r.status, '') = 'cancelled' as is_cancelled,
        array(
            select distinct x.service from staging.tracker_row_services as x
            where x.row_key = r.row_key
        ) as services,
        exists(
            select 1 from staging.orders as o
            where o.order_id = r.order_ref and o.client = r.client and o.life_cycle <> 'gone'
        ) as is_named
    from staging.tracker_rows as r
    left join spellings as s on r.outlet_text = s.outlet_text
),

numbered_visits as (
    select
        v.*,
        row_number()
            over (partition by v.client, v.service_date, v.outlet order by v.time_from nulls last, v.order_id, v.n)
            as nth
    from visit_faces as v
),

numbered_rows as (
    select
        r.*,
        row_number()
            over (
                partition by r.client, r.service_date, r.outlet
                order by r.time_from nulls last, r.sheet_id, r.row, r.row_key
            )
            as nth
    from row_faces as r
),

reasons as (
    select
        d.order_id,
        d.n,
        d.row_key,
        0 as strength,
        'decision' as rule
    from decided as d
    where d.kind = 'confirmed'
    union all
    select
        v.order_id,
        v.n,
        r.row_key,
        1 as strength,
        'reference' as rule
    from numbered_visits as v
    inner join numbered_rows as r on v.order_id = r.order_ref and v.client = r.client
    union all
    -- A row that names another order of the client is never taken for this one.
    select
        v.order_id,
        v.n,
        r.row_key,
        2 as strength,
        'client_date_outlet' as rule
    from numbered_visits as v
    inner join numbered_rows as r
        on v.client = r.client and v.service_date = r.service_date and v.outlet = r.outlet
    where not r.is_named
),

pairs as (
    select distinct on (p.order_id, p.n, p.row_key) p.*
    from reasons as p
    where
        not exists (
            select 1 from decided as d
            where d.kind = 'refused' and d.order_id = p.order_id and d.n = p.n and d.row_key = p.row_key
        )
    order by p.order_id asc, p.n asc, p.row_key asc, p.strength asc
),

compared as (
    select
        p.order_id,
        p.n,
        p.row_key,
        p.strength,
        p.rule,
        v.client,
        d.decision_id,
        v.is_cancelled,
        v.is_cancelled = r.is_cancelled as same_fate,
        l.row_key is not null as was_linked,
        abs(v.nth - r.nth) as apart,
        -- null where one of the two says nothing
        v.order_id = r.order_ref as same_reference,
        v.service_date <= r.last_date and r.service_date <= v.last_date as same_date,
        case
            when v.outlet = r.outlet then true
            when left(v.outlet, 4) = left(r.outlet, 4) then false
        end as same_outlet,
        case
            when cardinality(v.services) > 0 and cardinality(r.services) > 0 then v.services && r.services
        end as same_service,
        v.units = r.units as same_units,
        abs(extract(epoch from v.time_from - r.time_from)) <= 3600 as same_time
    from pairs as p
    inner join numbered_visits as v on p.order_id = v.order_id and p.n = v.n
    inner join numbered_rows as r on p.row_key = r.row_key
    left join decided as d on p.order_id = d.order_id and p.n = d.n and p.row_key = d.row_key
    left join reconciliation.links as l
        on p.order_id = l.order_id and p.n = l.n and p.row_key = l.row_key and l.decision <> 'refused'
),

scored as (
    select
        c.*,
        e.score,
        e.evidence
    from compared as c
    cross join lateral (
        -- Weights of the fields that agree, among those that both sides tell; a decision needs no evidence.
        select
            case
                when c.rule = 'decision' then 1
                else round(
                    coalesce(sum(w.weight) filter (where w.is_same), 0)
                    / nullif(sum(w.weight) filter (where w.is_same is not null), 0),
                    3
                )
            end as score,
            jsonb_object_agg(
                w.field, case when w.is_same then 'same' when not w.is_same then 'differs' else 'unknown' end
            ) as evidence
        from (
            values
            ('reference', c.same_reference, 8.0),
            ('date', c.same_date, 4.0),
            ('outlet', c.same_outlet, 4.0),
            ('service', c.same_service, 2.0),
            ('units', c.same_units, 1.0),
            ('time', c.same_time, 1.0)
        ) as w (field, is_same, weight)
    ) as e
)

select
    s.order_id,
    s.n,
    s.row_key,
    s.client,
    s.rule,
    s.score::double precision as score,
    s.evidence,
    case
        when s.rule = 'decision' then 'confirmed'
        -- An equal reference is no proof: people mistype it and copy lines.
        when s.rule = 'reference' and not s.same_outlet and not s.same_date then 'review'
        else 'accepted'
    end as decision,
    row_number() over (
        order by
            s.strength asc, s.decision_id desc nulls last, s.same_fate desc, s.is_cancelled asc, s.score desc,
            s.was_linked desc, s.apart asc, s.order_id asc, s.n asc, s.row_key asc
    ) as place,
    false as is_picked
from scored as s;
