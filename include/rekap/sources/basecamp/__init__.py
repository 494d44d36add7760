"""Basecamp: what is new into raw, raw into staging. Runs alone: `python -m rekap.sources.basecamp`."""

from rekap.sources.basecamp.fetching import fetch
from rekap.sources.basecamp.staging import stage

__all__ = ["fetch", "stage"]
