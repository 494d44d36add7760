"""`python -m local.initialise`: what the service `initialise` of docker-compose.yaml runs before anything else starts.

Brings Airflow's metadata and the warehouse to their newest revision (the database `warehouse` is made when it is
missing), makes the first account and the pools. What exists stays as it is: safe at every start. Needs nothing of
requirements-dev.txt. Exit status 0 done, 1 with one sentence that says what is missing.
"""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

POOLS = {"basecamp": 2, "google": 4}  # calls that may run side by side
ACCOUNT = {
    "username": "AIRFLOW_ADMIN_USER",
    "email": "AIRFLOW_ADMIN_EMAIL",
    "password": "AIRFLOW_ADMIN_PASSWORD",
}
NEEDED = (
    "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN",
    "AIRFLOW__CORE__FERNET_KEY",
    "AIRFLOW__API__SECRET_KEY",
    "AIRFLOW__API_AUTH__JWT_SECRET",
    "REKAP_WAREHOUSE",
    "REKAP_CONFIG",
    *ACCOUNT.values(),
)
SHORTEST_SECRET = 32  # characters; a shorter key of HS512 signs, but not safely


class Refusal(Exception):
    """Rekap must not start; the message says what is missing and where to write it."""


def check(environ: Mapping[str, str]) -> None:
    """Look at everything that can be wrong before a database is touched. Raises Refusal."""
    from cryptography.fernet import Fernet

    from rekap import settings
    from rekap.errors import SettingsError

    if missing := [name for name in NEEDED if not environ.get(name)]:
        raise Refusal(f"{', '.join(missing)} must be set: see .env.example.")
    try:
        Fernet(environ["AIRFLOW__CORE__FERNET_KEY"])
    except ValueError as error:
        raise Refusal("AIRFLOW_FERNET_KEY is no Fernet key: make one as .env.example says.") from error
    for name in ("AIRFLOW__API__SECRET_KEY", "AIRFLOW__API_AUTH__JWT_SECRET"):
        if len(environ[name]) < SHORTEST_SECRET:
            raise Refusal(f"{name} is shorter than {SHORTEST_SECRET} characters: make one as .env.example says.")
    try:
        settings.load(Path(environ["REKAP_CONFIG"]))
    except SettingsError as error:
        raise Refusal(str(error)) from error


def make_warehouse(dsn: str) -> str:
    """The warehouse at its newest revision, its database made when it is missing; the revision. Raises Refusal."""
    import psycopg
    from psycopg import sql
    from psycopg.conninfo import conninfo_to_dict, make_conninfo

    from rekap import warehouse

    name = conninfo_to_dict(dsn).get("dbname") or ""
    try:
        with psycopg.connect(make_conninfo(dsn, dbname="postgres"), autocommit=True, connect_timeout=10) as server:
            if not server.execute("select 1 from pg_database where datname = %s", (name,)).fetchone():
                make = sql.SQL("create database {} template template0 encoding 'UTF8'")
                server.execute(make.format(sql.Identifier(name)))
    except psycopg.errors.DuplicateDatabase:
        return warehouse.migrate(dsn)  # somebody made it in the same moment
    except psycopg.OperationalError as error:
        raise Refusal(f"the server of REKAP_WAREHOUSE does not answer: {str(error).strip()}") from error
    return warehouse.migrate(dsn)


def make_metadata() -> None:
    """Airflow's own tables at their newest revision, those of its accounts too. Raises Refusal."""
    from airflow.utils import db
    from sqlalchemy.exc import OperationalError

    try:
        db.upgradedb()
    except OperationalError as error:
        raise Refusal(f"the server of Airflow's metadata does not answer: {str(error.orig).strip()}") from error


def make_account(environ: Mapping[str, str]) -> bool:
    """The first account, with the role Admin, unless somebody has its name or address; whether it was made."""
    from airflow.providers.fab.auth_manager.cli_commands.utils import get_application_builder

    with get_application_builder() as builder:
        manager = builder.sm
        told = {field: environ[name] for field, name in ACCOUNT.items()}
        if manager.find_user(username=told["username"]) or manager.find_user(email=told["email"]):
            return False
        made = manager.add_user(
            told["username"], told["username"], "", told["email"], manager.find_role("Admin"), told["password"]
        )
    if not made:
        raise Refusal("Airflow did not make the account of AIRFLOW_ADMIN_USER; the lines above say why.")
    return True


def make_pools() -> list[str]:
    """The pools that tasks name: a missing one would let them wait for ever. One that exists keeps its slots."""
    from airflow.models.pool import Pool

    missing = [name for name in POOLS if Pool.get_pool(name) is None]
    for name in missing:
        Pool.create_or_update_pool(name, POOLS[name], "calls that may run side by side", include_deferred=False)
    return missing


def main() -> int:
    # FAB tells each of its two hundred permissions; the lines below say what a person needs to know.
    os.environ.setdefault("AIRFLOW__LOGGING__LOGGING_LEVEL", "WARNING")
    try:
        check(os.environ)
        print(f"Warehouse: revision {make_warehouse(os.environ['REKAP_WAREHOUSE'])}", flush=True)
        make_metadata()
        print("Airflow's metadata: at the newest revision", flush=True)
        made = make_account(os.environ)
        print(f"Account {os.environ['AIRFLOW_ADMIN_USER']}: {'made' if made else 'is there'}", flush=True)
        print(f"Pools: {', '.join(make_pools()) or 'none'} made, {', '.join(POOLS)} needed", flush=True)
    except Refusal as refusal:
        print(f"Rekap does not start: {refusal}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
