"""Orders as people write them: every sample in tests/samples/orders is read field by field, with sources and problems.

A sample is a to-do of the client below, entered on 1 August 2026 (a Saturday). What its `read` leaves out is null: the
whole reading is compared, so a value that nobody may guess fails as loudly as one that was lost.
"""

from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from rekap.settings import Register
from rekap.sources.basecamp.orders import Order, read_order
from rekap.sources.basecamp.reader import Reader

SAMPLES = Path(__file__).parents[2] / "samples" / "orders"
REGISTER: dict[str, Any] = {
    "people": [
        {"code": "sinta", "name": "Sinta", "roles": ["am", "pic"], "basecamp_id": 2},
        {"code": "joko", "name": "Joko Susilo", "roles": ["technician"], "basecamp_id": 3, "aliases": ["Joko"]},
        {"code": "andi-1", "name": "Andi Rahman", "roles": ["technician"], "basecamp_id": 4, "aliases": ["Andi"]},
        {"code": "andi-2", "name": "Andi Wijaya", "roles": ["technician"], "aliases": ["Andi"]},
    ],
    "clients": [
        {
            "slug": "senja",
            "name": "Senja",
            "active_from": "2026-07-01",
            "am": "sinta",
            "pic": "sinta",
            "scopes": [{"kind": "project", "project_id": 10}],
            "outlets": [
                {"code": "KS-1", "name": "Kopi Senja BSD", "aliases": ["KS BSD"]},
                {"code": "KS-2", "name": "Kopi Senja BSD 2", "aliases": ["Kopi Senja (BSD 2)"]},
                {"code": "KS-3", "name": "Kopi Senja Serpong"},
                {"code": "RM-1", "name": "Ruko Melati"},
                {"code": "KA-1", "name": "Kos Anggrek"},
                {"code": "TB-1", "name": "Toko Bintaro & Co"},
            ],
        },
    ],
    "services": [{"code": "cleaning", "minutes_per_unit": 45}],
}
READER = Reader(Register.model_validate(REGISTER))
LONG = "Cuci 2 unit Ruko Melati 5 Agustus 2026. " * 400


def read(sample: dict[str, Any]) -> Order:
    due_on = sample.get("due_on")
    todo = {
        "id": 100,
        "title": sample.get("title", ""),
        "description": LONG if sample.get("description") == "REPEAT" else sample.get("description", ""),
        "due_on": str(due_on) if due_on else None,
        "bucket": {"id": 10},
        "created_at": "2026-08-01T02:00:00.000Z",
        "updated_at": "2026-08-01T02:00:00.000Z",
    }
    return read_order(todo, "senja", READER, ZoneInfo("Asia/Jakarta"))


def told(order: Order) -> dict[str, Any]:
    """The reading as a sample writes it down; what is null or empty is left out."""
    sources: dict[str, list[str]] = {}
    for name, source in sorted(order.field_sources.items()):
        sources.setdefault(source, []).append(name)
    hours = [f"{at:%H:%M}" if at else "" for at in (order.time_from, order.time_to)]
    shown = {
        "outlet": order.outlet,
        "date": order.service_date and order.service_date.isoformat(),
        "until": order.service_date_end and order.service_date_end.isoformat(),
        "time": "-".join(hours).rstrip("-"),
        "services": ", ".join(f"{code} {units or ''}".strip() for code, units in order.services),
        "units": order.units,
        "contact": order.contact,
        "technicians": ", ".join(order.technicians),
        "from": {source: " ".join(names) for source, names in sources.items()},
        "problems": dict(sorted(order.problems.items())),
    }
    return {name: value for name, value in shown.items() if value not in (None, "", {})}


def samples() -> list[Any]:
    return [
        pytest.param(sample, id=f"{path.stem}: {sample['why']}")
        for path in sorted(SAMPLES.glob("*.yaml"))
        for sample in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]


@pytest.mark.parametrize("sample", samples())
def test_an_order_is_read_as_it_was_meant(sample: dict[str, Any]) -> None:
    assert told(read(sample)) == sample["read"]


def test_the_samples_are_many_and_each_says_why_it_is_there() -> None:
    found = [sample.values[0] for sample in samples()]
    assert len(found) >= 120
    assert len({sample.id for sample in samples()}) == len(found)
    assert all(sample["read"] for sample in found)
