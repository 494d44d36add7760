"""Messages are written down before anything leaves: here they are planned, `rekap.channels.send` carries them out."""

from collections.abc import Sequence
from datetime import datetime

from rekap import warehouse
from rekap.run import Run
from rekap.settings import Delivery


def mail(
    conn: warehouse.Connection,
    run: Run,
    *,
    key: str,
    person: str,
    subject: str,
    text: str,
    html: str,
    delivery: Delivery,
    client: str | None = None,
    documents: Sequence[str] = (),
    urgent: bool = False,
    not_before: datetime | None = None,
) -> int | None:
    """Plan one mail to the person with this code, in the caller's transaction; its message_id, or None when a message
    of this `key` was planned before (nothing is changed then). `delivery` is the client's, or the house's for what
    belongs to no single client. `documents` are sha256 of outputs.documents. It leaves at `not_before` (default:
    now), within the person's office hours."""
    rows = warehouse.execute(
        conn,
        "40_outputs/messages",
        {
            "key": key, "person": person, "channel": "email", "client": client, "order_id": None, "subject": subject,
            "text": text, "html": html, "documents": list(documents), "delivery": delivery, "urgent": urgent,
            "not_before": not_before or run.now, "now": run.now,
        },
    )  # fmt: skip
    return int(rows[0]["message_id"]) if rows else None
