"""A plain HTTP caller of the twin's Basecamp, and the vendor's client pointed at it."""

from __future__ import annotations

from typing import Any

import requests
from basecamp import Client, Config

from sandbox.server import Twin

AGENT = "Rekap tests (tests@rekap.example)"
NEWEST_FIRST = {"type": "Todo", "sort": "updated_at", "direction": "desc"}


class Caller(requests.Session):
    """Speaks as the robot, or as ``person_id``; ``call`` takes an account address such as ``/todos/1.json``."""

    def __init__(self, twin: Twin, person_id: int | None = None) -> None:
        super().__init__()
        self.twin = twin
        robot = twin.world.staff.robot.basecamp_id
        token = twin.basecamp.grants.issue_access(person_id or robot or 0, 3600)
        self.token = token
        self.headers.update({"User-Agent": AGENT, "Authorization": f"Bearer {token}"})
        self.base = f"{twin['basecamp']['url']}/{twin['basecamp']['account_id']}"

    def call(self, method: str, address: str, **more: Any) -> requests.Response:
        url = address if address.startswith("http") else self.base + address
        return self.request(method, url, timeout=10, allow_redirects=False, **more)

    def read(self, address: str, **params: Any) -> Any:
        answer = self.call("GET", address, params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def all(self, address: str, **params: Any) -> list[dict[str, Any]]:
        """Every page, by its Link."""
        answer = self.call("GET", address, params=params)
        found: list[dict[str, Any]] = answer.json()
        while "next" in answer.links:
            answer = self.call("GET", answer.links["next"]["url"])
            found += answer.json()
        return found


def control(twin: Twin, method: str, address: str, json: Any = None) -> Any:
    answer = requests.request(method, f"{twin['control']}/_sandbox/{address}", json=json, timeout=10)
    assert answer.status_code == 200, answer.text
    return answer.json()


def vendor(twin: Twin) -> Any:
    """The official SDK's account client, unchanged: only its base URL differs."""
    told = twin["basecamp"]
    robot = twin.world.staff.robot.basecamp_id or 0
    token = twin.basecamp.grants.issue_access(robot, 3600)
    config = Config(base_url=told["url"], base_delay=0.01)
    return Client(access_token=token, config=config, user_agent=AGENT).for_account(str(told["account_id"]))


def some_order(twin: Twin, **wanted: Any) -> int:
    """The id of an open, ordinary order whose fields have these values."""
    for order in twin.world.orders:
        usual = order.in_basecamp and order.life_cycle == "active" and order.completed_at is None
        if usual and all(getattr(order, name) == value for name, value in wanted.items()):
            return order.order_id
    raise LookupError(wanted)
