"""How messages reach people: planned into the outbox, sent from it, one place for each channel."""
