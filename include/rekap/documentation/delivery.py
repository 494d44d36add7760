"""Delivering photos: reserve an id, read the bytes once, check, upload; killed anywhere, the next run goes on."""

import hashlib
import logging
from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING, Any

from rekap import warehouse
from rekap.documentation import folders, image, names
from rekap.errors import PermanentError, TransientError
from rekap.run import Run
from rekap.services.google.refusals import CredentialError

if TYPE_CHECKING:
    from rekap.services.basecamp import Basecamp
    from rekap.services.google import Google

log = logging.getLogger(__name__)
PROGRESS_EVERY = 25


def deliver(connection: warehouse.Connection, basecamp: "Basecamp", google: "Google", run: Run) -> dict[str, int]:
    """Bring every due photo into its client's Drive folder, once per photo and order.

    Returns counts: due, uploaded, repeated (the same picture posted again on the order), refused (with a reason in
    outputs.photos), failed (stays due), clients_failed. A client whose folder cannot be used fails alone."""
    due = warehouse.execute(connection, "40_outputs/photos_due", {"zone": run.config.settings.timezone})
    connection.commit()
    counts = Counter({"due": len(due), "uploaded": 0, "repeated": 0, "refused": 0, "failed": 0, "clients_failed": 0})
    for client, photos in groupby(due, key=lambda photo: photo["client"]):
        waiting = list(photos)
        try:
            folders.check_client_folder(google.drive, client, waiting[0]["drive_folder_id"])
            _reserve(connection, google, run, waiting)
        except CredentialError:
            raise
        except PermanentError as error:
            log.error("%s %d photos wait.", error, len(waiting))
            counts["clients_failed"] += 1
            counts["failed"] += len(waiting)
            continue
        for photo in waiting:
            counts[_deliver_one(connection, basecamp, google, run, photo)] += 1
            done = sum(counts[state] for state in ("uploaded", "repeated", "refused", "failed"))
            if done % PROGRESS_EVERY == 0:
                log.info("photos: %d of %d", done, len(due))
    log.info("photos: %s", dict(counts))
    return dict(counts)


def _reserve(connection: warehouse.Connection, google: "Google", run: Run, photos: list[dict[str, Any]]) -> None:
    """Give every photo without one a Drive id, written down before anything is uploaded."""
    new = [photo for photo in photos if photo["drive_id"] is None]
    if not new:
        return
    ids = google.drive.generate_ids(len(new))
    with connection.transaction():
        for photo, drive_id in zip(new, ids, strict=True):
            row = connection.execute(
                "insert into outputs.photos as p (attachment_id, order_id, client, drive_id, state, first_seen_at)"
                " values (%s, %s, %s, %s, 'reserved', %s)"
                " on conflict (attachment_id) do update set drive_id = p.drive_id returning drive_id",
                (photo["attachment_id"], photo["order_id"], photo["client"], drive_id, run.now),
            ).fetchone()
            photo["drive_id"] = row["drive_id"] if row else drive_id


def _deliver_one(
    connection: warehouse.Connection, basecamp: "Basecamp", google: "Google", run: Run, photo: dict[str, Any]
) -> str:
    """Deliver one photo and return what became of it: uploaded, repeated, refused or failed."""
    limits = run.config.settings.documentation
    most_bytes = limits.most_megabytes * 1024 * 1024
    if (photo["byte_size"] or 0) > most_bytes:
        return _settle(connection, run, photo, "refused", None, reason="too_large")
    try:
        try:
            content = b"".join(basecamp.download(photo["download_url"], max_bytes=most_bytes))
            original = hashlib.sha256(content).hexdigest()
            if _posted_before(connection, photo, original):
                return _settle(connection, run, photo, "repeated", original, reason="same_picture_on_the_order")
            picture = image.checked(content, limits.most_megapixels)
        except image.Refused as refusal:
            return _settle(connection, run, photo, "refused", original, reason=str(refusal))
        folder = folders.order_folder(connection, google.drive, run, photo)
        name = names.file_name(photo["name"], picture.extension)
        made = google.drive.upload(
            photo["drive_id"],
            name,
            folder,
            picture.content,
            picture.content_type,
            {"rekap_photo": original[:32], "rekap_order": str(photo["order_id"])},
        )
    except CredentialError:
        raise
    except (TransientError, PermanentError) as error:
        # One photo that cannot be had must not keep the others from their clients; it stays due.
        log.error(
            "client %s, order %s, photo %s: %s", photo["client"], photo["order_id"], photo["attachment_id"], error
        )
        return "failed"
    sent = hashlib.sha256(picture.content).hexdigest()
    return _settle(
        connection, run, photo, "uploaded", original, sent=sent, sent_bytes=len(picture.content), name=name,
        folder=folder, link=made.get("webViewLink"),
    )  # fmt: skip


def _posted_before(connection: warehouse.Connection, photo: dict[str, Any], original: str) -> bool:
    row = connection.execute(
        "select 1 from outputs.photos where order_id = %s and original_sha256 = %s and state = 'uploaded'"
        " and attachment_id <> %s",
        (photo["order_id"], original, photo["attachment_id"]),
    ).fetchone()
    connection.commit()
    return row is not None


def _settle(
    connection: warehouse.Connection, run: Run, photo: dict[str, Any], state: str, original: str | None, *,
    reason: str | None = None, sent: str | None = None, sent_bytes: int | None = None, name: str | None = None,
    folder: str | None = None, link: str | None = None,
) -> str:  # fmt: skip
    with connection.transaction():
        connection.execute(
            "update outputs.photos set state = %s, original_sha256 = %s, reason = %s, sent_sha256 = %s,"
            " sent_bytes = %s, name = %s, folder_id = %s, link = %s, uploaded_at = %s where attachment_id = %s",
            (
                state, original, reason, sent, sent_bytes, name, folder, link,
                run.now if state == "uploaded" else None, photo["attachment_id"],
            ),
        )  # fmt: skip
        connection.execute(
            "update staging.attachments set sha256 = %s where attachment_id = %s", (original, photo["attachment_id"])
        )
    return state
