-- Messages that may still be written anew: planned, and not a record of what a shadow client would have been told.
-- grain: item. Bound: prefix of the key, now, touched (messages that got a new item). Locks the messages against the
-- outbox.
select
    m.message_id,
    m.key,
    m.person,
    m.channel,
    m.delivery,
    m.not_before,
    m.order_id,
    t.incident_id,
    t.step
from outputs.messages as m
inner join outputs.message_items as t on m.message_id = t.message_id
where
    m.state = 'planned'
    and starts_with(m.key, %(prefix)s)
    and (m.delivery in ('live', 'redirect') or m.not_before > %(now)s or m.message_id = any(%(touched)s))
order by m.message_id asc, t.item_id asc
for update of m;
