"""A planned mail, carried out: addressed, built, handed over once."""

from collections.abc import Callable
from typing import Any

from rekap import catalogue, warehouse
from rekap.channels import email, plan
from rekap.channels.outcome import Outcome
from rekap.channels.ports import Smtp
from rekap.channels.rendering import rendered
from rekap.errors import PermanentError, Refused
from rekap.run import Run
from rekap.settings import Person


def carry_out(
    conn: warehouse.Connection, smtp: Smtp, run: Run, message: dict[str, Any], hand_over: Callable[[], None]
) -> Outcome:
    """Send the mail, or under redirect whatever it is as a mail to the one address. `hand_over` is called right before.
    A mail that an earlier try handed over stays unknown. Raises PermanentError without an address to redirect to."""
    message_id = email.message_id(message["key"], smtp.sender)
    if message["was_handed_over"]:
        return Outcome(
            "unknown",
            f"the sender stopped while the mail was handed over; look for {message_id} at the mail server",
            message_id,
        )
    if not message["is_needed"]:
        return Outcome("withdrawn", "what it was about is settled")
    person = run.config.register.person_by_code.get(message["person"])
    if person is None:
        return Outcome(
            "failed", f"'{message['person']}' is not in the register any more: add the person to clients.yaml"
        )
    subject, text, html, to = message["subject"], message["body_text"], message["body_html"], person.email
    if message["delivery"] == "redirect":
        if not (to := run.config.settings.house.redirect_to):
            raise PermanentError(
                "delivery 'redirect' needs house.redirect_to in rekap.yaml: the address that gets all mail."
            )
        subject = f"[{person.name}] {subject}"
        if message["channel"] == "basecamp_comment":
            text, html = _framed(conn, person, message)
    if not to:
        return Outcome("failed", f"'{person.code}' has no e-mail: write it into clients.yaml")
    built = email.build(
        key=message["key"],
        sender=smtp.sender,
        to=to,
        name=person.name,
        subject=subject,
        text=text,
        html=html,
        attachments=_attachments(conn, message["documents"]),
    )
    hand_over()
    smtp.send(built)
    return Outcome("sent", external_id=message_id)


def instead(conn: warehouse.Connection, run: Run, message: dict[str, Any]) -> None:
    """Plan a mail in place of a comment that may not be written, in the caller's transaction; its items go along."""
    person = run.config.register.person_by_code[message["person"]]
    text, html = _framed(conn, person, message)
    planned = plan.mail(
        conn, run, key=f"{message['key']}:mail", person=person.code, client=message["client"],
        subject=message["subject"], text=text, html=html,
        delivery=message["delivery"], urgent=message["urgent"],
    )  # fmt: skip
    if planned is not None:
        values = {"message": message["message_id"], "instead": planned}
        warehouse.execute(conn, "40_outputs/message_items_moved", values)


def _framed(conn: warehouse.Connection, person: Person, message: dict[str, Any]) -> tuple[str, str]:
    """Text and HTML of a mail that says what a comment would have said, with the to-do as its link."""
    with conn.transaction():
        row = conn.execute("select url from staging.orders where order_id = %s", (message["order_id"],)).fetchone()
    link = row["url"] if row else ""
    lead, _, ask = message["body_text"].partition("\n")
    part = {
        "language": person.language, "lead": lead, "heading": lead, "tag": None, "notice": None, "ask": ask,
        "tone": "tomorrow" if message["urgent"] else "later",
        "action": catalogue.text(person.language, "unassigned.button_one"),
        "link": link, "why": catalogue.text(person.language, "unassigned.why"),
    }  # fmt: skip
    return f"{message['body_text']}\n{link}\n", rendered("mail.html", part)


def _attachments(conn: warehouse.Connection, wanted: list[str]) -> list[email.Attachment]:
    """The files by their sha256, in the order asked for. Raises Refused when one is missing."""
    if not wanted:
        return []
    with conn.transaction():
        rows = warehouse.execute(conn, "40_outputs/documents_of_message", {"documents": wanted})
    found = {row["sha256"]: email.Attachment(row["name"], row["content_type"], row["content"]) for row in rows}
    if missing := [sha for sha in wanted if sha not in found]:
        raise Refused(f"attachments are missing from outputs.documents: {', '.join(missing)}; make them again.", 0)
    return [found[sha] for sha in wanted]
