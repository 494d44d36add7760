"""`make doctor`: looks at every credential, scope, folder and role, read-only, and says for each what to do.

Takes the connections from the environment, from `--env FILE` (lines NAME=value, as in .env), or from what `make up` runs.
Exit status 0 when nothing is wrong, 1 otherwise.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from local import environment
from local.state import ROOT, VAR
from rekap import settings, warehouse
from rekap.errors import PermanentError, RekapError
from rekap.services.basecamp import Basecamp
from rekap.services.google import Google
from rekap.services.smtp import Smtp

GOOD, BAD, NOTE = "✔", "✘", "!"
Finding = tuple[str, str]
EDITOR_FIELDS = "id,name,trashed,driveId,capabilities(canEdit,canAddChildren)"


def mapping(environ: Mapping[str, str], conn_id: str) -> dict[str, Any]:
    """An AIRFLOW_CONN_* in its JSON form as the mapping that services take. Raises PermanentError naming it."""
    name = f"AIRFLOW_CONN_{conn_id.upper()}"
    try:
        told = json.loads(environ[name])
    except KeyError as error:
        raise PermanentError(f"{name} is not set: see .env.example.") from error
    except ValueError as error:
        raise PermanentError(f"{name} is no JSON: see .env.example for its form.") from error
    extra = told.get("extra") or {}
    return {**told, "conn_id": conn_id, "extra": json.loads(extra) if isinstance(extra, str) else extra}


class Doctor:
    """One examination. `say` hears each finding as it is made."""

    def __init__(self, environ: Mapping[str, str], say: Callable[[str, str, str], None]) -> None:
        self.environ, self.say = environ, say
        self.wrong = 0

    def examine(self) -> int:
        """All checks; the number of things that are wrong."""
        config = self._config()
        self._section("Warehouse", self._warehouse)
        if config:
            self._section("Basecamp", lambda: self._basecamp(config))
            self._section("Google", lambda: self._google(config))
        self._section("Mail", self._mail)
        return self.wrong

    def _config(self) -> settings.Config | None:
        folder = Path(self.environ.get("REKAP_CONFIG") or ROOT / "include" / "config")
        try:
            config = settings.load(folder)
        except RekapError as error:
            self._tell("Settings", BAD, str(error))
            return None
        clients = config.register.clients
        self._tell("Settings", GOOD, f"{folder}: {len(clients)} clients, {len(config.register.people)} people")
        for role in ("manager", "engineer", "head_of_operations", "robot"):
            if not config.register.with_role(role):  # type: ignore[arg-type]  # the four are roles
                self._tell("Settings", BAD, f"nobody has the role {role}: write one into clients.yaml")
        if live := [client.slug for client in clients if client.delivery == "live"]:
            self._tell("Settings", NOTE, f"live, messages leave: {', '.join(live)}")
        return config

    def _section(self, title: str, check: Callable[[], Iterator[Finding]]) -> None:
        try:
            for sign, text in check():
                self._tell(title, sign, text)
        except RekapError as error:
            self._tell(title, BAD, str(error))

    def _tell(self, title: str, sign: str, text: str) -> None:
        self.wrong += sign == BAD
        self.say(title, sign, text)

    def _warehouse(self) -> Iterator[Finding]:
        with warehouse.connect(self.environ.get("REKAP_WAREHOUSE")) as connection:
            table = connection.execute("select to_regclass('ops.migrations') as name").fetchone()
            if not table or table["name"] is None:
                yield BAD, "the warehouse is empty: run `python -m rekap.warehouse migrate`"
                return
            row = connection.execute("select version_num from ops.migrations").fetchone()
            newest = sorted((ROOT / "include/sql/00_migrations/versions").glob("*.sql"))[-1].name[:4]
            at = row["version_num"] if row else "nothing"
            if at == newest:
                yield GOOD, f"answers, at revision {at}"
            else:
                yield BAD, f"is at revision {at}, the newest is {newest}: run `python -m rekap.warehouse migrate`"

    def _basecamp(self, config: settings.Config) -> Iterator[Finding]:
        # Without the shared limit: the doctor must work before there is a warehouse, and asks little.
        basecamp = Basecamp.from_connection(mapping(self.environ, "basecamp_default"), dsn=None)
        me = basecamp.get("/my/profile.json")
        yield GOOD, f"the consent holds; Rekap signs in as {me['name']} ({me['id']})"
        robots = {person.basecamp_id for person in config.register.with_role("robot")}
        if me["id"] not in robots:
            yield BAD, f"clients.yaml names no robot with basecamp_id {me['id']}: Rekap would take its own comments for a person's"
        if not (me.get("admin") or me.get("owner")):
            yield BAD, "Rekap's user is no admin of the account: e-mail addresses come masked. Make it an admin"
        projects = {project["id"]: project["name"] for project in basecamp.walk("/projects.json")}
        for client in config.register.clients:
            unseen = sorted({scope.project_id for scope in client.scopes} - set(projects))
            if unseen:
                yield BAD, f"client {client.slug}: project {', '.join(map(str, unseen))} is not visible: add Rekap's user to it"
        yield GOOD, f"{len(projects)} projects are visible"
        people = {person["id"] for person in basecamp.walk("/people.json")}
        for person in config.register.people:
            if person.basecamp_id and person.basecamp_id not in people:
                yield BAD, f"person {person.code}: Basecamp knows no {person.basecamp_id}; correct basecamp_id in clients.yaml"
            if {"am", "pic", "manager"} & set(person.roles) and not person.email:
                yield BAD, f"person {person.code}: has no e-mail address; messages could not reach them"
        client_side = [todo for todo in self._first_todos(basecamp) if "assignees" not in todo or "due_on" not in todo]
        if client_side:
            yield NOTE, "rows of recordings lack assignees or due_on: each is completed by a GET of its own (assumption 1)"

    def _first_todos(self, basecamp: Basecamp) -> list[dict[str, Any]]:
        walk = iter(basecamp.walk("/projects/recordings.json", {"type": "Todo", "sort": "updated_at"}))
        return [todo for todo, _ in zip(walk, range(15), strict=False)]

    def _google(self, config: settings.Config) -> Iterator[Finding]:
        google = Google.from_connection(mapping(self.environ, "rekap_google"))
        yield GOOD, f"the key is readable; files must be shared with {google.email}"
        house = config.settings.house
        if house.master_schedule_id:
            yield from self._file(google, house.master_schedule_id, "Master Schedule", editor=True)
        else:
            yield BAD, "rekap.yaml, house.master_schedule_id is empty: make a spreadsheet and write its id there"
        readable = 0
        for client in config.register.clients:
            if client.spreadsheet_id:
                told = list(self._file(google, client.spreadsheet_id, f"client {client.slug}: tracker", editor=False))
                readable += not told
                yield from told
            if client.documentation == "drive" and client.drive_folder_id:
                yield from self._folder(google, client.slug, client.drive_folder_id)
        yield GOOD, f"{readable} trackers are readable"

    def _file(self, google: Google, file_id: str, what: str, *, editor: bool) -> Iterator[Finding]:
        try:
            file = google.drive.get(file_id, fields=EDITOR_FIELDS)
        except PermanentError as error:
            yield BAD, f"{what}: {error}"
            return
        if file.get("trashed"):
            yield BAD, f"{what}: '{file['name']}' lies in the bin. Restore it"
        elif editor and not file.get("capabilities", {}).get("canEdit"):
            yield BAD, f"{what}: '{file['name']}' may only be read. Share it with {google.email} as editor"
        elif editor:
            yield GOOD, f"{what}: '{file['name']}' may be written"

    def _folder(self, google: Google, client: str, folder_id: str) -> Iterator[Finding]:
        try:
            folder = google.drive.get(folder_id, fields=EDITOR_FIELDS)
        except PermanentError as error:
            yield BAD, f"client {client}: folder: {error}"
            return
        if folder.get("trashed"):
            yield BAD, f"client {client}: folder '{folder['name']}' lies in the bin. Restore it"
        if not folder.get("driveId"):
            yield BAD, (
                f"client {client}: folder '{folder['name']}' is on no shared drive. A service account has no storage and"
                " cannot put files there: move the folder to a shared drive"
            )
        elif not folder.get("capabilities", {}).get("canAddChildren"):
            yield BAD, f"client {client}: make {google.email} a content manager of the shared drive of '{folder['name']}'"

    def _mail(self) -> Iterator[Finding]:
        smtp = Smtp.from_connection(mapping(self.environ, "rekap_smtp"))
        smtp.check()
        yield GOOD, f"{smtp.host}:{smtp.port} accepts the sign-in; mails come from {smtp.sender}"


def surroundings(env: str | None) -> dict[str, str]:
    """The environment to look at: the file where one is named, else ours, else what `make up` wrote."""
    if env:
        return dict(os.environ) | environment.read(Path(env))
    up = VAR / "up" / "env"
    if "AIRFLOW_CONN_BASECAMP_DEFAULT" not in os.environ and up.exists():
        print(f"(looking at what `make up` runs: {up.relative_to(ROOT)})")
        return dict(os.environ) | environment.read(up)
    return dict(os.environ)


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="make doctor", description=__doc__)
    parser.add_argument("--env", help="file with the connections, such as .env")
    given = parser.parse_args(arguments)
    wrong = Doctor(surroundings(given.env), lambda title, sign, text: print(f"{sign} {title:<9} {text}")).examine()
    print(f"\n{wrong} things to do." if wrong else "\nEverything that can be checked by reading is in order.")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
