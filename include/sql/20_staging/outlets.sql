-- grain: outlet (code), from the register
-- inputs: load_outlets
-- re-run: the same file changes nothing; what left the file stays as active = false under a name that is free again
update staging.outlets as o set
    active = false, name = o.name || ' (' || o.code || ')'
where o.active and not exists (
    select 1 from load_outlets as l
    where l.code = o.code
);

-- two outlets may have swapped their names: the old ones make room first
update staging.outlets as o set name = o.name || ' (' || o.code || ')'
from load_outlets as l
where l.code = o.code and (l.name <> o.name or l.client <> o.client);

insert into staging.outlets as o (code, client, name, area, address, active)
select
    l.code,
    l.client,
    l.name,
    l.area,
    l.address,
    true as active
from load_outlets as l
on conflict (code) do update set
    (client, name, area, address, active)
    = (excluded.client, excluded.name, excluded.area, excluded.address, true);

select count(*) as outlets from load_outlets;
