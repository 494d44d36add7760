-- Makes: the temporary table spellings, the form in which unknown outlets are compared; empty forms name nothing.
-- Grain: outlet_text. Bound: texts and names, two arrays of one length. Lives until the transaction ends.
create temporary table spellings on commit drop as
select
    s.outlet_text,
    nullif(s.name, '') as name
from unnest(%(texts)s::text[], %(names)s::text[]) as s (outlet_text, name);
