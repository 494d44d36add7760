-- Makes: the temporary table said, what each side says of a visit; both status tables of the house stand here. Grain:
-- order_id, n; orders that are gone say nothing. Inputs: staging.visits, orders, tracker_rows with their changes,
-- reconciliation.links. A pair under review lends the visit no value: its row stands in review_row_key only.
-- basecamp_says and tracker_says: open, on_hold, done, cancelled; the tracker may say nothing (null). Re-run: any
-- time.
create temporary table said on commit drop as
with basecamp_table (life_cycle, completed, word, says) as (
    values
    ('active', false, 'other', 'open'),
    ('active', false, 'on_hold', 'on_hold'),
    -- A cancelling word alone does not cancel: the order is still open to whoever looks at Basecamp.
    ('active', false, 'cancelled', 'open'),
    ('active', true, 'other', 'done'),
    ('active', true, 'on_hold', 'done'),
    ('active', true, 'cancelled', 'cancelled'),
    ('archived', false, 'other', 'open'),
    ('archived', false, 'on_hold', 'on_hold'),
    ('archived', false, 'cancelled', 'open'),
    ('archived', true, 'other', 'done'),
    ('archived', true, 'on_hold', 'done'),
    ('archived', true, 'cancelled', 'cancelled'),
    ('trashed', false, 'other', 'cancelled'),
    ('trashed', false, 'on_hold', 'cancelled'),
    ('trashed', false, 'cancelled', 'cancelled'),
    ('trashed', true, 'other', 'cancelled'),
    ('trashed', true, 'on_hold', 'cancelled'),
    ('trashed', true, 'cancelled', 'cancelled')
),

tracker_table (status, says) as (
    values
    ('requested', 'open'),
    ('scheduled', 'open'),
    ('assigned', 'open'),
    ('in_progress', 'open'),
    ('rescheduled', 'open'),
    ('on_hold', 'on_hold'),
    ('done', 'done'),
    ('partial', 'done'),
    ('cancelled', 'cancelled')
),

orders_changed as (
    select
        c.order_id,
        max(c.changed_at) as changed_at
    from staging.order_changes as c
    group by c.order_id
),

rows_changed as (
    select
        c.row_key,
        max(c.changed_at) as changed_at
    from staging.row_changes as c
    group by c.row_key
)

select
    v.order_id,
    v.n,
    o.client,
    b.says as basecamp_says,
    coalesce(oc.changed_at, o.created_at) as basecamp_changed_at,
    r.row_key,
    t.says as tracker_says,
    coalesce(rc.changed_at, r.first_seen_at) as tracker_changed_at,
    l.row_key as review_row_key
from staging.visits as v
inner join staging.orders as o on v.order_id = o.order_id
inner join basecamp_table as b
    on
        o.life_cycle = b.life_cycle
        and o.completed = b.completed
        and b.word = case when o.status_word in ('on_hold', 'cancelled') then o.status_word else 'other' end
left join orders_changed as oc on v.order_id = oc.order_id
left join reconciliation.links as k
    on v.order_id = k.order_id and v.n = k.n and k.decision in ('accepted', 'confirmed')
left join reconciliation.links as l on v.order_id = l.order_id and v.n = l.n and l.decision = 'review'
left join staging.tracker_rows as r on k.row_key = r.row_key
left join tracker_table as t on r.status = t.status
left join rows_changed as rc on r.row_key = rc.row_key;
