"""SMTP: takes every mail, keeps it, and shows it parsed."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from sandbox.traffic import FaultBook, RequestLog


@dataclass
class Mail:
    """One accepted mail as it came over the wire."""

    sender: str
    recipients: list[str]
    content: bytes

    def as_json(self) -> dict[str, Any]:
        """from, to (of the envelope), subject, text, html, headers (lists by name), attachments (names)."""
        message = message_from_bytes(self.content, policy=policy.default)
        if not isinstance(message, EmailMessage):
            raise TypeError("the default policy makes EmailMessage")
        text, html = message.get_body(("plain",)), message.get_body(("html",))
        headers: dict[str, list[str]] = {}
        for name, value in message.items():
            headers.setdefault(name, []).append(str(value))
        return {
            "from": self.sender,
            "to": self.recipients,
            "subject": str(message.get("subject", "")),
            "text": text.get_content() if text is not None else None,
            "html": html.get_content() if html is not None else None,
            "headers": headers,
            "attachments": [part.get_filename() or "" for part in message.iter_attachments()],
        }


class Postbox:
    """Where mails end up, in the order of their arrival; also aiosmtpd's handler."""

    def __init__(self, log: RequestLog, faults: FaultBook) -> None:
        self.log = log
        self.faults = faults
        self._mails: list[Mail] = []
        self._lock = threading.Lock()

    @property
    def mails(self) -> list[Mail]:
        with self._lock:
            return list(self._mails)

    def clear(self) -> None:
        with self._lock:
            self._mails.clear()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """A fault with service ``smtp`` and route ``DATA`` is answered with its status, or after the mail was kept."""
        fault = self.faults.take("smtp", "DATA", "DATA")
        status = 250
        if fault is None or fault.applied:
            content = envelope.content if isinstance(envelope.content, bytes) else (envelope.content or "").encode()
            with self._lock:
                self._mails.append(Mail(envelope.mail_from or "", list(envelope.rcpt_tos), content))
        if fault is not None:
            status = fault.status if fault.status >= 400 else 451
            if fault.kind in {"disconnect", "applied_then_disconnect"} and isinstance(
                server.transport, asyncio.Transport
            ):
                server.transport.abort()
        self.log.record("smtp", "DATA", "DATA", ",".join(envelope.rcpt_tos), status, fault.kind if fault else None)
        return "250 Message accepted" if fault is None else f"{status} refused by the sandbox"


def protocol(postbox: Postbox, loop: asyncio.AbstractEventLoop) -> SMTP:
    """One SMTP session: any login is accepted, without TLS, which loopback does not need."""
    return SMTP(
        postbox,
        hostname="127.0.0.1",
        ident="sandbox",
        auth_require_tls=False,
        authenticator=lambda *_: AuthResult(success=True),
        enable_SMTPUTF8=True,
        loop=loop,
    )
