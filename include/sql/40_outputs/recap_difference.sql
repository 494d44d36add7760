-- Reads: what changed from one revision of a month to the next. Grain: line. Key: line_key.
-- Inputs: outputs.recap_lines. Re-run: any time.
with earlier as (
    select * from outputs.recap_lines
    where month = %(month)s and revision = %(before)s
),

later as (
    select * from outputs.recap_lines
    where month = %(month)s and revision = %(after)s
)

select
    coalesce(a.line_key, b.line_key) as line_key,
    case when a.line_key is null then 'added' when b.line_key is null then 'removed' else 'changed' end as change,
    to_jsonb(a) - array['revision', 'position'] as before,
    to_jsonb(b) - array['revision', 'position'] as after
from earlier as a
full join later as b
    on b.line_key = a.line_key
where
    a.line_key is null
    or b.line_key is null
    or (to_jsonb(a) - array['revision', 'position']) <> (to_jsonb(b) - array['revision', 'position'])
order by line_key;
