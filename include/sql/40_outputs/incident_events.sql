-- outputs.incident_events, one event. Append-only; the same event of the same moment stands once.
insert into outputs.incident_events (incident_id, event, step, service_date, happened_at, details)
values (%(incident)s, %(event)s, %(step)s, %(service_date)s, %(now)s, %(details)s)
on conflict (incident_id, event, step, service_date, happened_at) do nothing;
