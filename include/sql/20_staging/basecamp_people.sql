-- grain: Basecamp's person: e-mail and the sgid that a mention needs
-- inputs: raw.basecamp_items (person), %(now)s
-- re-run: the newest version of each person wins
insert into staging.basecamp_people as b
(id, name, email, personable_type, attachable_sgid, time_zone, seen_at)
select distinct on (i.id)
    i.id,
    coalesce(i.payload ->> 'name', '') as name,
    i.payload ->> 'email_address' as email,
    i.payload ->> 'personable_type' as personable_type,
    i.payload ->> 'attachable_sgid' as attachable_sgid,
    i.payload ->> 'time_zone' as time_zone,
    i.last_read_at
from raw.basecamp_items as i
where i.kind = 'person'
order by i.id asc, i.read_no desc
on conflict (id) do update set
    (name, email, personable_type, attachable_sgid, time_zone, seen_at)
    = (
        excluded.name, excluded.email, excluded.personable_type, excluded.attachable_sgid, excluded.time_zone,
        excluded.seen_at
    );

select count(*) as basecamp_people from staging.basecamp_people;
