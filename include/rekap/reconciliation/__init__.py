"""Which order is which tracker row, which value counts, and where the two sources disagree."""

from rekap.reconciliation.snapshot import KINDS, reconcile

__all__ = ["KINDS", "reconcile"]
