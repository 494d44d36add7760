-- What may leave now. grain: message. Bound: now. A comment whose outcome is unknown is looked for in its thread; a
-- mail whose outcome is unknown stays so. Reads only.
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
order by m.urgent desc, m.not_before asc, m.message_id asc;
