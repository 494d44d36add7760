-- grain: service code: those of the register, and with the time of `other` those that only the vocabulary knows
-- inputs: load_services
-- re-run: the same file changes nothing; a code that left the file stays for the orders that point at it
insert into staging.services as s (code, minutes_per_unit)
select
    l.code,
    l.minutes_per_unit
from load_services as l
on conflict (code) do update set minutes_per_unit = excluded.minutes_per_unit;

select count(*) as services from load_services;
