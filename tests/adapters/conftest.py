import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.adapters.airflow_home import ROOT, prepare

prepare()

from airflow.dag_processing.dagbag import DagBag  # noqa: E402  # after its home is set

from local.postgres import Server, remove  # noqa: E402  # after its home is set
from rekap.warehouse import Connection, connect, migrate  # noqa: E402  # after its home is set

NOW = "2026-10-06T11:30:00+07:00"
numbers = count(1)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    folder = Path(tempfile.mkdtemp(prefix="rekap-adapters-"))
    started = Server(folder).start()
    migrate(started.create("migrated"))
    yield started
    remove(folder)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def warehouse(server: Server) -> Iterator[Connection]:
    """A connection to a migrated warehouse of this test alone."""
    name = f"warehouse_{next(numbers)}"
    with connect(server.create(name, template="migrated")) as connection:
        yield connection
    server.drop(name)


@pytest.fixture(scope="session")
def metadata() -> None:
    """Airflow's own tables, on SQLite."""
    from airflow.utils import db

    db.initdb()


@pytest.fixture
def connections(warehouse: Connection, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The environment of a worker in the sandbox: every connection, the example's settings, the standing clock."""
    at = warehouse.info
    shutil.copytree(ROOT / "include" / "config", tmp_path / "config")
    told = {
        "AIRFLOW_CONN_REKAP_WAREHOUSE": f"postgresql://{at.user}@{at.host}:{at.port}/{at.dbname}",
        "AIRFLOW_CONN_BASECAMP_DEFAULT": json.dumps(
            {
                "conn_type": "basecamp",
                "host": "http://127.0.0.1:9/999",
                "login": "client-id",
                "password": "client-secret",
                "extra": {
                    "account_id": "999",
                    "refresh_token": "refresh-token",
                    "user_agent": "Rekap (data@contoh.example)",
                    "token_url": "http://127.0.0.1:9/token",
                    "storage_url": "http://127.0.0.1:10",
                },
            }
        ),
        "AIRFLOW_CONN_REKAP_GOOGLE": json.dumps(
            {
                "conn_type": "rekap_google",
                "extra": {
                    "keyfile_dict": json.dumps({"client_email": "r@x", "token_uri": "http://127.0.0.1:11/token"}),
                    "sheets_endpoint": "http://127.0.0.1:11",
                    "drive_endpoint": "http://localhost:11",
                },
            }
        ),
        "AIRFLOW_CONN_REKAP_SMTP": json.dumps({"conn_type": "smtp", "host": "127.0.0.1", "port": 9}),
        "REKAP_NOW": NOW,
        "REKAP_CONFIG": str(tmp_path / "config"),
    }
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    # The last good settings of another test must not help this one.
    shutil.rmtree(Path(os.environ["AIRFLOW_HOME"]) / "rekap_last_good", ignore_errors=True)
    (Path(os.environ["AIRFLOW_HOME"]) / "rekap_warehouse_gone").unlink(missing_ok=True)


@pytest.fixture
def run_probe(metadata: None, connections: None) -> Callable[..., Any]:
    """Run a DAG of `probes/` in this process with the real task runner; its run."""

    def run(dag_id: str, **conf: Any) -> Any:
        bag = DagBag(str(Path(__file__).parent / "probes"))
        assert bag.import_errors == {}
        return bag.dags[dag_id].test(run_conf=conf, logical_date=None)

    return run
