"""One client in a warehouse of the test's own."""

from collections.abc import Iterator

import pytest

from rekap import warehouse as stored
from tests.sql.staging.basecamp_desk import Desk


@pytest.fixture
def desk(warehouse: str) -> Iterator[Desk]:
    with stored.connect(warehouse) as connection:
        made = Desk(connection)
        made.load_register()
        yield made
