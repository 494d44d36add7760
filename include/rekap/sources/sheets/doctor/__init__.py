"""What was understood of a tracker, for people: per tab the heading, the columns, what was read, what was refused and
why, and what to write in clients.yaml. It reads by the pipeline's own reader and keeps nothing."""

from rekap.sources.sheets.doctor.examine import examine
from rekap.sources.sheets.doctor.told import told

__all__ = ["examine", "told"]
