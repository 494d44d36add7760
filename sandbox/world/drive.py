"""The shared drive of the company: a folder per client for documentation, a folder of trackers, the Master Schedule."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from sandbox.world import names

if TYPE_CHECKING:
    from sandbox.world.building import World

FOLDER = "application/vnd.google-apps.folder"
SPREADSHEET = "application/vnd.google-apps.spreadsheet"


def folder_id(seed: int, name: str) -> str:
    """A Drive folder id: 33 characters, told by the seed and the name."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"
    return "1" + "".join(Random(f"{seed}/folder/{name}").choices(letters, k=32))


def files(world: World) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The shared drive and every file in it, with times from the seed."""
    drive_id = "0A" + folder_id(world.seed, "drive")[:17]
    rng = Random(f"{world.seed}/drive")
    made = world.now - timedelta(days=120)

    def entry(id: str, name: str, kind: str, parent: str, changed: datetime, by: str) -> dict[str, Any]:
        return {
            "kind": "drive#file",
            "id": id,
            "name": name,
            "mimeType": kind,
            "parents": [parent],
            "driveId": drive_id,
            "createdTime": stamp(made),
            "modifiedTime": stamp(changed),
            "version": str(rng.randint(20, 900)),
            "trashed": False,
            "lastModifyingUser": {
                "kind": "drive#user",
                "displayName": by.split("@")[0],
                "emailAddress": by,
                "me": False,
            },
        }

    owner = world.staff.office[0].email
    documentation, trackers = folder_id(world.seed, "Dokumentasi"), folder_id(world.seed, "Tracker")
    found = [
        entry(documentation, "Dokumentasi", FOLDER, drive_id, made, owner),
        entry(trackers, "Tracker", FOLDER, drive_id, made, owner),
    ]
    for client in world.clients:
        found.append(entry(client.drive_folder_id, client.name, FOLDER, documentation, made, client.am.email))
        changed = world.now - timedelta(minutes=rng.randint(25, 600), milliseconds=rng.randint(0, 999))
        found.append(
            entry(client.spreadsheet_id, f"Tracker {client.name}", SPREADSHEET, trackers, changed, client.am.email)
        )
    found.append(entry(world.master_schedule_id, "Master Schedule", SPREADSHEET, drive_id, made, owner))
    return [{"kind": "drive#drive", "id": drive_id, "name": names.COMPANY, "createdTime": stamp(made)}], found


def stamp(at: datetime) -> str:
    """RFC 3339 in UTC with milliseconds, as Drive writes times."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03}Z"
