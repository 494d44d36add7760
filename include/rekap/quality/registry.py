"""Every suite of the house, stage by stage, in the order in which they are judged."""

from rekap.quality.rules import Stage, Suite
from rekap.quality.suites import outputs, raw, reconciliation, staging

SUITES: tuple[Suite, ...] = (*raw.SUITES, *staging.SUITES, *reconciliation.SUITES, *outputs.SUITES)


def of_stage(stage: Stage, *, whole: bool = True) -> list[Suite]:
    """The suites of a stage in the order in which they are judged; without the nightly ones unless `whole`."""
    return [suite for suite in SUITES if suite.stage == stage and (whole or not suite.nightly)]
