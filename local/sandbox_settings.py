"""`python -m local.sandbox_settings`: what docker-compose.yaml needs to run against the twin, without any account.

Asks the twin of that seed for its clients, people and connections, and writes into the folder: `config/` with
clients.yaml and rekap.yaml, and `env` (mode 600) with new secrets and the connections. The twin that the profile
`sandbox` starts is the same one: its seed, its ports and Google's key stand in `env`.
"""

import argparse
import base64
import os
import secrets
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from local import environment, register
from local.demo import NOW
from local.installation import Installation
from local.rest import AirflowError
from local.state import ROOT, VAR, State

FOLDER = VAR / "compose"
# The folder of the Postgres socket, which the volume `socket` brings to every service: a standing clock is refused
# when the warehouse is on another machine, and this one is not.
SOCKET = "/var/run/postgresql"


def google_key() -> str:
    """A new key of a service account in the form of SANDBOX_GOOGLE_KEY: PKCS #8, base64, one line."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    raw = key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return base64.b64encode(raw).decode()


def secrets_of_compose() -> dict[str, str]:
    """New secrets, and a first account called `manager`."""
    return {
        "POSTGRES_PASSWORD": secrets.token_hex(24),
        "REDIS_PASSWORD": secrets.token_hex(24),
        "AIRFLOW_FERNET_KEY": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "AIRFLOW_API_SECRET_KEY": secrets.token_hex(32),
        "AIRFLOW_JWT_SECRET": secrets.token_hex(32),
        "AIRFLOW_ADMIN_USER": "manager",
        "AIRFLOW_ADMIN_EMAIL": "manager@rekap.example",
        "AIRFLOW_ADMIN_PASSWORD": secrets.token_urlsafe(12),
    }


def warehouse_connection(password: str) -> str:
    """AIRFLOW_CONN_REKAP_WAREHOUSE through the socket, in the form of an address."""
    return f"postgresql://rekap:{password}@/warehouse?host={SOCKET.replace('/', '%2F')}"


def write(folder: Path, seed: int, port: int, clients: int | None, orders_per_month: int | None) -> dict[str, str]:
    """Start the twin for a moment, write `config/` and `env`; what stands in `env`. Raises AirflowError when the twin
    does not start, such as when the port or one of the four after it is taken."""
    state = State(folder)
    made = secrets_of_compose() | {
        "SANDBOX_SEED": str(seed),
        "SANDBOX_PORT": str(port),
        "SANDBOX_GOOGLE_KEY": google_key(),
        "REKAP_NOW": NOW,
        "REKAP_CONFIG_FOLDER": str(state.config),
    }
    made |= {"SANDBOX_CLIENTS": str(clients)} if clients else {}
    made |= {"SANDBOX_ORDERS_PER_MONTH": str(orders_per_month)} if orders_per_month else {}
    told: dict[str, Any] = {"clients": clients, "orders-per-month": orders_per_month, "port": port}
    options = [part for name, value in told.items() if value for part in (f"--{name}", str(value))]
    os.environ["SANDBOX_GOOGLE_KEY"] = made["SANDBOX_GOOGLE_KEY"]
    with tempfile.TemporaryDirectory() as passing:
        installation = Installation(State(Path(passing)), seed, NOW, twin_options=tuple(options))
        try:
            installation.start_twin()
            master_schedule = installation.ready["google"]["master_schedule_id"]
            register.write(installation.control("truth"), master_schedule, "http://localhost:8080", state.config)
            made |= environment.connections(installation.ready)
        finally:
            installation.processes.stop()
    for path in (state.config, *state.config.iterdir()):
        path.chmod(0o755 if path.is_dir() else 0o644)  # the image's user reads them, whatever the umask here
    made["AIRFLOW_CONN_REKAP_WAREHOUSE"] = warehouse_connection(made["POSTGRES_PASSWORD"])
    environment.write(state, made)
    return made


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m local.sandbox_settings", description=__doc__)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--port", type=int, default=8900, help="the twin's first port, on the scheduler's loopback")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    parser.add_argument("--clients", type=int, help="a smaller world: that many clients")
    parser.add_argument("--orders-per-month", type=int)
    given = parser.parse_args(arguments)
    try:
        made = write(given.folder.resolve(), given.seed, given.port, given.clients, given.orders_per_month)
    except AirflowError as error:
        print(error, file=sys.stderr)
        return 1
    at = given.folder / "env"
    print(f"Written: {at.relative_to(ROOT) if at.is_relative_to(ROOT) else at}. Now:")
    print(f"  docker compose --env-file {at} --profile sandbox up --build --detach")
    print(f"  http://localhost:8080   user: {made['AIRFLOW_ADMIN_USER']}   password: {made['AIRFLOW_ADMIN_PASSWORD']}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
