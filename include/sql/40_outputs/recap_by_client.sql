-- Reads: the figures of one revision of a month for each client. Grain: client. Key: client.
-- Inputs: outputs.recap_lines. Re-run: any time; the columns mean the same as in recap_totals.
select
    l.client,
    l.client_name,
    count(*)::integer as visits,
    count(*) filter (where l.status in ('done', 'partial'))::integer as done,
    count(*) filter (where l.status = 'cancelled')::integer as cancelled,
    count(*) filter (where l.status not in ('done', 'partial', 'cancelled'))::integer as open,
    coalesce(sum(l.units_ordered) filter (where l.status <> 'cancelled'), 0)::integer as units_ordered,
    coalesce(sum(l.units_done) filter (where l.status in ('done', 'partial')), 0)::integer as units_done,
    count(*) filter (where l.remark like '%%without_order%%')::integer as without_order,
    count(*) filter (where l.remark like '%%without_row%%')::integer as without_row,
    count(*) filter (where l.remark like '%%disputed%%')::integer as disputed,
    coalesce(sum(l.photos), 0)::integer as photos
from outputs.recap_lines as l
where l.month = %(month)s and l.revision = %(revision)s
group by l.client, l.client_name
order by l.client_name, l.client;
