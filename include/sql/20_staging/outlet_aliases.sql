-- grain: client and normalised spelling
-- inputs: %(clients)s, %(aliases)s, %(outlets)s, %(places)s: every name and alias of the register in the form that
--   rekap.vocabulary.outlets gives it; an outlet's own name (place 0) stands before anybody's alias (place 1), and a
--   spelling that two outlets share names neither
-- re-run: spellings of the register are replaced; learned ones stay unless the register knows better
delete from staging.outlet_aliases as a
where a.learned_from = 'register' and not exists (
    select 1
    from unnest(%(clients)s::text[], %(aliases)s::text[]) as l (client, alias)
    where l.client = a.client and l.alias = a.alias
);

with placed as (
    select
        l.client,
        l.alias,
        l.outlet,
        l.place,
        min(l.place) over (partition by l.client, l.alias) as best
    from
        unnest(%(clients)s::text[], %(aliases)s::text[], %(outlets)s::text[], %(places)s::integer[])
            as l (client, alias, outlet, place)
),

sure as (
    select
        p.client,
        p.alias,
        min(p.outlet) as outlet
    from placed as p
    where p.place = p.best
    group by p.client, p.alias
    having count(distinct p.outlet) = 1
),

cleared as (
    delete from staging.outlet_aliases as a
    using placed as p
    where
        a.learned_from = 'register' and a.client = p.client and a.alias = p.alias
        and not exists (
            select 1 from sure as s
            where s.client = a.client and s.alias = a.alias
        )
)

insert into staging.outlet_aliases as a (client, alias, outlet, learned_from)
select
    s.client,
    s.alias,
    s.outlet,
    'register' as learned_from
from sure as s
on conflict (client, alias) do update set outlet = excluded.outlet, learned_from = 'register';

select count(*) as outlet_aliases
from staging.outlet_aliases as a
where a.learned_from = 'register';
