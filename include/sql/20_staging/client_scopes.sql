-- grain: one way in which to-dos belong to a client, from the register
-- inputs: load_client_scopes
-- re-run: what stands in the file replaces what stood in it before
delete from staging.client_scopes as s
where not exists (
    select 1 from load_client_scopes as l
    where
        l.client = s.client and l.kind = s.kind and l.project_id = s.project_id and l.value = s.value
);

insert into staging.client_scopes (client, kind, project_id, value)
select
    l.client,
    l.kind,
    l.project_id,
    l.value
from load_client_scopes as l
on conflict (kind, project_id, value) do update set client = excluded.client;

select count(*) as client_scopes from load_client_scopes;
