"""Basecamp: what is new into raw, raw into staging. Runs alone: `python -m rekap.sources.basecamp`."""

from rekap.sources.basecamp.fetching import fetch
from rekap.sources.basecamp.nightly import count_projects, sweep
from rekap.sources.basecamp.staging import stage

__all__ = ["count_projects", "fetch", "stage", "sweep"]
