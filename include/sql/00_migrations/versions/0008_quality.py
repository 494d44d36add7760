"""Verdicts in order, held clients, scores: the statements stand in the .sql file of the same name."""

from pathlib import Path

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    driver = op.get_bind().connection.driver_connection
    driver.execute(Path(__file__).with_suffix(".sql").read_text())
