"""The connection `rekap_smtp`, of the type that Airflow's own SMTP provider brings."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from airflow.sdk import BaseHook

from rekap_airflow.hooks.mapping import as_mapping, find

if TYPE_CHECKING:
    from rekap.services.smtp import Smtp


class SmtpHook(BaseHook):
    def __init__(self, smtp_conn_id: str = "rekap_smtp") -> None:
        super().__init__()
        self.conn_id = smtp_conn_id

    @cached_property
    def mapping(self) -> dict[str, Any]:
        return as_mapping(find(self.conn_id))

    @cached_property
    def client(self) -> Smtp:
        from rekap.services.smtp import Smtp

        return Smtp.from_connection(self.mapping)

    @property
    def endpoints(self) -> list[str]:
        return [self.mapping["host"] or ""]
