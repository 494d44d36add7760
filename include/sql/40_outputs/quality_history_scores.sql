-- Reads: the score of each client, week by week, oldest first. Grain: client, week. Key: client, week_on.
-- Inputs: ops.quality_scores, staging.clients. Bound: since (the Monday of the first week), until (of the last).
-- Re-run: any time. A week without a score has an empty one.
select
    c.slug as client,
    c.name,
    w.week_on::date as week_on,
    q.score
from staging.clients as c
cross join generate_series(%(since)s::date, %(until)s::date, interval '7 days') as w (week_on)
left join ops.quality_scores as q on c.slug = q.client and w.week_on::date = q.week_on
where
    c.active
    and exists (
        select from ops.quality_scores as o
        where o.client = c.slug and o.week_on between %(since)s::date and %(until)s::date
    )
order by c.name, c.slug, w.week_on;
