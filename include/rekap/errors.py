"""Errors carry intent: what the caller may do next stands in the type."""


class RekapError(Exception):
    """Base of all errors that Rekap raises on purpose; the message names the thing and what to do now."""


class PermanentError(RekapError):
    """Repeating cannot help: a person must repair a credential, a setting or a source. Stop at once."""


class Refused(PermanentError):
    """The other side refuses this one thing, such as a record that is gone or an address it does not know; others may
    pass. `status` is its HTTP or SMTP code."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status

    def __reduce__(self) -> tuple[type["Refused"], tuple[str, int]]:
        return type(self), (str(self), self.status)


class TransientError(RekapError):
    """Repeating later may help. `retry_after` is in seconds where the server said so."""

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class UnknownOutcome(TransientError):
    """A write was sent and no answer came: look before doing it again."""


class SettingsError(PermanentError):
    """A file in the config directory is wrong; the message holds file, line, field and what is allowed."""
