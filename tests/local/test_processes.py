"""Programs of a state: found and ended whoever started them, and never a stranger."""

import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.processes import Processes, born
from local.state import ROOT, InUseError, State


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    made = State(tmp_path / "state")
    yield made
    Processes(made).stop(grace=0)


def until(true: object) -> bool:
    """Whether something becomes true within ten seconds."""
    assert callable(true)
    end = time.monotonic() + 10
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.02)
    return False


def test_a_program_of_a_killed_runner_is_found_and_ended_by_the_next(state: State) -> None:
    runner = textwrap.dedent(f"""
        import os, pathlib
        from local.processes import Processes
        from local.state import State
        Processes(State(pathlib.Path({str(state.folder)!r}))).start("sleeper", ["sleep", "600"], dict(os.environ))
        os._exit(1)
    """)
    subprocess.run([sys.executable, "-c", runner], cwd=ROOT, check=False)
    after = Processes(state)
    assert until(lambda: after.running() == ["sleeper"])

    after.stop()

    assert after.running() == []
    assert after.names() == []


def test_workers_end_with_their_program_even_in_a_process_group_of_their_own(state: State) -> None:
    processes = Processes(state)
    parent = """
import os, sys, time, subprocess
child = subprocess.Popen(["sleep", "600"], preexec_fn=lambda: os.setpgid(0, 0))
print(child.pid, flush=True)
time.sleep(600)
"""
    told = state.logs / "child"
    processes.start("parent", [sys.executable, "-c", parent], {}, out=told)
    assert until(lambda: told.read_text().strip())
    child = int(told.read_text())
    assert born(child) is not None

    processes.stop(grace=0)

    assert until(lambda: born(child) is None)


def test_a_program_that_ignores_the_gentle_end_is_ended_by_force(state: State) -> None:
    processes = Processes(state)
    ready = state.logs / "ready"
    stubborn = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True); time.sleep(600)"
    )
    processes.start("stubborn", [sys.executable, "-c", stubborn], {}, out=ready)
    assert until(lambda: ready.read_text().strip())

    processes.stop(grace=0.2)

    assert processes.running() == []


def test_a_stranger_that_got_the_number_of_a_program_is_left_alone(state: State) -> None:
    stranger = subprocess.Popen(["sleep", "600"], start_new_session=True)
    try:
        folder = state.folder / "processes"
        folder.mkdir(parents=True)
        (folder / "scheduler").write_text(f"{stranger.pid} 1\n")
        processes = Processes(state)
        assert processes.running() == []

        processes.stop()

        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_program_that_ended_by_itself_is_told(state: State) -> None:
    processes = Processes(state)
    processes.start("short", ["sh", "-c", "echo its last words >&2"], {})
    assert until(lambda: processes.dead() == ["short"])
    assert "its last words" in processes.tail("short")


def test_a_state_has_one_user_at_a_time(state: State) -> None:
    with state.take(), pytest.raises(InUseError, match="in use by another command"):
        state.take()
    state.take().close()
