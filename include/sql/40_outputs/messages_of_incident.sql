-- Who was, or is to be, told of an incident, and what became of it; shared when the message holds other incidents too.
-- grain: item. Bound: incidents. Locks the messages against the outbox.
select
    t.incident_id,
    t.step,
    t.person,
    m.message_id,
    m.state,
    m.delivery,
    exists(
        select 1 from outputs.message_items as o
        where o.message_id = m.message_id and o.incident_id <> t.incident_id
    ) as shared
from outputs.message_items as t
inner join outputs.messages as m on t.message_id = m.message_id
where t.incident_id = any(%(incidents)s::bigint[])
order by t.item_id
for update of m;
