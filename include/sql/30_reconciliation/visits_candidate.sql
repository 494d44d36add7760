-- Makes: the temporary table load_visits, the value that counts, field by field, and who said it (source). Grain:
-- visit of an order that is not gone, or tracker row without order that is not cancelled. Key: line_key. Plan (date,
-- time, outlet, services, technicians): Basecamp, else the tracker. Done, done units and done date: the tracker, else
-- completion in Basecamp; cancelled by Basecamp alone. Ordered units: Basecamp. A pair under review changes no value
-- and its row makes no line. month: of the day it was done as the tracker says, else the planned day, else the day of
-- completion, else the day of entry, in the zone. disputed: what both sides tell differently. Inputs: said,
-- staging.visits, orders, tracker_rows, their services and technicians, outlets, reconciliation.links. Bound: zone.
-- Re-run: any time.
create temporary table load_visits on commit drop as
with order_services as (
    select
        s.order_id,
        jsonb_agg(jsonb_build_object('service', s.service, 'units', s.units) order by s.n) as services,
        array_agg(distinct s.service order by s.service) as codes
    from staging.order_services as s
    group by s.order_id
),

row_services as (
    select
        s.row_key,
        jsonb_agg(jsonb_build_object('service', s.service, 'units', s.units) order by s.n) as services,
        array_agg(distinct s.service order by s.service) as codes
    from staging.tracker_row_services as s
    group by s.row_key
),

order_technicians as (
    select
        t.order_id,
        array_agg(t.technician order by t.technician) as technicians
    from staging.order_technicians as t
    inner join staging.orders as o on t.order_id = o.order_id
    -- Subtasks of which some have nobody assign nobody: the order counts as unassigned.
    where o.assigned
    group by t.order_id
),

row_technicians as (
    select
        r.row_key,
        r.technicians,
        (
            select count(*) from staging.technicians as t
            where t.code = any(r.technicians)
        )
        = cardinality(r.technicians) as are_known
    from staging.tracker_rows as r
    where cardinality(r.technicians) > 0
),

both_sides as (
    select
        s.order_id,
        s.n,
        s.client,
        s.basecamp_says,
        s.tracker_says,
        s.row_key,
        s.review_row_key,
        o.assigned,
        (o.completed_at at time zone %(zone)s)::date as completed_on,
        (o.created_at at time zone %(zone)s)::date as entered_on,
        v.outlet as order_outlet,
        v.outlet_text as order_outlet_text,
        v.service_date as order_date,
        v.service_date_end as order_date_end,
        v.time_from as order_time,
        v.time_to as order_time_to,
        v.units as order_units,
        os.services as order_services,
        os.codes as order_service_codes,
        ot.technicians as order_technicians,
        r.outlet as row_outlet,
        r.outlet_text as row_outlet_text,
        r.service_date as row_date,
        r.service_date_end as row_date_end,
        r.time_from as row_time,
        r.time_to as row_time_to,
        r.units as row_units,
        r.status as row_status,
        rs.services as row_services,
        rs.codes as row_service_codes,
        rt.technicians as row_technicians,
        rt.are_known as are_row_technicians_known
    from said as s
    inner join staging.visits as v on s.order_id = v.order_id and s.n = v.n
    inner join staging.orders as o on s.order_id = o.order_id
    left join order_services as os on s.order_id = os.order_id
    left join order_technicians as ot on s.order_id = ot.order_id
    left join staging.tracker_rows as r on s.row_key = r.row_key
    left join row_services as rs on s.row_key = rs.row_key
    left join row_technicians as rt on s.row_key = rt.row_key
    union all
    select
        null as order_id,
        null as n,
        r.client,
        null as basecamp_says,
        case
            when r.status in ('done', 'partial') then 'done'
            when r.status = 'on_hold' then 'on_hold'
            else 'open'
        end as tracker_says,
        r.row_key,
        null as review_row_key,
        null as assigned,
        null as completed_on,
        null as entered_on,
        null as order_outlet,
        null as order_outlet_text,
        null as order_date,
        null as order_date_end,
        null as order_time,
        null as order_time_to,
        null as order_units,
        null as order_services,
        null as order_service_codes,
        null as order_technicians,
        r.outlet as row_outlet,
        r.outlet_text as row_outlet_text,
        r.service_date as row_date,
        r.service_date_end as row_date_end,
        r.time_from as row_time,
        r.time_to as row_time_to,
        r.units as row_units,
        r.status as row_status,
        rs.services as row_services,
        rs.codes as row_service_codes,
        rt.technicians as row_technicians,
        rt.are_known as are_row_technicians_known
    from staging.tracker_rows as r
    left join row_services as rs on r.row_key = rs.row_key
    left join row_technicians as rt on r.row_key = rt.row_key
    where
        r.status is distinct from 'cancelled'
        and not exists (
            select 1 from reconciliation.links as l
            where l.row_key = r.row_key and l.decision <> 'refused'
        )
),

decided as (
    select
        b.*,
        coalesce(b.order_outlet, b.row_outlet) as outlet,
        coalesce(b.order_date, b.row_date) as service_date,
        case
            when b.basecamp_says = 'cancelled' then 'cancelled'
            when b.tracker_says = 'done' then b.row_status
            when b.basecamp_says = 'done' then 'done'
            when 'on_hold' in (b.basecamp_says, b.tracker_says) then 'on_hold'
            when b.row_status = 'in_progress' then 'in_progress'
            when b.order_id is null then coalesce(b.row_status, 'scheduled')
            when b.assigned then 'assigned'
            when coalesce(b.order_date, b.row_date) is not null then 'scheduled'
            else 'requested'
        end as status
    from both_sides as b
),

finished as (
    select
        d.*,
        d.status in ('done', 'partial') as is_done,
        d.status in ('done', 'partial') and coalesce(d.tracker_says, '') = 'done' as is_done_by_tracker
    from decided as d
)

select
    case when f.order_id is null then 'row:' || f.row_key else 'order:' || f.order_id || '/' || f.n end as line_key,
    f.order_id,
    f.n,
    coalesce(f.row_key, f.review_row_key) as row_key,
    f.client,
    to_char(
        coalesce(case when f.is_done_by_tracker then f.row_date end, f.service_date, f.completed_on, f.entered_on),
        'YYYY-MM'
    ) as month,
    f.outlet,
    coalesce(u.name, f.order_outlet_text, f.row_outlet_text) as outlet_name,
    f.service_date,
    case when f.order_date is not null then f.order_date_end else f.row_date_end end as service_date_end,
    coalesce(f.order_time, f.row_time) as time_from,
    case when f.order_time is not null then f.order_time_to else f.row_time_to end as time_to,
    coalesce(f.order_services, f.row_services, '[]') as services,
    f.order_units as units_ordered,
    case
        when not f.is_done then null
        -- How much of it was done is known only when the row names fewer units than were ordered.
        when f.status = 'partial' and f.row_units >= f.order_units then null
        when f.is_done_by_tracker and f.row_units is not null then f.row_units
        when f.status = 'done' and f.basecamp_says = 'done' then f.order_units
    end as units_done,
    f.status,
    case when f.is_done_by_tracker then f.row_date when f.is_done then f.completed_on end as done_on,
    coalesce(f.order_technicians, f.row_technicians, '{}') as technicians,
    f.order_id is null as without_order,
    coalesce(f.row_key, f.review_row_key) is null as without_row,
    jsonb_strip_nulls(
        jsonb_build_object(
            'outlet', case
                when f.order_outlet is not null then 'basecamp'
                when f.row_outlet is not null then 'tracker'
                when f.order_outlet_text is not null then 'basecamp'
                when f.row_outlet_text is not null then 'tracker'
            end,
            'date', case when f.order_date is not null then 'basecamp' when f.row_date is not null then 'tracker' end,
            'time', case when f.order_time is not null then 'basecamp' when f.row_time is not null then 'tracker' end,
            'services', case
                when f.order_services is not null then 'basecamp' when f.row_services is not null then 'tracker'
            end,
            'technicians', case
                when f.order_technicians is not null then 'basecamp'
                when f.row_technicians is not null then 'tracker'
            end,
            'units_ordered', case when f.order_units is not null then 'basecamp' end,
            'units_done', case
                when f.is_done_by_tracker and f.row_units is not null then 'tracker' when f.is_done then 'basecamp'
            end,
            'done_on', case when f.is_done_by_tracker then 'tracker' when f.is_done then 'basecamp' end,
            'status', case
                when f.order_id is null or f.is_done_by_tracker then 'tracker'
                when f.status = 'on_hold' and f.basecamp_says <> 'on_hold' then 'tracker'
                when f.status = 'in_progress' then 'tracker'
                else 'basecamp'
            end
        )
    ) as source,
    array_remove(
        array[
            case when f.review_row_key is not null then 'link' end,
            case
                when
                    f.order_date > coalesce(f.row_date_end, f.row_date)
                    or f.row_date > coalesce(f.order_date_end, f.order_date)
                    then 'date'
            end,
            case when abs(extract(epoch from f.order_time - f.row_time)) > 3600 then 'time' end,
            case when f.order_outlet <> f.row_outlet then 'outlet' end,
            case when f.order_service_codes <> f.row_service_codes then 'service' end,
            case when f.order_units <> f.row_units and f.row_status is distinct from 'partial' then 'units' end,
            case
                when replace(f.basecamp_says, 'on_hold', 'open') <> replace(f.tracker_says, 'on_hold', 'open')
                    then 'status'
            end,
            case
                when
                    f.are_row_technicians_known
                    and not (
                        f.order_technicians @> f.row_technicians and f.order_technicians <@ f.row_technicians
                    )
                    then 'technician'
            end
        ],
        null
    ) as disputed
from finished as f
left join staging.outlets as u on f.outlet = u.code;
