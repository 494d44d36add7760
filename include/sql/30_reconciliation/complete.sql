-- Makes: the temporary table complete, the sources that are known to be whole, client by client. Grain: source,
-- client. Inputs: ops.whole_now. Re-run: any time.
create temporary table complete on commit drop as
select
    w.source,
    w.client
from ops.whole_now as w;
