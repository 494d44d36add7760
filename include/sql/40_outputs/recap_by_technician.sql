-- Reads: the figures of one revision of a month for each technician. Grain: technician. Key: technician.
-- Inputs: outputs.recap_lines. Re-run: any time; a visit of a crew counts once for each of its technicians, its units
-- too, so the column does not add up to the totals.
select
    t.technician,
    count(*)::integer as visits,
    count(*) filter (where l.status in ('done', 'partial'))::integer as done,
    coalesce(sum(l.units_done) filter (where l.status in ('done', 'partial')), 0)::integer as units_done
from outputs.recap_lines as l
cross join lateral string_to_table(l.technicians, ', ') as t (technician)
where l.month = %(month)s and l.revision = %(revision)s and t.technician <> ''
group by t.technician
order by visits desc, t.technician asc;
