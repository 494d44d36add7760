"""An e-mail out of a planned message: complete as text, pleasant as HTML, recognisable when it comes twice."""

from collections.abc import Sequence
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from hashlib import sha256


@dataclass(frozen=True)
class Attachment:
    name: str
    content_type: str
    content: bytes


def build(
    *,
    key: str,
    sender: str,
    to: str,
    name: str,
    subject: str,
    text: str,
    html: str,
    attachments: Sequence[Attachment] = (),
) -> EmailMessage:
    """The message as it leaves. The same `key` always gives the same Message-ID, so that a mail server or a reader can
    recognise a duplicate. `sender` and `to` are addresses. Raises ValueError when an address is none."""
    message = EmailMessage(policy=SMTP)
    message["From"] = Address("Rekap", addr_spec=sender)
    message["To"] = Address(name, addr_spec=to)
    message["Subject"] = " ".join(subject.split())
    message["Message-ID"] = message_id(key, sender)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    message.add_alternative(html, subtype="html")
    for each in attachments:
        main, _, sub = each.content_type.partition("/")
        message.add_attachment(each.content, maintype=main, subtype=sub or "octet-stream", filename=each.name)
    return message


def message_id(key: str, sender: str) -> str:
    """Stable for a message key: a second copy carries the same."""
    return f"<rekap-{sha256(key.encode()).hexdigest()[:32]}@{sender.rpartition('@')[2]}>"
