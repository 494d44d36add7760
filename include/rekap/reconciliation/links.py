"""Visits and tracker rows, one to one: a person's decision, else the reference, else client, date and outlet."""

from rekap import warehouse
from rekap.vocabulary.outlets import normalise


def link(connection: warehouse.Connection, now: object) -> dict[str, int]:
    """Bring reconciliation.links in line with what is staged. Call it inside the transaction of the pass.

    Returns links by decision (accepted, confirmed, review, refused) and how many pairs changed or left."""
    texts = [row["outlet_text"] for row in warehouse.execute(connection, "30_reconciliation/spellings_wanted")]
    warehouse.execute(
        connection, "30_reconciliation/spellings", {"texts": texts, "names": [normalise(text) for text in texts]}
    )
    warehouse.execute(connection, "30_reconciliation/link_candidates")
    while warehouse.count(connection, "30_reconciliation/link_picks")["picked"]:
        pass
    gone = warehouse.count(connection, "30_reconciliation/links_gone")["gone"]
    counts = warehouse.count(connection, "30_reconciliation/links", {"now": now})
    return {**counts, "gone": gone}
