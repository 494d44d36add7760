"""The clients' trackers: which changed (`changed`), and reading them into the warehouse (`read`)."""

from rekap.sources.sheets.extract import read
from rekap.sources.sheets.watch import changed

__all__ = ["changed", "read"]
