"""`python -m local.doctor [--env FILE]`: one line for each thing that was looked at.

Takes connections from the environment, from FILE (lines NAME=value, as in .env), or from what `make up` runs. Exit
status 0 when nothing is wrong, 1 otherwise.
"""

import argparse
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import get_args

import psycopg

from local import environment
from local.doctor import basecamp, google
from local.doctor.findings import BAD, GOOD, NOTE, Findings, connection
from local.state import ROOT, VAR
from rekap import settings, warehouse
from rekap.errors import RekapError
from rekap.services.smtp import Smtp

NEEDED_ROLES: tuple[settings.Role, ...] = ("manager", "engineer", "operator", "head_of_operations", "robot")
MIGRATIONS = warehouse.SQL / "00_migrations" / "versions"


class Doctor:
    """One examination. `say` hears title, sign and sentence of each finding as it is made."""

    def __init__(self, environ: Mapping[str, str], say: Callable[[str, str, str], object]) -> None:
        self.environ, self.say = environ, say
        self.wrong = 0

    def examine(self) -> int:
        """All checks; how many things are wrong."""
        environ = self.environ
        config = self._config()
        self._section("Warehouse", lambda: _warehouse(environ.get("REKAP_WAREHOUSE")))
        if config:
            known = config
            self._section("Basecamp", lambda: basecamp.examine(connection(environ, "basecamp_default"), known))
            self._section("Google", lambda: google.examine(connection(environ, "rekap_google"), known))
        self._section("Mail", lambda: _mail(Smtp.from_connection(connection(environ, "rekap_smtp"))))
        return self.wrong

    def _config(self) -> settings.Config | None:
        told = self.environ.get("REKAP_CONFIG") or self.environ.get("REKAP_CONFIG_FOLDER")
        folder = Path(told) if told else ROOT / "include" / "config"
        try:
            config = settings.load(folder)
        except RekapError as error:
            self._tell("Settings", BAD, str(error))
            return None
        self._section("Settings", lambda: _settings(folder, config))
        return config

    def _section(self, title: str, check: Callable[[], Findings]) -> None:
        try:
            for sign, text in check():
                self._tell(title, sign, text)
        except RekapError as error:
            self._tell(title, BAD, str(error))

    def _tell(self, title: str, sign: str, text: str) -> None:
        self.wrong += sign == BAD
        self.say(title, sign, text)


def _settings(folder: Path, config: settings.Config) -> Findings:
    register = config.register
    yield GOOD, f"{folder}: {len(register.clients)} clients, {len(register.people)} people"
    for role in NEEDED_ROLES:
        if not register.with_role(role):
            yield BAD, f"nobody has the role {role}: give it to a person in clients.yaml"
    for delivery in get_args(settings.Delivery):
        slugs = [client.slug for client in register.clients if client.delivery == delivery]
        if slugs and delivery in ("redirect", "live"):
            yield NOTE, f"delivery {delivery}: {', '.join(slugs)}"
    if any(client.delivery == "redirect" for client in register.clients) and not config.settings.house.redirect_to:
        yield BAD, "a client's delivery is redirect, but house.redirect_to in rekap.yaml names no address: write one"


def _warehouse(dsn: str | None) -> Findings:
    if not dsn:
        yield NOTE, "REKAP_WAREHOUSE is not set here, so it was not looked at"
        return
    newest = max(path.name[:4] for path in MIGRATIONS.glob("*.sql"))
    with warehouse.connect(dsn) as connected:
        try:
            row = connected.execute("select version_num from ops.migrations").fetchone()
        except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName):
            row = None
    at = row["version_num"] if row else "none"
    if at == newest:
        yield GOOD, f"answers, at revision {at}"
    else:
        yield BAD, f"is at revision {at}, the newest is {newest}: run `python -m rekap.warehouse migrate`"


def _mail(smtp: Smtp) -> Findings:
    smtp.check()
    yield GOOD, f"{smtp.host}:{smtp.port} takes the sign-in; mails come from {smtp.sender}"


def surroundings(env: str | None) -> dict[str, str]:
    """The environment to look at: the file where one is named, else ours, else what `make up` wrote."""
    up = VAR / "up" / "env"
    if env:
        return dict(os.environ) | environment.read(Path(env))
    if "AIRFLOW_CONN_BASECAMP_DEFAULT" not in os.environ and up.exists():
        print(f"(looking at what `make up` runs: {up.relative_to(ROOT)})")
        return dict(os.environ) | environment.read(up)
    return dict(os.environ)


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="make doctor", description=__doc__)
    parser.add_argument("--env", help="file with the connections, such as .env")
    given = parser.parse_args(arguments)
    if given.env and not Path(given.env).is_file():
        print(f"there is no file {given.env}: name the one with the connections, such as .env", file=sys.stderr)
        return 1
    wrong = Doctor(surroundings(given.env), lambda title, sign, text: print(f"{sign} {title:<9} {text}")).examine()
    told = {0: "Everything that can be checked by reading is in order.", 1: "1 thing to do."}
    print(f"\n{told.get(wrong, f'{wrong} things to do.')}")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
