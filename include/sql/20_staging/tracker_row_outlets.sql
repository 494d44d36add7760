-- Resolves the outlets of the rows being loaded: load_tracker_rows.outlet comes in as a normalised spelling and becomes
-- the outlet's code, or null when the register does not know it.
-- grain: row_key. Inputs: load_tracker_rows, staging.outlet_aliases. Re-run: once per load.
update load_tracker_rows as n
set
    outlet = (
        select a.outlet
        from staging.outlet_aliases as a
        where a.client = n.client and a.alias = n.outlet
    )
where n.outlet is not null;
