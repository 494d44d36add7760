-- outputs.messages, one message claimed for sending. Bound: message, now, lease (its end), alone (nobody else is
-- sending it). No row when it is no longer to be sent, or somebody holds its lease. was_handed_over: an earlier try
-- reached the channel, what became of it is not known. is_needed: what it is about still holds.
with claimed as (
    select
        m.message_id,
        m.handed_over_at
    from outputs.messages as m
    where
        m.message_id = %(message)s
        and (m.state in ('planned', 'unknown') or (m.state = 'sending' and (%(alone)s or m.lease_until < %(now)s)))
    for update skip locked
)

update outputs.messages as m set
    state = 'sending',
    lease_until = %(lease)s,
    attempts = m.attempts + 1
from claimed
where m.message_id = claimed.message_id
returning
    m.message_id,
    m.key,
    m.person,
    m.channel,
    m.client,
    m.order_id,
    m.subject,
    m.body_text,
    m.body_html,
    m.documents,
    m.delivery,
    m.urgent,
    claimed.handed_over_at is not null as was_handed_over,
    not exists (
        select 1 from outputs.message_items as t
        where t.message_id = m.message_id and t.topic = 'unassigned'
    )
    or exists (
        select 1
        from outputs.message_items as t
        inner join outputs.incidents as i on t.incident_id = i.incident_id
        inner join staging.orders as o on i.subject = 'order:' || o.order_id
        where
            t.message_id = m.message_id
            and i.state in ('open', 'acknowledged')
            and o.life_cycle = 'active'
            and not o.completed
            and not o.assigned
    ) as is_needed;
