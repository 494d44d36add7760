import pytest

from rekap.warehouse import Connection
from tests.sql.outputs.desk import Desk


@pytest.fixture
def desk(warehouse_connection: Connection) -> Desk:
    """One live client with its people, in an empty warehouse; Basecamp was read whole."""
    return Desk.opened(warehouse_connection)
