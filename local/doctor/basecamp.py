"""Basecamp: the consent, Rekap's own user, projects and people of the register."""

from collections.abc import Mapping
from typing import Any

from local.doctor import facts_basecamp, facts_touch
from local.doctor.account import Account
from local.doctor.assumptions import told
from local.doctor.findings import BAD, GOOD, NOTE, Findings
from rekap.services.basecamp import Basecamp
from rekap.settings import Config, Person

NEED_MAIL = {"am", "pic", "head_of_operations", "head_of_accounts", "manager", "engineer", "operator"}


def examine(basecamp: Basecamp, config: Config) -> Findings:
    """Raises the errors of the client: a consent that is gone, an account that is switched off, no answer."""
    me = basecamp.get("/my/profile.json")
    yield GOOD, f"the consent holds; Rekap signs in as {me['name']} ({me['id']})"
    yield from _robot(me, config)
    yield from _projects(basecamp, config)
    yield from _people(basecamp, config)


def facts(basecamp: Basecamp) -> Findings:
    """What docs/assumptions.md says about Basecamp, on this account."""
    me = basecamp.get("/my/profile.json")
    account = Account(basecamp)
    admin = bool(me.get("admin") or me.get("owner"))
    yield from told([*facts_basecamp.checks(account, admin=admin), *facts_touch.checks(account)])
    yield GOOD, f"{basecamp.requests.total()} requests were made, all GET"


def _robot(me: Mapping[str, Any], config: Config) -> Findings:
    robots = [person.basecamp_id for person in config.register.with_role("robot")]
    if me["id"] not in robots:
        yield (
            BAD,
            f"the register has no robot with the basecamp_id {me['id']}, so Rekap would take its own comments for a"
            " person's: give it to the person with the role robot in clients.yaml",
        )
    if not (me.get("admin") or me.get("owner")):
        yield (
            BAD,
            f"{me['name']} is no administrator of the account, so e-mail addresses come masked: make it one in"
            " Basecamp, Adminland",
        )


def _projects(basecamp: Basecamp, config: Config) -> Findings:
    visible = {project["id"] for project in basecamp.walk("/projects.json")}
    for client in config.register.clients:
        if unseen := sorted({scope.project_id for scope in client.scopes} - visible):
            yield (
                BAD,
                f"client {client.slug}: project {', '.join(map(str, unseen))} is not visible: add Rekap's user to it or"
                " correct project_id in clients.yaml",
            )
    yield GOOD, f"{len(visible)} projects are visible"


def _people(basecamp: Basecamp, config: Config) -> Findings:
    known = {person["id"] for person in basecamp.walk("/people.json")}
    for person in config.register.people:
        yield from _person(person, known)


def _person(person: Person, known: set[int]) -> Findings:
    if person.basecamp_id and person.basecamp_id not in known:
        yield (
            BAD,
            f"person {person.code}: Basecamp knows no {person.basecamp_id}: correct basecamp_id in clients.yaml",
        )
    if not person.email and NEED_MAIL & set(person.roles):
        yield BAD, f"person {person.code}: has no e-mail address, messages could not reach them: add it in clients.yaml"
    if not person.basecamp_id and "pic" in person.roles:
        yield NOTE, f"person {person.code}: is a PIC without basecamp_id and is told by mail, not by a mention"
