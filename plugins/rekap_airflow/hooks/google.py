"""The connection type `rekap_google`: Sheets and Drive with one service account."""

from __future__ import annotations

import json
from functools import cached_property
from typing import TYPE_CHECKING, Any

from airflow.sdk import BaseHook

from rekap_airflow.hooks.mapping import as_mapping, find

if TYPE_CHECKING:
    from rekap.services.google import Google


class GoogleHook(BaseHook):
    """All that it needs stands in extra (see `provider_info`)."""

    conn_name_attr = "google_conn_id"
    default_conn_name = "rekap_google"
    conn_type = "rekap_google"
    hook_name = "Google Sheets and Drive (Rekap)"

    def __init__(self, google_conn_id: str = default_conn_name) -> None:
        super().__init__()
        self.conn_id = google_conn_id

    @cached_property
    def mapping(self) -> dict[str, Any]:
        return as_mapping(find(self.conn_id))

    def client(self, warehouse: str, per_minute: int) -> Google:
        """A client that shares its limits of reads and of writes a minute through the warehouse of that DSN."""
        from rekap.services.google import Google

        return Google.from_connection(self.mapping, dsn=warehouse, per_minute=per_minute)

    @property
    def endpoints(self) -> list[str]:
        """Every address that the client may speak to; an empty one means the vendor's own."""
        extra = self.mapping["extra"]
        told = [extra.get("sheets_endpoint"), extra.get("drive_endpoint"), _token_uri(extra.get("keyfile_dict"))]
        return [address or "googleapis.com" for address in told]


def _token_uri(key: object) -> object:
    """Where a key asks for tokens; None for the vendor's own, and for a key that its client will refuse."""
    try:
        read = json.loads(key) if isinstance(key, str) else key
    except ValueError:
        return None
    return read.get("token_uri") if isinstance(read, dict) else None
