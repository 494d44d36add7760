-- grain: person (code), from the register
-- inputs: load_people
-- re-run: the same file changes nothing; who left the file stays as active = false
update staging.people as p set basecamp_id = null
from load_people as l
where p.basecamp_id = l.basecamp_id and p.code <> l.code;

insert into staging.people as p
(code, name, email, phone, basecamp_id, roles, language, opens, closes, days_off, deputy, active)
select
    l.code,
    l.name,
    l.email,
    l.phone,
    l.basecamp_id,
    l.roles,
    l.language,
    l.opens,
    l.closes,
    l.days_off,
    l.deputy,
    true as active
from load_people as l
on conflict (code) do update set
    (name, email, phone, basecamp_id, roles, language, opens, closes, days_off, deputy, active)
    = (
        excluded.name, excluded.email, excluded.phone, excluded.basecamp_id, excluded.roles, excluded.language,
        excluded.opens, excluded.closes, excluded.days_off, excluded.deputy, true
    );

update staging.people as p set active = false
where p.active and not exists (
    select 1 from load_people as l
    where l.code = p.code
);

select count(*) as people from load_people;
