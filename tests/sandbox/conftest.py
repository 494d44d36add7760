"""The Google twin for the tests beside this file: one server for the process, one fresh twin a test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.sandbox.google_twin import Door, Twin, behind, serving


@pytest.fixture(scope="session")
def google_door() -> Iterator[Door]:
    """One server for all tests of the Google twin."""
    with serving() as door:
        yield door


@pytest.fixture
def google(google_door: Door) -> Iterator[Twin]:
    """A fresh Google twin with a tiny world, without quota."""
    with behind(google_door) as found:
        yield found
