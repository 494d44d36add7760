"""The demo's judge: what Rekap made, held against what the twin wrote down when it planted its troubles."""

from local.truth.differences import Differences
from local.truth.evidence import Evidence

__all__ = ["Differences", "Evidence", "check"]


def check(evidence: Evidence, month: str | None) -> Differences:
    """Every theme that the evidence covers; `month` is the closed recap month, None while there is none."""
    from local.truth import delivered, reconciled, staged, told

    found = Differences()
    staged.check(evidence, found)
    reconciled.check(evidence, found)
    told.check(evidence, found)
    if month:
        delivered.check_recap(evidence, found, month)
    delivered.check_photos(evidence, found)
    return found
