"""Alembic's entry: runs the revisions on the connection that `rekap.warehouse.migrate` hands over.

Each revision has a transaction of its own.
"""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    version_table="migrations",
    version_table_schema="ops",
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
