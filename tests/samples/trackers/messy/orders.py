"""The true orders behind the messy tabs: clients, outlets, technicians and work, all invented."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from random import Random

BRANDS = {
    "kopi-senja": "Kopi Senja",
    "roti-fajar": "Roti Fajar",
    "apotek-melati": "Apotek Melati",
    "laundry-embun": "Laundry Embun",
    "bakso-gerimis": "Bakso Gerimis",
}
PLACES = [
    "BSD 2",
    "Bintaro",
    "Kelapa Gading",
    "Gading Serpong",
    "Jl. 17 Agustus No. 5",
    "Pasar Minggu",
    "Pagi Sore Cibubur",
    "Ruko Tol Boulevard",
    "Mall Lt. 3",
    "Tebet",
    "Depok 24 Jam",
    "Cikarang",
    "Blok M",
    "Bekasi Timur",
    "Pasar Senen",
]
TECHNICIANS = ["Budi", "Andi", "Joko", "Rudi", "Slamet", "Yanto", "Dedi", "Budi S", "Tim 2"]
TECHNICIANS += ["Danang", "Ramdani", "Masdi", "Bangun"]  # names that hold a joining word or a title
PAIRS = [
    ("cleaning", "freon_topup"),
    ("deep_cleaning", "freon_topup"),
    ("cleaning", "part_replacement"),
    ("cleaning", "deep_cleaning"),
    ("cleaning", "inspection"),
    ("relocation", "freon_topup"),
]
SINGLES = (
    ["cleaning"] * 8
    + ["deep_cleaning"] * 2
    + ["repair"] * 4
    + ["inspection", "freon_topup", "installation", "dismantle", "relocation", "part_replacement"] * 2
    + ["housekeeping", "helper"]
)
STATUSES = (
    ["done"] * 6
    + ["requested", "scheduled", "assigned", "in_progress", "partial", "on_hold", "rescheduled", "cancelled"]
    + [None] * 2
)


@dataclass(frozen=True)
class Order:
    """An order as it truly is; how it is written in a tab is another matter."""

    on: date
    at: tuple[int, int] | None  # hour and minute, 08:00 to 18:30
    outlet: str
    services: tuple[tuple[str, int], ...]
    status: str | None
    technicians: tuple[str, ...]
    order_ref: str | None


def outlets(client: str) -> list[str]:
    """The names of a client's outlets."""
    return [f"{BRANDS[client]} {place}" for place in PLACES] + ["Total Jaya Fatmawati", "Minggu Pagi Resto"]


def draw_order(rng: Random, client: str, year: int, month: int) -> Order:
    """An order whose day lies in the month."""
    names = PAIRS[rng.randrange(len(PAIRS))] if rng.random() < 0.2 else (rng.choice(SINGLES),)
    return Order(
        on=date(year, month, rng.randint(1, monthrange(year, month)[1])),
        at=(rng.randint(8, 18), rng.choice([0, 0, 30])) if rng.random() < 0.8 else None,
        outlet=rng.choice(outlets(client)),
        services=tuple((name, rng.randint(1, 6)) for name in names),
        status=rng.choice(STATUSES),
        technicians=tuple(rng.sample(TECHNICIANS, rng.choice([0, 1, 1, 2, 2, 3]))),
        order_ref=str(rng.choice([rng.randint(7_000_000, 7_999_999), rng.randint(8_000_000_000, 8_999_999_999)]))
        if rng.random() < 0.6
        else None,
    )
