"""Great Expectations' own pages, for who asks for them."""

from dataclasses import replace
from pathlib import Path

import pytest

from rekap.quality import report
from rekap.run import Run
from rekap.warehouse import Connection
from tests.sql.reconciliation.house import House


def asked(run: Run, folder: Path | None) -> Run:
    quality = run.config.settings.quality.model_copy(update={"data_docs": str(folder) if folder else None})
    settings = run.config.settings.model_copy(update={"quality": quality})
    return replace(run, config=replace(run.config, settings=settings))


@pytest.fixture
def house(warehouse_connection: Connection) -> House:
    made = House(warehouse_connection)
    made.row(11, units=900)
    return made


def test_nobody_gets_data_docs_who_did_not_ask(house: House) -> None:
    assert report.build_data_docs(house.connection, asked(house.run, None), "staging") == 0


def test_the_folder_holds_the_pages_of_the_newest_run_alone(house: House, tmp_path: Path) -> None:
    run = asked(house.run, tmp_path)
    pages = report.build_data_docs(house.connection, run, "staging")
    assert pages >= 4  # an index and a page for each suite
    assert report.build_data_docs(house.connection, run, "staging") == pages
    assert (tmp_path / "staging" / "index.html").exists()
