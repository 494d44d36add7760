"""Basecamp: the consent, Rekap's own user, projects, lists and people of the register."""

from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

from local.doctor import facts_basecamp, facts_touch
from local.doctor.account import Account
from local.doctor.assumptions import told
from local.doctor.findings import BAD, GOOD, NOTE, Findings
from rekap.errors import Refused
from rekap.services.basecamp import Basecamp
from rekap.settings import Client, Config, Person, Scope
from rekap.vocabulary.folding import fold
from rekap.vocabulary.outlets import normalise
from rekap.vocabulary.technicians import name_key

MOST_LISTED = 12  # projects that one sentence names
NEED_MAIL = {"am", "pic", "head_of_operations", "head_of_accounts", "manager", "engineer", "operator"}


def examine(basecamp: Basecamp, config: Config) -> Findings:
    """Raises the errors of the client: a consent that is gone, an account that is switched off, no answer."""
    me = basecamp.get("/my/profile.json")
    yield GOOD, f"the consent holds; Rekap signs in as {me['name']} ({me['id']})"
    yield from _robot(me, config)
    visible = _visible(basecamp)
    for client in config.register.clients:
        yield from _scopes(basecamp, config, client, visible)
    yield GOOD, f"{len(visible)} projects are visible"
    known = _known(basecamp)
    for person in config.register.people:
        yield from _person(person, known)


def of_client(basecamp: Basecamp, config: Config, client: Client) -> Findings:
    """What one client needs of Basecamp: rights, where its orders stand, AM, PIC, technicians. Raises as `examine`."""
    me = basecamp.get("/my/profile.json")
    yield GOOD, f"the consent holds; Rekap signs in as {me['name']} ({me['id']})"
    yield from _robot(me, config)
    visible = _visible(basecamp)
    wrong = list(_scopes(basecamp, config, client, visible))
    yield from wrong
    if not wrong:
        names = dict.fromkeys(visible[scope.project_id] for scope in client.scopes)
        yield GOOD, f"client {client.slug}: its orders stand in {', '.join(names)}, which is visible"
    register, known = config.register, _known(basecamp)
    people = {code: register.person_by_code[code] for code in (client.am, client.pic)}
    people |= {person.code: person for person in register.with_role("technician")}
    wrong = [finding for person in people.values() for finding in _person(person, known)]
    yield from wrong
    if not wrong:
        yield (
            GOOD,
            f"AM {client.am}, PIC {client.pic} and {len(register.with_role('technician'))} technicians are known",
        )


def projects(basecamp: Basecamp, config: Config) -> tuple[dict[int, str], dict[int, str]]:
    """The visible projects by id, and those of them that no client of the register names."""
    visible = _visible(basecamp)
    return visible, _unclaimed(config, visible)


def called_like(visible: Mapping[int, str], names: Sequence[str]) -> list[int]:
    """The projects that are called like a client. `names`: what the client may be called, the surest first. Those
    count whose name holds one of them; else those that share the most words in a row with one of them, at least two.
    One is an answer; none or several are a question for a person."""
    called = {number: normalise(name) for number, name in visible.items()}
    wanted = [name for name in dict.fromkeys(map(normalise, names)) if name]
    for name in wanted:
        if found := [number for number, words in called.items() if f" {name} " in f" {words} "]:
            return found
    shared = {
        number: max((_in_a_row(name.split(), words.split()) for name in wanted), default=0)
        for number, words in called.items()
    }
    most = max(shared.values(), default=0)
    return [number for number, count in shared.items() if count == most > 1]


def listed(visible: Mapping[int, str]) -> str:
    """Projects with their numbers, the first ones by name."""
    named = sorted(visible.items(), key=lambda project: (fold(project[1]), project[0]))
    told = ", ".join(f"{name} ({number})" for number, name in named[:MOST_LISTED])
    return f"{told} and {len(named) - MOST_LISTED} more" if len(named) > MOST_LISTED else told or "none"


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


def _visible(basecamp: Basecamp) -> dict[int, str]:
    return {project["id"]: str(project["name"]) for project in basecamp.walk("/projects.json")}


def _unclaimed(config: Config, visible: Mapping[int, str]) -> dict[int, str]:
    claimed = {scope.project_id for client in config.register.clients for scope in client.scopes}
    return {number: name for number, name in visible.items() if number not in claimed}


def _in_a_row(left: Sequence[str], right: Sequence[str]) -> int:
    """The length of the longest run of words that both hold."""
    return SequenceMatcher(None, left, right, autojunk=False).find_longest_match().size


def _known(basecamp: Basecamp) -> dict[int, str]:
    return {person["id"]: str(person["name"]) for person in basecamp.walk("/people.json")}


def _scopes(basecamp: Basecamp, config: Config, client: Client, visible: Mapping[int, str]) -> Findings:
    if unseen := sorted({scope.project_id for scope in client.scopes} - set(visible)):
        yield (
            BAD,
            f"client {client.slug}: project {', '.join(map(str, unseen))} is not visible: add Rekap's user to it or"
            f" correct project_id in clients.yaml; visible and of no client yet: {listed(_unclaimed(config, visible))}",
        )
    for scope in client.scopes:
        if scope.kind in ("list", "group") and scope.project_id not in unseen:
            yield from _list(basecamp, client.slug, scope)


def _list(basecamp: Basecamp, client: str, scope: Scope) -> Findings:
    told = f"client {client}: {scope.kind} {scope.value}"
    try:
        found = basecamp.get(f"/todolists/{scope.value}.json")
    except Refused:
        yield BAD, f"{told} is not visible: correct the scope's value in clients.yaml, the number in its address"
        return
    if found["bucket"]["id"] != scope.project_id:
        yield (
            BAD,
            f"{told} stands in project {found['bucket']['id']}, not in {scope.project_id}: correct the scope's"
            " project_id in clients.yaml",
        )
    elif found.get("status") != "active":
        yield BAD, f"{told} is {found['status']}: restore it in Basecamp or name the list that is used now"


def _person(person: Person, known: Mapping[int, str]) -> Findings:
    if person.basecamp_id and person.basecamp_id not in known:
        yield (
            BAD,
            f"person {person.code}: Basecamp knows no {person.basecamp_id}: correct basecamp_id in clients.yaml",
        )
    elif person.basecamp_id and not _is_called(person, called := known[person.basecamp_id]):
        yield (
            NOTE,
            f"person {person.code}: {person.basecamp_id} is called '{called}' in Basecamp: correct basecamp_id in"
            " clients.yaml if that is somebody else",
        )
    if not person.email and NEED_MAIL & set(person.roles):
        yield BAD, f"person {person.code}: has no e-mail address, messages could not reach them: add it in clients.yaml"
    if not person.basecamp_id and "pic" in person.roles:
        yield NOTE, f"person {person.code}: is a PIC without basecamp_id and is told by mail, not by a mention"


def _is_called(person: Person, called: str) -> bool:
    """Whether one word at least is the same: people write their names in many ways."""
    own = {word for name in (person.name, *person.aliases) for word in name_key(name).split()}
    return bool(own & set(name_key(called).split()))
