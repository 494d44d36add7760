"""Measurements: `python -m bench extraction`. Each is a ratio within one run on one machine, never a test by the clock."""
