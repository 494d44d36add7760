-- outputs.incidents, one incident that moves on. Inputs: bound values; null keeps what stands for resolution only.
-- Re-run: the same values again.
update outputs.incidents set
    state = %(state)s,
    step = %(step)s,
    step_reached_at = %(told_at)s,
    service_date = %(service_date)s,
    details = %(details)s,
    changed_at = %(now)s,
    snoozed_until = case when %(state)s = 'snoozed' then snoozed_until end,
    resolved_at = case when %(state)s = 'resolved' then %(now)s::timestamptz end,
    resolution = %(resolution)s
where incident_id = %(incident)s;
