"""An Airflow of this test process alone: its own home and metadata database, set before anything imports airflow."""

import atexit
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def prepare() -> Path:
    """Set the environment once per process; the folder that is AIRFLOW_HOME. Raises AssertionError when airflow was
    imported before: it reads its settings on import."""
    prefix = f"rekap-airflow-{os.getpid()}-"
    home = Path(os.environ.get("AIRFLOW_HOME", "/"))
    if home.name.startswith(prefix):
        return home
    assert "airflow" not in sys.modules, "airflow was imported before its home was set"
    home = Path(tempfile.mkdtemp(prefix=prefix))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    for name in [name for name in os.environ if name.startswith(("AIRFLOW_", "REKAP_"))]:
        del os.environ[name]
    os.environ |= {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(ROOT / "plugins"),
        "AIRFLOW__DAG_PROCESSOR__DAG_BUNDLE_CONFIG_LIST": json.dumps(
            [
                {
                    "name": name,
                    "classpath": "airflow.dag_processing.bundles.local.LocalDagBundle",
                    "kwargs": {"path": str(path)},
                }
                for name, path in (("probes", ROOT / "tests" / "adapters" / "probes"), ("dags", ROOT / "dags"))
            ]
        ),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home}/airflow.db",
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "WARNING",
    }
    return home
