-- Reads: a page of the quality gates by its name. Grain: document. Key: name, of which one stands at a time.
-- Inputs: outputs.documents. Bound: name. Re-run: any time.
select
    d.content,
    d.content_type,
    d.made_at
from outputs.documents as d
where d.name = %(name)s
order by d.made_at desc
limit 1;
