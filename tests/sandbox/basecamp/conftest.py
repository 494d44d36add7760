"""Running twins for the tests of Basecamp, SMTP and control: one shared for reading, a fresh one for whoever writes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sandbox.server import Twin, start
from tests.sandbox.basecamp.twin_client import Caller

SMALL = {"clients": 6, "orders_per_month": 40}


@pytest.fixture(scope="session")
def reading() -> Iterator[Twin]:
    """A small world that tests only read; no rate limit, so that they need not wait for each other."""
    with start(11, rate_limit=None, **SMALL) as twin:
        yield twin


@pytest.fixture
def twin() -> Iterator[Twin]:
    """A world of one test's own."""
    with start(11, rate_limit=None, **SMALL) as fresh:
        yield fresh


@pytest.fixture
def caller(reading: Twin) -> Caller:
    return Caller(reading)


@pytest.fixture
def writer(twin: Twin) -> Caller:
    return Caller(twin)
