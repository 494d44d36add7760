"""What a gate found, for people: one page a run and a history, in both languages, kept in outputs.documents."""

from rekap.quality.report.data_docs import build as build_data_docs
from rekap.quality.report.keeping import name_of, write

__all__ = ["build_data_docs", "name_of", "write"]
