-- The files that a message carries. grain: document. Bound: documents. Reads only.
select
    d.sha256,
    d.name,
    d.content_type,
    d.content
from outputs.documents as d
where d.sha256 = any(%(documents)s::text[]);
