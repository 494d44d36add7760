"""What every step is told."""

from datetime import UTC, date, datetime

import pytest

from rekap.run import Run
from rekap.settings import Config, Register, Service, Settings

REGISTER = Register(people=(), clients=(), services=(Service(code="other", minutes_per_unit=60),))


def test_today_is_the_companys_day() -> None:
    late = datetime(2026, 10, 5, 17, 30, tzinfo=UTC)
    assert Run("dag/1", late, Config(Settings(), REGISTER)).today == date(2026, 10, 6)
    assert Run("dag/1", late, Config(Settings(timezone="UTC"), REGISTER)).today == date(2026, 10, 5)


def test_a_moment_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="run dag/1: now must carry its zone"):
        Run("dag/1", datetime(2026, 10, 6, 11, 30), Config(Settings(), REGISTER))  # the fault itself
