"""The connection type `basecamp`."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from airflow.sdk import BaseHook

from rekap_airflow.hooks.mapping import as_mapping, find

if TYPE_CHECKING:
    from rekap.services.basecamp import Basecamp


class BasecampHook(BaseHook):
    """host = base URL, login and password = OAuth client; the rest stands in extra (see `provider_info`)."""

    conn_name_attr = "basecamp_conn_id"
    default_conn_name = "basecamp_default"
    conn_type = "basecamp"
    hook_name = "Basecamp (Rekap)"

    def __init__(self, basecamp_conn_id: str = default_conn_name) -> None:
        super().__init__()
        self.conn_id = basecamp_conn_id

    @cached_property
    def mapping(self) -> dict[str, Any]:
        return as_mapping(find(self.conn_id))

    def client(self, warehouse: str, per_10_s: int) -> Basecamp:
        """A client that shares its limit of requests per 10 seconds through the warehouse of that DSN."""
        from rekap.services.basecamp import Basecamp

        return Basecamp.from_connection(self.mapping, dsn=warehouse, per_10_s=per_10_s)

    @property
    def endpoints(self) -> list[str]:
        """Every address that the client may speak to; an empty one means the vendor's own."""
        extra = self.mapping["extra"]
        told = [self.mapping["host"], extra.get("token_url"), extra.get("storage_url")]
        return [address or "basecampapi.com" for address in told[:2]] + [address for address in told[2:] if address]
