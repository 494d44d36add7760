"""One examination of all that is connected, section by section; each finding is heard as it is made."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import get_args

import psycopg

from local.doctor import basecamp, facts_google, google, samples
from local.doctor.findings import BAD, GOOD, NOTE, Findings, connection
from local.state import ROOT
from rekap import settings, warehouse
from rekap.errors import RekapError
from rekap.services.basecamp import Basecamp
from rekap.services.google import Google
from rekap.services.smtp import Smtp

NEEDED_ROLES: tuple[settings.Role, ...] = ("manager", "engineer", "operator", "head_of_operations", "robot")
MIGRATIONS = warehouse.SQL / "00_migrations" / "versions"


class Doctor:
    """One examination. `say` hears title, sign and sentence of each finding as it is made."""

    def __init__(
        self, environ: Mapping[str, str], say: Callable[[str, str, str], object], *, folder: Path | None = None,
        per_10_s: int = 49,
    ) -> None:  # fmt: skip
        self.environ, self.say, self.folder, self.per_10_s = environ, say, folder, per_10_s
        self.wrong = 0
        self.dsn = ""  # of a warehouse that answers: then limits and tokens are shared with the pipeline

    def examine(self) -> int:
        """All checks; how many things are wrong."""
        config = self.config()
        self.section("Warehouse", lambda: self._warehouse(self.environ.get("REKAP_WAREHOUSE")))
        if config:
            known = config
            if self.section("Basecamp", lambda: basecamp.examine(self.basecamp, known)):
                self.section("Basecamp", lambda: basecamp.facts(self.basecamp))
            if self.section("Google", lambda: google.examine(self.google, known)):
                cabinet = facts_google.Cabinet(self.google, known)
                self.section("Google", lambda: facts_google.examine(cabinet, self.now(), self.dsn))
                if self.folder:
                    folder = self.folder
                    self.section("Samples", lambda: samples.save(self.basecamp, cabinet, folder))
        self.section("Mail", lambda: _mail(Smtp.from_connection(connection(self.environ, "rekap_smtp"))))
        return self.wrong

    @cached_property
    def basecamp(self) -> Basecamp:
        told = connection(self.environ, "basecamp_default")
        return Basecamp.from_connection(told, dsn=self.dsn, per_10_s=self.per_10_s)

    @cached_property
    def google(self) -> Google:
        return Google.from_connection(connection(self.environ, "rekap_google"), dsn=self.dsn)

    def now(self) -> datetime:
        """The standing clock of the twin where there is one."""
        told = self.environ.get("REKAP_NOW")
        return datetime.fromisoformat(told) if told else datetime.now(UTC)

    @property
    def stands_still(self) -> bool:
        """Whether the clock does."""
        return bool(self.environ.get("REKAP_NOW"))

    def config(self) -> settings.Config | None:
        told = self.environ.get("REKAP_CONFIG") or self.environ.get("REKAP_CONFIG_FOLDER")
        folder = Path(told) if told else ROOT / "include" / "config"
        try:
            config = settings.load(folder)
        except RekapError as error:
            self._tell("Settings", BAD, str(error))
            return None
        self.section("Settings", lambda: _settings(folder, config))
        return config

    def section(self, title: str, check: Callable[[], Findings]) -> bool:
        """Whether it could be examined to its end."""
        try:
            for sign, text in check():
                self._tell(title, sign, text)
        except RekapError as error:
            self._tell(title, BAD, str(error))
            return False
        return True

    def _tell(self, title: str, sign: str, text: str) -> None:
        self.wrong += sign == BAD
        self.say(title, sign, text)

    def _warehouse(self, dsn: str | None) -> Findings:
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
            self.dsn = dsn
            yield GOOD, f"answers, at revision {at}"
        else:
            yield BAD, f"is at revision {at}, the newest is {newest}: run `python -m rekap.warehouse migrate`"


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


def _mail(smtp: Smtp) -> Findings:
    smtp.check()
    yield GOOD, f"{smtp.host}:{smtp.port} takes the sign-in; mails come from {smtp.sender}"
