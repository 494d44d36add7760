"""What a gate found, for people: one page a run and a history, in both languages, kept in outputs.documents."""

from rekap.quality.report.keeping import name_of, write

__all__ = ["name_of", "write"]
