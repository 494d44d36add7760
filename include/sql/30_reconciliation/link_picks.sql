-- Changes: link_candidates. One round: a pair is picked when it is the best of its visit and the best of its row
-- among the pairs whose visit and row are both free. Repeated until nothing is picked, it gives every visit and row
-- at most one partner, the same ones in whatever order the rows came. Ends in one row of counts.
with taken as (
    select
        c.order_id,
        c.n,
        c.row_key
    from link_candidates as c
    where c.is_picked
),

ranked as (
    select
        c.place,
        min(c.place) over (partition by c.order_id, c.n) as best_of_visit,
        min(c.place) over (partition by c.row_key) as best_of_row
    from link_candidates as c
    where
        not exists (
            select 1 from taken as t
            where t.order_id = c.order_id and t.n = c.n
        )
        and not exists (
            select 1 from taken as t
            where t.row_key = c.row_key
        )
),

picked as (
    update link_candidates as c
    set is_picked = true
    from ranked as r
    where r.place = c.place and r.place = r.best_of_visit and r.place = r.best_of_row
    returning c.place
)

select count(*) as picked
from picked;
