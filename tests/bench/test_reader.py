from bench.contenders.grid import tab
from bench.reader import Reader


def test_every_row_of_every_size_is_read_or_refused() -> None:
    measured = Reader((50, 100), say=lambda text: None)
    measured.run()
    assert [(told["cells"], told["rows"] + told["rejected"]) for told in measured.measured] == [(459, 50), (909, 100)]
    assert measured.measured[1]["rejected"] >= 2  # one in fifty has no date
    assert "| 459 cells" in measured.text() and "growth" in measured.text()


def test_the_same_seed_makes_the_same_tab() -> None:
    assert tab(20, 7) == tab(20, 7) != tab(20, 8)
