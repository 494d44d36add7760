"""What every test may ask for: a real Postgres, and a warehouse at its newest revision for each test that wants one."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from local.postgres import Server

if TYPE_CHECKING:
    from rekap.warehouse import Connection

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all workers of a test session; the last worker that leaves stops it."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "postgres"
    server = Server(folder).join()
    yield server
    server.leave()


@pytest.fixture(scope="session")
def warehouse_template(postgres: Server) -> str:
    """The name of a database at the newest revision, from which the others are copied."""
    from rekap import warehouse

    name = f"template_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    warehouse.migrate(postgres.create(name))
    return name


@pytest.fixture
def warehouse(postgres: Server, warehouse_template: str) -> Iterator[str]:
    """The DSN of an empty warehouse of this test alone."""
    name = f"warehouse_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.urandom(4).hex()}"
    yield postgres.create(name, template=warehouse_template)
    postgres.drop(name)


@pytest.fixture
def warehouse_connection(warehouse: str) -> "Iterator[Connection]":
    """A connection to the test's own warehouse."""
    from rekap.warehouse import connect

    with connect(warehouse) as connection:
        yield connection
        connection.rollback()


def pytest_collection_finish(session: pytest.Session) -> None:
    """The unit tests prove that the library runs without Airflow: in its own environment it must not be there."""
    if Path(sys.prefix).name == "library":
        import importlib.util

        assert importlib.util.find_spec("airflow") is None, "the environment without Airflow has Airflow in it"
