-- grain: client (slug), from the register
-- inputs: load_clients
-- re-run: the same file changes nothing; who left the file stays as active = false
update staging.clients as c set spreadsheet_id = null
from load_clients as l
where c.spreadsheet_id = l.spreadsheet_id and c.slug <> l.slug;

insert into staging.clients as c
(
    slug, name, language, delivery, active_from, live_from, am, pic, spreadsheet_id, documentation, drive_folder_id,
    active
)
select
    l.slug,
    l.name,
    l.language,
    l.delivery,
    l.active_from,
    l.live_from,
    l.am,
    l.pic,
    l.spreadsheet_id,
    l.documentation,
    l.drive_folder_id,
    true as active
from load_clients as l
on conflict (slug) do update set
    (
        name,
        language,
        delivery,
        active_from,
        live_from,
        am,
        pic,
        spreadsheet_id,
        documentation,
        drive_folder_id,
        active
    )
    = (
        excluded.name, excluded.language, excluded.delivery, excluded.active_from, excluded.live_from, excluded.am,
        excluded.pic, excluded.spreadsheet_id, excluded.documentation, excluded.drive_folder_id, true
    );

update staging.clients as c set active = false
where c.active and not exists (
    select 1 from load_clients as l
    where l.slug = c.slug
);

select count(*) as clients from load_clients;
