"""A score of each client's data, week by week (its formula: 30_reconciliation/quality_scores.sql and docs/rules.md)."""

from datetime import date, timedelta

from psycopg.types.json import Jsonb

from rekap import warehouse
from rekap.run import Run


def score(connection: warehouse.Connection, run: Run, weeks: int = 1) -> dict[str, int]:
    """Compute the running week and the `weeks` - 1 before it anew. Returns scores (clients × weeks) and how many
    changed."""
    monday = week_of(run.today)
    with connection.transaction():
        return warehouse.count(
            connection,
            "30_reconciliation/quality_scores",
            {
                "weeks": [monday - timedelta(weeks=back) for back in range(weeks)],
                "weights": Jsonb(run.config.settings.quality.score_weights.model_dump()),
                "zone": run.zone.key,
                "now": run.now,
            },
        )


def week_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())
