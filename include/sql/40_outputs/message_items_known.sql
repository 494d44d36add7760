-- What people were told of these incidents before. grain: item. Bound: incidents, topic. Reads only.
select
    t.incident_id,
    t.service_date,
    t.step,
    t.person
from outputs.message_items as t
where t.topic = %(topic)s and t.incident_id = any(%(incidents)s::bigint[]);
