-- outputs.message_items, one item. grain: topic, incident, service date, step or event, person.
-- Re-run: an item that stands is left to its message and no row comes back.
insert into outputs.message_items (incident_id, topic, service_date, step, person, message_id, planned_at)
values (%(incident)s, %(topic)s, %(service_date)s, %(step)s, %(person)s, %(message)s, %(now)s)
on conflict (topic, incident_id, service_date, step, person) do nothing
returning item_id;
