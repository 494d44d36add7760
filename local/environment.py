"""The environment of an installation: secrets made once, connections, Airflow's settings; kept in `env`, mode 600."""

import base64
import json
import os
import secrets
import shlex
from pathlib import Path
from typing import Any

from local.bootstrap import environment as clean
from local.state import ROOT, State


def secrets_of(state: State) -> dict[str, str]:
    """The secrets of this installation, made on first use and kept in a file of mode 600."""
    path = state.folder / "secrets.json"
    if not path.exists():
        made = {
            "fernet": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
            "jwt": secrets.token_urlsafe(48),
            "api": secrets.token_urlsafe(48),
            "password": secrets.token_urlsafe(12),
        }
        _private(path, json.dumps(made))
    return dict(json.loads(path.read_text()))


def airflow(
    state: State, metadata_dsn: str, warehouse_dsn: str, port: int, now: str | None, *, parallelism: int = 4
) -> dict[str, str]:
    """Airflow and the warehouse: `metadata_dsn` and `warehouse_dsn` are postgresql:// addresses, `port` the
    api-server's, `now` REKAP_NOW."""
    kept = secrets_of(state)
    metadata = metadata_dsn.replace("postgresql://", "postgresql+psycopg://")
    home = state.airflow_home
    passwords = home / "passwords.json"
    _private(passwords, json.dumps({"manager": kept["password"]}))
    base = f"http://127.0.0.1:{port}"
    made = {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(ROOT / "plugins"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        "AIRFLOW__CORE__PARALLELISM": str(parallelism),
        "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
        "AIRFLOW__CORE__FERNET_KEY": kept["fernet"],
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{base}/execution/",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": "manager:admin",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(passwords),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": metadata,
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_ASYNC": metadata,
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__BASE_URL": base,
        "AIRFLOW__API__WORKERS": "1",
        "AIRFLOW__API__SECRET_KEY": kept["api"],
        "AIRFLOW__API_AUTH__JWT_SECRET": kept["jwt"],
        "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.2",
        # What a killed worker or scheduler leaves behind is taken up within half a minute, not within five.
        "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "30",
        "AIRFLOW__SCHEDULER__SCHEDULER_HEALTH_CHECK_THRESHOLD": "20",
        "AIRFLOW__SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL": "15",
        # How late the end of a skipped task is noticed; five seconds by default.
        "AIRFLOW__WORKERS__MIN_HEARTBEAT_INTERVAL": "1",
        "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "30",
        "AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "60",
        "AIRFLOW__DAG_PROCESSOR__BUNDLE_REFRESH_CHECK_INTERVAL": "1",
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "INFO",
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(state.logs / "tasks"),
        "AIRFLOW_CONN_REKAP_WAREHOUSE": warehouse_dsn,
        "REKAP_WAREHOUSE": warehouse_dsn,
        "REKAP_CONFIG": str(state.config),
        "GX_ANALYTICS_ENABLED": "false",
    }
    if now:
        made["REKAP_NOW"] = now
    return made


def connections(ready: dict[str, Any]) -> dict[str, str]:
    """The AIRFLOW_CONN_* of the twin, from its ready line."""
    basecamp, google, smtp = ready["basecamp"], ready["google"], ready["smtp"]
    told: dict[str, dict[str, Any]] = {
        "BASECAMP_DEFAULT": {
            "conn_type": "basecamp",
            "host": basecamp["url"],
            "login": basecamp["client_id"],
            "password": basecamp["client_secret"],
            "extra": {
                "account_id": str(basecamp["account_id"]),
                "refresh_token": basecamp["refresh_token"],
                "token_url": basecamp["token_url"],
                "storage_url": basecamp.get("storage_url", ""),
                "user_agent": "Rekap (data@rekap.example)",
            },
        },
        "REKAP_GOOGLE": {
            "conn_type": "rekap_google",
            "extra": {
                "keyfile_dict": json.dumps(google["service_account"]),
                "sheets_endpoint": google["sheets_url"],
                "drive_endpoint": google["drive_url"],
            },
        },
        "REKAP_SMTP": {
            "conn_type": "smtp",
            "host": smtp["host"],
            "port": smtp["port"],
            "extra": {"from_email": "rekap@rekap.example", "disable_tls": True, "disable_ssl": True},
        },
    }
    return {f"AIRFLOW_CONN_{name}": json.dumps(value) for name, value in told.items()}


def write(state: State, made: dict[str, str]) -> Path:
    """Write the environment to `env` (mode 600), a line each, in the form that sh and docker read."""
    path = state.folder / "env"
    _private(path, "".join(f"{name}={shlex.quote(value)}\n" for name, value in sorted(made.items())))
    return path


def read(path: Path) -> dict[str, str]:
    """An env file as a mapping."""
    found = {}
    for line in path.read_text().splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            name, _, value = line.partition("=")
            found[name.strip()] = "".join(shlex.split(value, comments=True)) if value else ""
    return found


def whole(made: dict[str, str]) -> dict[str, str]:
    """The environment of a child: the caller's, cleaned, without foreign Airflow or Rekap settings, and ours."""
    kept = {name: value for name, value in clean().items() if not name.startswith(("AIRFLOW", "REKAP_"))}
    path = os.pathsep.join([str(ROOT / ".venv" / "bin"), kept.get("PATH", "")])
    return kept | made | {"PATH": path, "NO_PROXY": "127.0.0.1,localhost", "no_proxy": "127.0.0.1,localhost"}


def _private(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    part.replace(path)
