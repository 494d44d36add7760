"""How messages reach people: planned into the outbox, sent from it, one place for each channel."""

from rekap.channels.outbox import send

__all__ = ["send"]
