"""The embedded server: shared, left and recovered."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from local import postgres
from local.postgres import Server


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "server"
    Server(tmp_path / "server").stop()


def test_it_runs_until_its_last_user_has_left(folder: Path) -> None:
    first, second = Server(folder).join(), Server(folder).join()
    assert first.port == second.port

    first.leave()
    assert second.running()

    second.leave()
    assert not second.running()


def test_a_killed_server_comes_back_with_what_was_committed(folder: Path) -> None:
    server = Server(folder, durable=True).start()
    with psycopg.connect(server.create("kept"), autocommit=True) as connection:
        connection.execute("create table t as select 42 as n")
    server.kill()

    again = Server(folder, durable=True).start()

    with psycopg.connect(again.dsn("kept")) as connection:
        assert connection.execute("select n from t").fetchone() == (42,)
        assert connection.execute("show fsync").fetchone() == ("on",)


def test_a_server_that_takes_connections_and_no_longer_answers_is_not_taken_for_running(folder: Path) -> None:
    """As one that was killed and has not left the system yet."""
    server = Server(folder).start()
    assert server._answers()
    postmaster = int((server.data / "postmaster.pid").read_text().split()[0])
    os.kill(postmaster, signal.SIGSTOP)
    try:
        assert not server._answers()
    finally:
        os.kill(postmaster, signal.SIGCONT)


def test_a_half_made_cluster_is_made_anew(folder: Path) -> None:
    (folder / "data" / "base").mkdir(parents=True)
    server = Server(folder).start()
    with psycopg.connect(server.dsn("postgres")) as connection:
        assert connection.execute("select 1").fetchone() == (1,)


def test_it_listens_on_loopback_alone(folder: Path) -> None:
    with psycopg.connect(Server(folder).start().dsn("postgres")) as connection:
        assert connection.execute("show listen_addresses").fetchone() == ("127.0.0.1",)
        assert connection.execute("show unix_socket_directories").fetchone() == ("",)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs another user for the server")
def test_as_root_without_user_namespaces_it_runs_as_somebody_else_outside(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "_namespaces_work", lambda: False)
    server = Server(folder).start()
    outside = Path((folder / "elsewhere").read_text())
    assert outside.stat().st_uid != 0
    assert not outside.is_relative_to(folder)
    with psycopg.connect(server.dsn("postgres")) as connection:
        assert connection.execute("select 1").fetchone() == (1,)

    postgres.remove(folder)

    assert not outside.exists()
