"""What the tests of reconciliation may ask for."""

from collections.abc import Callable
from typing import Any

import pytest

from rekap.warehouse import Connection
from tests.sql.reconciliation.house import House


@pytest.fixture
def house(warehouse_connection: Connection) -> House:
    return House(warehouse_connection)


@pytest.fixture
def open_finding(house: House) -> Callable[[str, str], dict[str, Any]]:
    """The details of one open finding."""

    def details(kind: str, subject: str) -> dict[str, Any]:
        ((found,),) = house.read(
            f"select details from reconciliation.findings where kind = '{kind}' and subject = '{subject}'"
            " and cleared_at is null"
        )
        return dict(found)

    return details
