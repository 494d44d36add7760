"""Measurements: `python -m bench extraction`. Ratios within one run on one machine, never a test by the clock."""
