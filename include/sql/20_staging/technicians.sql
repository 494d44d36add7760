-- grain: person with the role technician, from the register
-- inputs: load_technicians
-- re-run: the same file changes nothing; who lost the role keeps the row that old orders point at
insert into staging.technicians as t (code, aliases)
select
    l.code,
    l.aliases
from load_technicians as l
on conflict (code) do update set aliases = excluded.aliases;

select count(*) as technicians from load_technicians;
