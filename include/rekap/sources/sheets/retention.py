"""How long grids are kept as received: some weeks, and the last of each month for ever."""

from datetime import timedelta

from rekap import warehouse
from rekap.run import Run


def forget_grids(connection: warehouse.Connection, run: Run) -> dict[str, int]:
    """Delete grids that were last read longer ago than `reading.grid_days`, except the last of each tab and month.
    One transaction. Keys: deleted."""
    before = run.now - timedelta(days=run.config.settings.reading.grid_days)
    with connection.transaction():
        return warehouse.count(
            connection, "10_raw/tracker_grids_expired", {"before": before, "zone": run.config.settings.timezone}
        )
