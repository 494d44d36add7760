"""The register (clients.yaml) into staging, as sets: the same file changes nothing, what left it becomes inactive."""

import logging

from rekap import warehouse
from rekap.run import Run
from rekap.settings import Register
from rekap.vocabulary import services
from rekap.vocabulary.outlets import normalise
from rekap.vocabulary.technicians import name_key

log = logging.getLogger(__name__)

PEOPLE = (
    "code", "name", "email", "phone", "basecamp_id", "roles", "language", "opens", "closes", "days_off", "deputy",
)  # fmt: skip
CLIENTS = (
    "slug", "name", "language", "delivery", "active_from", "live_from", "am", "pic", "spreadsheet_id", "documentation",
    "drive_folder_id",
)  # fmt: skip
OUTLETS = ("code", "client", "name", "area", "address")


def technicians_by_name(register: Register) -> dict[str, set[str]]:
    """Codes of the technicians that a name or alias may mean, by `name_key`; one that means two people has two."""
    named: dict[str, set[str]] = {}
    for person in register.with_role("technician"):
        for name in (person.name, *person.aliases):
            named.setdefault(name_key(name), set()).add(person.code)
    return named


def load(connection: warehouse.Connection, run: Run) -> dict[str, int]:
    """Bring people, clients, scopes, outlets, their spellings, technicians and services up to the register of the run.
    Commits; returns how many of each the register holds."""
    register = run.config.register
    counts: dict[str, int] = {}
    connection.commit()
    with connection.transaction():
        # Both extracts begin with the register, often at the same moment: one after the other.
        connection.execute("select pg_advisory_xact_lock(hashtextextended('register', 0))")
        warehouse.load(
            connection,
            "staging.people",
            PEOPLE,
            ([_listed(getattr(person, name)) for name in PEOPLE] for person in register.people),
        )
        counts |= warehouse.count(connection, "20_staging/people")
        warehouse.load(
            connection, "staging.clients", CLIENTS, ([getattr(c, name) for name in CLIENTS] for c in register.clients)
        )
        counts |= warehouse.count(connection, "20_staging/clients")
        warehouse.load(
            connection,
            "staging.client_scopes",
            ("client", "kind", "project_id", "value"),
            ((c.slug, scope.kind, scope.project_id, scope.value) for c in register.clients for scope in c.scopes),
        )
        counts |= warehouse.count(connection, "20_staging/client_scopes")
        warehouse.load(
            connection,
            "staging.outlets",
            OUTLETS,
            ((o.code, c.slug, o.name, o.area, o.address) for c in register.clients for o in c.outlets),
        )
        counts |= warehouse.count(connection, "20_staging/outlets")
        counts |= warehouse.count(connection, "20_staging/outlet_aliases", spellings(register))
        warehouse.load(
            connection,
            "staging.technicians",
            ("code", "aliases"),
            ((person.code, list(person.aliases)) for person in register.with_role("technician")),
        )
        counts |= warehouse.count(connection, "20_staging/technicians")
        minutes = {service.code: service.minutes_per_unit for service in register.services}
        for code in services.codes():
            minutes.setdefault(code, minutes.get("other", 60))
        warehouse.load(connection, "staging.services", ("code", "minutes_per_unit"), minutes.items())
        counts |= warehouse.count(connection, "20_staging/services")
    log.info("register: %s", ", ".join(f"{number} {name}" for name, number in counts.items()))
    return counts


def spellings(register: Register) -> dict[str, list[str] | list[int]]:
    """Every spelling of every outlet, normalised, as parallel columns; place 0 is the outlet's own name."""
    rows = [
        (client.slug, normalise(spelling), outlet.code, place)
        for client in register.clients
        for outlet in client.outlets
        for place, names in enumerate(((outlet.name,), outlet.aliases))
        for spelling in names
        if normalise(spelling)
    ]
    return {
        "clients": [row[0] for row in rows],
        "aliases": [row[1] for row in rows],
        "outlets": [row[2] for row in rows],
        "places": [row[3] for row in rows],
    }


def _listed(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value
