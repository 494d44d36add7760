"""Verdicts do not stay for ever: the newest runs of each suite do, and each day's last one for half a year."""

from datetime import timedelta

from rekap import warehouse
from rekap.run import Run


def forget_verdicts(connection: warehouse.Connection, run: Run) -> dict[str, int]:
    """Delete what the settings `quality.keep_runs` and `quality.keep_days` do not keep. Returns `runs`: how many, each
    suite of a run for itself."""
    quality = run.config.settings.quality
    with connection.transaction():
        return warehouse.count(
            connection,
            "20_staging/quality_runs_expired",
            {
                "runs": quality.keep_runs,
                "before": run.now - timedelta(days=quality.keep_days),
                "zone": run.zone.key,
            },
        )
