"""Mail by SMTP: one message, one connection; what a failure means for sending again stands in the error's type."""

import smtplib
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import make_msgid
from typing import Any

from rekap.errors import PermanentError, Refused, TransientError, UnknownOutcome

TIMEOUT = 30  # seconds
TEMPORARY = range(400, 500)


@dataclass
class Smtp:
    """`tls`: STARTTLS before signing in; `ssl`: encrypted from the first byte."""

    host: str
    port: int
    sender: str
    login: str = ""
    password: str = field(default="", repr=False)
    tls: bool = True
    ssl: bool = False
    conn_id: str = "rekap_smtp"

    @classmethod
    def from_connection(cls, mapping: Mapping[str, Any]) -> "Smtp":
        """From {host, port, login, password, extra: from_email, disable_tls, disable_ssl} as Airflow's SMTP provider
        keeps it: SSL is the default there on port 465. Raises PermanentError naming what is missing."""
        extra = mapping.get("extra") or {}
        conn_id = mapping.get("conn_id") or "rekap_smtp"
        if not mapping.get("host"):
            raise PermanentError(f"connection '{conn_id}' has no host: write the mail server's name into it.")
        sender = extra.get("from_email") or (mapping.get("login") if "@" in str(mapping.get("login")) else "")
        if not sender:
            raise PermanentError(
                f"connection '{conn_id}': extra.from_email is missing: the address that mails come from."
            )
        ssl = not _is_true(extra.get("disable_ssl", mapping.get("port") not in (None, 465)))
        return cls(
            str(mapping["host"]),
            int(mapping.get("port") or (465 if ssl else 587)),
            str(sender),
            str(mapping.get("login") or ""),
            str(mapping.get("password") or ""),
            tls=not ssl and not _is_true(extra.get("disable_tls", False)),
            ssl=ssl,
            conn_id=conn_id,
        )

    def send(self, message: EmailMessage | None = None, *, to: str = "", subject: str = "", text: str = "") -> None:
        """Send one message, or a plain text to one address. Fills in From and Message-ID where they are missing.
        Raises TransientError when nothing was accepted and later may help, UnknownOutcome when the mail was handed over
        and no answer came, PermanentError when the server refuses the sign-in, the sender or the recipient."""
        if message is None:
            message = EmailMessage()
            message["To"], message["Subject"] = to, subject
            message.set_content(text)
        if message["From"] is None:
            message["From"] = self.sender
        if message["Message-ID"] is None:
            message["Message-ID"] = make_msgid(domain=self.sender.rpartition("@")[2] or None)
        handed_over = False
        try:
            with _Session(self) as session:
                session.envelope(message)
                handed_over = True
                session.data(message)
        except smtplib.SMTPAuthenticationError as error:
            raise PermanentError(
                f"connection '{self.conn_id}': {self.host} refuses the sign-in; correct login and password. ({error})"
            ) from error
        except smtplib.SMTPResponseException as error:
            raise self._refused(message, error) from error
        except (smtplib.SMTPException, OSError) as error:
            if handed_over:
                raise UnknownOutcome(
                    f"connection '{self.conn_id}': the mail to {message['To']} was handed over and no answer came"
                    f" ({type(error).__name__}); it may have been sent."
                ) from error
            raise TransientError(
                f"connection '{self.conn_id}': {self.host}:{self.port} takes no mail now ({error}); nothing was sent."
            ) from error

    def check(self) -> None:
        """Connect, sign in and say goodbye; no mail is sent. Raises PermanentError when the sign-in is refused and
        TransientError when the server does not answer."""
        try:
            with _Session(self):
                pass
        except smtplib.SMTPAuthenticationError as error:
            raise PermanentError(
                f"connection '{self.conn_id}': {self.host} refuses the sign-in; correct login and password. ({error})"
            ) from error
        except (smtplib.SMTPException, OSError) as error:
            raise TransientError(
                f"connection '{self.conn_id}': {self.host}:{self.port} does not answer as a mail server ({error})."
            ) from error

    def _refused(self, message: EmailMessage, error: smtplib.SMTPResponseException) -> Exception:
        answer = (
            error.smtp_error.decode("utf-8", "replace") if isinstance(error.smtp_error, bytes) else error.smtp_error
        )
        told = (
            f"connection '{self.conn_id}': {self.host} refuses the mail to {message['To']} ({error.smtp_code} {answer})"
        )
        if error.smtp_code in TEMPORARY or error.smtp_code < 0:
            return TransientError(f"{told}; it is tried again later.")
        return Refused(f"{told}; correct the address in the register or the sender in the connection.", error.smtp_code)


class _Session:
    """A connection that says goodbye without letting the goodbye fail a mail that was accepted."""

    def __init__(self, smtp: Smtp) -> None:
        self.smtp = smtp

    def __enter__(self) -> "_Session":
        kind = smtplib.SMTP_SSL if self.smtp.ssl else smtplib.SMTP
        self.server = kind(self.smtp.host, self.smtp.port, timeout=TIMEOUT)
        try:
            self.server.ehlo_or_helo_if_needed()
            if self.smtp.tls:
                import ssl

                self.server.starttls(context=ssl.create_default_context())
                self.server.ehlo()
            if self.smtp.login:
                self.server.login(self.smtp.login, self.smtp.password)
        except BaseException:
            self.server.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self.server.quit()
        except (smtplib.SMTPException, OSError):
            self.server.close()

    def envelope(self, message: EmailMessage) -> None:
        """Sender and recipients; a refusal here means that nothing was taken."""
        self._ask(self.server.mail(self.smtp.sender))
        for address in message["To"].addresses:
            self._ask(self.server.rcpt(address.addr_spec))

    def data(self, message: EmailMessage) -> None:
        self._ask(self.server.data(message.as_bytes(policy=message.policy.clone(linesep="\r\n"))))

    def _ask(self, answer: tuple[int, bytes]) -> None:
        if answer[0] not in (250, 251):
            raise smtplib.SMTPResponseException(*answer)


def _is_true(value: object) -> bool:
    return str(value).strip().lower() in {"1", "true", "yes"}
