"""The people of the company: who works here, with which role and which Basecamp account."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from random import Random

from sandbox.world import names
from sandbox.world.model import Person

#: Basecamp ids do not fit a double: one technician carries one beyond 2^53, which a JSON reader must keep.
LARGE_ID = 9_007_199_254_741_993
TECHNICIANS = 16


@dataclass
class Staff:
    robot: Person
    account_managers: list[Person]
    pics: list[Person]
    technicians: list[Person]
    office: list[Person]

    @property
    def everybody(self) -> list[Person]:
        return [self.robot, *self.account_managers, *self.pics, *self.office, *self.technicians]

    @cached_property
    def with_account(self) -> list[Person]:
        return [person for person in self.technicians if person.basecamp_id is not None]

    @cached_property
    def without_account(self) -> list[Person]:
        return [person for person in self.technicians if person.basecamp_id is None]


def make(rng: Random, technicians_wanted: int = TECHNICIANS) -> Staff:
    """The staff of one world; the last three of the first sixteen technicians have no Basecamp account."""
    ids = iter(range(31_400_210, 31_600_000, 37))

    def person(code: str, name: str, *roles: str, language: str = "id", admin: bool = False) -> Person:
        email = f"{name.lower().replace(' ', '.')}@{names.DOMAIN}"
        return Person(code, name, email, roles, next(ids), language=language, admin=admin)

    robot = Person("rekap", "Rekap", f"rekap@{names.DOMAIN}", ("robot",), next(ids), admin=True)
    managers = [person(f"am-{name.split()[0].lower()}", name, "am") for name in names.ACCOUNT_MANAGERS]
    pics = [person(f"pic-{name.split()[0].lower()}", name, "pic") for name in names.PICS]
    office = [
        person("head-operations", names.OPERATIONS_HEAD, "head_of_operations"),
        person("head-accounts", names.ACCOUNTS_HEAD, "head_of_accounts"),
        person("manager-surya", names.MANAGERS[0], "manager", admin=True),
        person("manager-nadia", names.MANAGERS[1], "manager", language="en"),
        person("engineer", names.ENGINEER, "engineer", language="en", admin=True),
        person("operator", names.OPERATOR, "operator"),
    ]
    family = list(names.FAMILY)
    rng.shuffle(family)
    technicians = []
    for number, (given, last) in enumerate(names.technicians(technicians_wanted, family)):
        has_account = number < 13 or number >= TECHNICIANS
        only = number < TECHNICIANS  # later ones share their given name with others
        whole = f"{given} {last}"
        technicians.append(
            Person(
                code=f"tek-{given.lower()}" if only else f"tek-{given.lower()}-{number}",
                name=whole,
                email=f"{whole.lower().replace(' ', '.')}@{names.DOMAIN}",
                roles=("technician",),
                basecamp_id=(LARGE_ID if number == 12 else next(ids)) if has_account else None,
                aliases=(given, f"Pak {given}", f"{given} {last[0]}") if only else (whole, f"Pak {whole}"),
            )
        )
    return Staff(robot, managers, pics, technicians, office)
