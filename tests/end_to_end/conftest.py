"""A whole demo of a small world, run once for all that is asked of it."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from local.demo import MONTH, NOW, SMALL, Demo
from local.installation import Installation
from local.pipeline import Pipeline
from local.state import VAR, State
from local.steps import Steps
from local.summary import Summary

SEED = 20261


@dataclass
class Finished:
    """A demo after both passes, its services still up. `noise`: what the second pass did though nothing had changed."""

    installation: Installation
    noise: list[str]
    summary: Summary


def fresh_state() -> State:
    """A state of its own, where `make down` and `make clean` find it."""
    return State(VAR / f"test-{os.urandom(3).hex()}")


@pytest.fixture(scope="module")
def finished() -> Iterator[Finished]:
    installation = Installation(fresh_state(), SEED, NOW, twin_options=SMALL)
    demo = Demo(installation, Steps(lambda text: None))
    try:
        demo.start()
        pipeline = Pipeline(installation, lambda note: None)
        demo.first_time(pipeline)
        noise = demo.second_time(pipeline)
        yield Finished(installation, noise, Summary(installation, MONTH))
    finally:
        installation.stop()
        shutil.rmtree(installation.state.folder)
