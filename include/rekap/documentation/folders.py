"""The client's folders in Drive: one a month, one an order, each with an id that is reserved before it is used."""

from typing import TYPE_CHECKING, Any

from rekap import period, warehouse
from rekap.documentation import names
from rekap.errors import PermanentError
from rekap.run import Run

if TYPE_CHECKING:
    from rekap.services.google import Drive


def check_client_folder(drive: "Drive", client: str, folder_id: str) -> None:
    """Raise PermanentError, naming the client and what to do, unless Rekap can put files into the client's folder."""
    folder = drive.get(folder_id, fields="id,name,trashed,driveId,capabilities(canAddChildren)")
    if folder.get("trashed"):
        raise PermanentError(f"client {client}: its Drive folder {folder_id} lies in the bin. Restore it.")
    if not folder.get("capabilities", {}).get("canAddChildren"):
        raise PermanentError(
            f"client {client}: Rekap may not add files to Drive folder {folder_id}. Make its service account a content"
            " manager of the shared drive."
        )


def order_folder(connection: warehouse.Connection, drive: "Drive", run: Run, photo: dict[str, Any]) -> str:
    """The Drive id of the order's folder, made with its month folder when needed. An order keeps the folder it got
    first. `photo` is a row of photos_due."""
    known = connection.execute(
        "select drive_id from outputs.drive_folders where client = %s and order_id = %s and state = 'made'",
        (photo["client"], photo["order_id"]),
    ).fetchone()
    connection.commit()
    if known:
        return str(known["drive_id"])
    month = period.month_of(photo["service_date"])
    above = _folder(connection, drive, run, photo["client"], month, 0, photo["drive_folder_id"], month)
    name = names.order_folder(
        photo["service_date"], photo["outlet_name"], photo["services"], photo["language"], photo["order_id"]
    )
    return _folder(connection, drive, run, photo["client"], month, photo["order_id"], above, name)


def _folder(
    connection: warehouse.Connection, drive: "Drive", run: Run, client: str, month: str, order_id: int, parent: str,
    name: str,
) -> str:  # fmt: skip
    key = (client, month, order_id)
    find = "select * from outputs.drive_folders where client = %s and month = %s and order_id = %s"
    row = connection.execute(find, key).fetchone()
    connection.commit()
    if row is None:
        reserved = drive.generate_ids(1)[0]
        with connection.transaction():
            connection.execute(
                "insert into outputs.drive_folders"
                " (client, month, order_id, drive_id, parent_id, name, state, reserved_at)"
                " values (%s, %s, %s, %s, %s, %s, 'reserved', %s)"
                " on conflict (client, month, order_id) do nothing",
                (*key, reserved, parent, name, run.now),
            )
            row = connection.execute(find, key).fetchone()
    assert row is not None
    if row["state"] == "reserved":
        made = drive.create_folder(row["drive_id"], row["name"], row["parent_id"], {"rekap_order": str(order_id)})
        with connection.transaction():
            connection.execute(
                "update outputs.drive_folders set state = 'made', made_at = %s, link = %s"
                " where client = %s and month = %s and order_id = %s",
                (run.now, made.get("webViewLink"), *key),
            )
    return str(row["drive_id"])
