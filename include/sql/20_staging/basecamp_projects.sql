-- grain: Basecamp's project
-- inputs: raw.basecamp_items (project)
-- re-run: the newest version of each project wins
insert into staging.basecamp_projects as b (id, name, status, seen_at)
select distinct on (i.id)
    i.id,
    coalesce(i.payload ->> 'name', '') as name,
    coalesce(i.payload ->> 'status', 'active') as status,
    i.last_read_at
from raw.basecamp_items as i
where i.kind = 'project'
order by i.id asc, i.read_no desc
on conflict (id) do update set
    (name, status, seen_at) = (excluded.name, excluded.status, excluded.seen_at);

select count(*) as basecamp_projects from staging.basecamp_projects;
