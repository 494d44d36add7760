-- What these incidents are about. grain: incident. Bound: incidents. Reads only.
select
    i.incident_id,
    i.details
from outputs.incidents as i
where i.incident_id = any(%(incidents)s::bigint[]);
