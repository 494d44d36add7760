-- What may leave now. grain: message. Bound: now. A comment whose outcome is unknown is looked for in its thread; a
-- mail whose outcome is unknown stays so. What is about orders of clients that a gate holds (ops.held) waits, unless it
-- is about others too. Reads only.
select
    m.message_id,
    m.person,
    m.channel,
    m.delivery
from outputs.messages as m
where
    m.not_before <= %(now)s
    and m.delivery in ('live', 'redirect')
    and (
        m.state in ('planned', 'sending')
        or (m.state = 'unknown' and m.channel = 'basecamp_comment' and m.delivery = 'live')
    )
    and not (
        exists (
            select 1
            from outputs.message_items as t
            inner join outputs.incidents as i on t.incident_id = i.incident_id
            inner join ops.held as h on i.client = h.client
            where t.message_id = m.message_id and i.kind <> 'data_incomplete'
        )
        and not exists (
            select 1
            from outputs.message_items as t
            left join outputs.incidents as i on t.incident_id = i.incident_id
            where
                t.message_id = m.message_id
                and not exists (
                    select 1 from ops.held as h
                    where h.client = i.client and i.kind <> 'data_incomplete'
                )
        )
    )
order by m.urgent desc, m.not_before asc, m.message_id asc;
