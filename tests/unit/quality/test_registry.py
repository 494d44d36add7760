"""The registry of rules holds together, and costs nothing until a gate is passed."""

import subprocess
import sys

from rekap import catalogue
from rekap.quality.registry import SUITES, of_stage

RULES = [(suite, rule) for suite in SUITES for rule in suite.rules]


def test_every_rule_has_an_id_of_its_own_that_names_its_relation() -> None:
    ids = [rule.id for _, rule in RULES]
    assert len(ids) == len(set(ids))
    assert [rule.id for suite, rule in RULES if rule.id.split(".")[0] != suite.name.split(".")[1]] == []


def test_every_reason_has_a_text_in_every_language() -> None:
    for language in ("id", "en"):
        texts = catalogue.entries(language)
        assert [rule.message for _, rule in RULES if rule.message not in texts] == []


def test_orders_are_never_quarantined() -> None:
    assert [suite.relation for suite in SUITES if suite.quarantines] == ["staging.tracker_rows"]


def test_a_client_is_judged_only_where_a_line_is_a_client() -> None:
    assert [rule.id for suite, rule in RULES if rule.scope == "client" and suite.client != suite.key] == []


def test_clients_that_are_marked_incomplete_are_judged_after_their_rows_were_set_aside() -> None:
    names = [suite.name for suite in of_stage("staging")]
    assert names.index("staging.tracker_rows") < names.index("staging.trackers")


def test_expectations_that_know_no_limits_stand_in_suites_without_limits() -> None:
    assert [rule.id for suite, rule in RULES if rule.expectation and suite.only != "true"] == []


def test_importing_the_gate_imports_neither_great_expectations_nor_pandas() -> None:
    script = "import rekap.quality, sys; print([m for m in ('great_expectations', 'pandas') if m in sys.modules])"
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
