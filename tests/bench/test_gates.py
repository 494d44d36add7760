from bench.gates import WAYS, Gates
from local.postgres import Server


def test_all_ways_of_judging_count_the_same_rows(postgres: Server) -> None:
    measured = Gates(postgres, (1_100,), say=lambda text: None)
    measured.run()
    counts = [measured.measured[1_100, way]["failing"] for way in WAYS]
    assert counts[0] == counts[1] == counts[2]
    assert counts[0]["tracker_rows.outlet_missing"] == 5  # every 211th
    assert counts[0]["tracker_rows.units_absurd"] == 3  # every 331st
    assert counts[0]["tracker_rows.date_far"] == 2  # every 503rd
    assert counts[0]["tracker_rows.outlet_unknown"] == 5  # every 199th
    assert all(f"{name}, 1,100 rows" in measured.text() for name in WAYS.values())
