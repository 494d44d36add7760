"""How long grids of trackers are kept as received."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from rekap import warehouse
from rekap.run import Run
from rekap.settings import Config, Register, Service, Settings
from rekap.sources.sheets.retention import forget_grids

JAKARTA = ZoneInfo("Asia/Jakarta")
NOW = datetime(2026, 10, 6, 3, tzinfo=JAKARTA)
REGISTER = Register(people=(), clients=(), services=(Service(code="other", minutes_per_unit=60),))


def kept(connection: warehouse.Connection, *read: datetime, book: str = "book") -> list[str]:
    """What is left of grids that were last read at these moments."""
    for number, at in enumerate(read):
        connection.execute(
            "insert into raw.tracker_grids values (%s, 0, %s, 'OKT 26', '{}', %s, %s)",
            (book, f"sha-{number}", at - timedelta(days=1), at),
        )
    connection.commit()
    forget_grids(connection, Run("keep_house/1", NOW, Config(Settings(), REGISTER)))
    left = connection.execute(
        "select last_read_at from raw.tracker_grids where spreadsheet_id = %s order by 1", (book,)
    ).fetchall()
    return [f"{row['last_read_at'].astimezone(JAKARTA):%m-%d}" for row in left]


def on(month: int, day: int, hour: int = 12) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=JAKARTA)


def test_after_35_days_the_last_of_each_month_is_left(warehouse_connection: warehouse.Connection) -> None:
    read = [on(7, 3), on(7, 30), on(8, 1), on(8, 31, 23), on(9, 1), on(9, 20), on(10, 5)]
    assert kept(warehouse_connection, *read) == ["07-30", "08-31", "09-01", "09-20", "10-05"]
    assert kept(warehouse_connection, book="nothing new") == []


def test_the_only_grid_of_a_tab_is_never_forgotten(warehouse_connection: warehouse.Connection) -> None:
    assert kept(warehouse_connection, on(1, 5)) == ["01-05"]


def test_the_month_is_that_of_the_house_and_not_of_utc(warehouse_connection: warehouse.Connection) -> None:
    """1 August 03:00 in Jakarta is still July in UTC."""
    assert kept(warehouse_connection, on(7, 31), on(8, 1, 3)) == ["07-31", "08-01"]
