"""Mails as they leave: text and HTML, headers that nobody can break out of, one Message-ID for one message."""

from typing import Any

from rekap.channels import email


def built(**more: Any) -> Any:
    given = {
        "key": "k", "sender": "rekap@rekap.example", "to": "bayu@rekap.example", "name": "Bayu, Aji", "subject": "s",
        "text": "teks — panjang", "html": "<p>teks</p>",
    }  # fmt: skip
    return email.build(**(given | more))


def test_text_comes_first_and_html_beside_it() -> None:
    kinds = [part.get_content_type() for part in built().walk()]
    assert kinds == ["multipart/alternative", "text/plain", "text/html"]


def test_a_subject_cannot_add_a_header() -> None:
    message = built(subject="order baru\r\nBcc: other@rekap.example")
    assert message["Bcc"] is None and message["Subject"] == "order baru Bcc: other@rekap.example"


def test_it_says_that_a_program_sent_it_and_to_whom() -> None:
    message = built()
    assert message["Auto-Submitted"] == "auto-generated"
    (to,) = message["To"].addresses
    assert (to.display_name, to.addr_spec) == ("Bayu, Aji", "bayu@rekap.example")


def test_the_key_alone_makes_the_message_id() -> None:
    assert built()["Message-ID"] == built(subject="other")["Message-ID"] != built(key="k2")["Message-ID"]


def test_an_attachment_keeps_name_kind_and_bytes() -> None:
    message = built(attachments=[email.Attachment("Rekap Okt.xlsx", "application/vnd.ms-excel", b"\x00\x01")])
    (part,) = message.iter_attachments()
    assert (part.get_filename(), part.get_content_type()) == ("Rekap Okt.xlsx", "application/vnd.ms-excel")
    assert part.get_content() == b"\x00\x01"
