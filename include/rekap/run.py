"""What every step is told: which run it belongs to, what time it is, and the settings."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from rekap.settings import Config


@dataclass(frozen=True)
class Run:
    """One run of one DAG. `id` is `dag_id/run_id`; `now` is aware and bound into SQL as it is."""

    id: str
    now: datetime
    config: Config

    def __post_init__(self) -> None:
        if self.now.tzinfo is None:
            raise ValueError(f"run {self.id}: now must carry its zone")

    @property
    def zone(self) -> ZoneInfo:
        return self.config.settings.zone

    @property
    def today(self) -> date:
        """The date in the company's zone."""
        return self.now.astimezone(self.zone).date()
