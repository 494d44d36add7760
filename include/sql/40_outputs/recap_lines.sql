-- Fills: outputs.recap_lines of one revision of one month.
-- Grain: visit, or tracker row without order. Key: month, revision, line_key. Inputs: load_recap_lines.
-- Re-run: replaces the lines of a revision that is not final (the trigger refuses the others).
delete from outputs.recap_lines
where month = %(month)s and revision = %(revision)s;

insert into outputs.recap_lines (
    month, revision, line_key, position, client, client_name, outlet_name, service_date, time_from, services,
    units_ordered, units_done, status, technicians, photos, remark, order_url, row_url
)
select
    %(month)s as month,
    %(revision)s as revision,
    l.line_key,
    l.position,
    l.client,
    l.client_name,
    l.outlet_name,
    l.service_date,
    l.time_from,
    l.services,
    l.units_ordered,
    l.units_done,
    l.status,
    l.technicians,
    l.photos,
    l.remark,
    l.order_url,
    l.row_url
from load_recap_lines as l;
