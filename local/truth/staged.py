"""Orders and tracker rows: all there, each read as it was meant, what nobody may guess in quarantine."""

from local.truth.differences import Differences
from local.truth.evidence import Evidence


def check(evidence: Evidence, found: Differences) -> None:
    staged = {row["order_id"]: row for row in evidence.rows("select * from staging.orders")}
    found.sets("orders", evidence.orders, staged)
    found.require("orders", 1)
    for order_id, order in evidence.orders.items():
        if order_id in staged:
            row = staged[order_id]
            readable = {
                "outlet": (order["outlet"], row["outlet"]),
                "date": (order["date"], row["service_date"] and row["service_date"].isoformat()),
                "units": (sum(each["units"] for each in order["services"]), row["units"]),
            }
            for name, (true, read) in readable.items():
                if name not in order["unreadable"]:
                    found.fields("orders", f"order {order_id}", {name: true}, {name: read})
            found.fields(
                "orders",
                f"order {order_id}",
                {
                    "client": order["client"],
                    "life_cycle": order["life_cycle"],
                    "visible_to_clients": order["visible_to_clients"],
                    "assigned": order["assigned"],
                    "completed": order["completed"],
                },
                row,
            )
            unreadable = {"outlet_text" if name == "outlet" else name for name in row["problems"]}
            for name in order["unreadable"]:
                if not any(name.startswith(problem[:4]) or problem.startswith(name[:4]) for problem in unreadable):
                    found.add(
                        "orders", f"order {order_id}: unreadable {name} is not named in problems {row['problems']}"
                    )
    quarantined = set(evidence.troubles("quarantined"))
    written = {_address(row): row for row in evidence.truth["rows"]}
    read = {
        _address(row): row
        for row in evidence.rows(
            "select spreadsheet_id, sheet_id, row, service_date, outlet, status from staging.tracker_rows"
        )
    }
    found.sets("tracker rows", set(written) - quarantined, read)
    found.require("tracker rows", 1)
    for address in set(written) & set(read):
        row = written[address]
        found.fields(
            "tracker rows",
            address,
            {"service_date": row["date"], "outlet": row["outlet"]},
            {"service_date": str(read[address]["service_date"]), "outlet": read[address]["outlet"]},
        )
    held = evidence.rows("select distinct row_key from ops.quarantine where state = 'open' and severity = 'critical'")
    found.sets("quarantine", quarantined, {evidence.row_address.get(row["row_key"], row["row_key"]) for row in held})
    unbalanced = evidence.rows(
        "select run_id, step from ops.run_ledger"
        " where received <> unchanged + loaded + quarantined + skipped + repeated"
    )
    for row in unbalanced:
        found.add("ledger", f"{row['run_id']} {row['step']} does not balance")


def _address(row: dict[str, object]) -> str:
    return f"row:{row['spreadsheet_id']}/{row['sheet_id']}/{row['row']}"
