-- What Basecamp needs to mention these people. grain: Basecamp person. Bound: people. Reads only.
select
    b.id,
    b.attachable_sgid
from staging.basecamp_people as b
where b.id = any(%(people)s::bigint[]) and b.attachable_sgid is not null;
