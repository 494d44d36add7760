"""The clients of the world: outlets with the names people use for them, and who answers for each."""

from __future__ import annotations

from random import Random

from sandbox.world import names
from sandbox.world.model import Client, Outlet
from sandbox.world.people import Staff

#: by number of the client: the last but two share a project by lists, the one after is told by its title's prefix
SHADOW = 3
WHATSAPP = (1, 2)
ENGLISH = 2
MOST = 2000


def make(count: int, staff: Staff, rng: Random) -> list[Client]:
    """``count`` clients (at least 5), each with 8 to 14 outlets.

    Raises ValueError for fewer than 5: one shadow client, two lists in a shared project and one title prefix need them.
    """
    if not 5 <= count <= MOST:
        raise ValueError(f"the sandbox makes 5 to {MOST} clients, not {count}")
    clients = []
    for number, (name, initials) in enumerate(names.clients(count)):
        slug = "-".join(name.lower().replace("&", "dan").split())
        areas = list(names.AREAS)
        rng.shuffle(areas)
        outlets = [outlet(name, initials, area, n) for n, area in enumerate(areas[: rng.randint(10, 14)], start=1)]
        clients.append(
            Client(
                slug=slug,
                name=name,
                code=initials,
                outlets=outlets,
                am=staff.account_managers[number % len(staff.account_managers)],
                pic=staff.pics[number % len(staff.pics)],
                delivery="shadow" if number == SHADOW else "live",
                documentation="whatsapp" if number in WHATSAPP else "drive",
                language="en" if number == ENGLISH else "id",
                number=number,
                ticks_boxes=number % 5 == 4,
            )
        )
    return clients


def outlet(brand: str, initials: str, area: str, number: int) -> Outlet:
    return Outlet(
        code=f"{initials}-{number:02}",
        name=f"{brand} {area}",
        aliases=(f"{initials} {area}", f"{brand} cabang {area}"),
        area=names.CITIES[area],
    )
