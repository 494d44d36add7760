"""The set-up: whole or made again."""

from pathlib import Path

import pytest

from local import bootstrap


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    return tmp_path / ".venv"


def made(folder: Path, wanted: str) -> bool:
    """Ask for an environment; whether it was filled by that."""
    filled = folder.parent / "filled"
    filled.unlink(missing_ok=True)
    bootstrap.make_environment(folder, wanted, "the test's", [["true"]], [["touch", str(filled)]])
    return filled.exists()


def test_a_whole_environment_is_left_alone_and_a_changed_lock_fills_it_anew(folder: Path) -> None:
    assert made(folder, "one lock")
    mine = folder / "of-the-first"
    mine.touch()
    assert not made(folder, "one lock")
    assert made(folder, "another lock")
    assert mine.exists()


def test_one_that_was_interrupted_is_made_from_nothing(folder: Path) -> None:
    made(folder, "one lock")
    half = folder / "half-written"
    half.touch()
    with pytest.raises(SystemExit, match="Set-up stopped at: installing packages from the lock"):
        bootstrap.make_environment(folder, "another lock", "the test's", [["true"]], [["false"]])
    assert made(folder, "another lock")
    assert not half.exists()
