-- outputs.incidents, one incident that opens.
-- grain: kind and subject while open. Re-run: one that is open stays as it is and no row comes back.
insert into outputs.incidents (
    kind, subject, client, state, step, step_reached_at, service_date, details, opened_at, changed_at
)
values (
    %(kind)s, %(subject)s, %(client)s, 'open', %(step)s, %(told_at)s, %(service_date)s, %(details)s, %(now)s, %(now)s
)
on conflict (kind, subject) where state in ('open', 'acknowledged', 'snoozed') do nothing
returning incident_id;
