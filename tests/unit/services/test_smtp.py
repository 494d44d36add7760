"""Mail: accepted, refused, and handed over without an answer are three different things."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage

import pytest

from rekap.errors import PermanentError, TransientError, UnknownOutcome
from rekap.services.smtp import Smtp


@contextmanager
def answering(answers: dict[str, bytes | None]) -> Iterator[tuple[int, list[str]]]:
    """A mail server of one connection; `answers` by the first word of a command, None hangs up instead."""
    heard: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            talking, _ = listening.accept()
            with talking, talking.makefile("rwb") as line:
                line.write(b"220 twin\r\n")
                line.flush()
                in_data = False
                for raw in line:
                    text = raw.decode().rstrip("\r\n")
                    heard.append(text)
                    if in_data and text != ".":
                        continue
                    word = "." if in_data else text.split(" ")[0].split(":")[0].upper()
                    in_data = word == "DATA" and answers.get(word, b"354 go").startswith(b"354")  # type: ignore[union-attr]  # no test hangs up at DATA
                    answer = answers.get(word, {"DATA": b"354 go", "QUIT": b"221 bye"}.get(word, b"250 ok"))
                    if answer is None:
                        return
                    line.write(answer + b"\r\n")
                    line.flush()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listening.getsockname()[1], heard
        thread.join(5)


def smtp(port: int) -> Smtp:
    extra = {"from_email": "rekap@rekap.example", "disable_tls": True, "disable_ssl": True}
    return Smtp.from_connection({"host": "127.0.0.1", "port": port, "extra": extra})


def mail(to: str = "sinta@rekap.example") -> EmailMessage:
    message = EmailMessage()
    message["To"], message["Subject"] = to, "[H-1] 2 order besok belum ada teknisi ✅"
    message.set_content("Halo\n.titik di awal baris\n")
    return message


def test_a_mail_arrives_whole_with_sender_and_id() -> None:
    with answering({}) as (port, heard):
        smtp(port).send(mail())
    text = "\n".join(heard)
    commands = text.lower()  # smtplib writes "mail FROM" before Python 3.13 and "mail from" since
    assert "mail from:<rekap@rekap.example>" in commands
    assert "rcpt to:<sinta@rekap.example>" in commands
    assert "From: rekap@rekap.example" in text and "Message-ID:" in text
    assert "..titik di awal baris" in text


def test_a_goodbye_that_fails_does_not_make_the_mail_unsent() -> None:
    with answering({"QUIT": None}) as (port, _):
        smtp(port).send(mail())


def test_no_server_means_nothing_was_sent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(TransientError, match=r"rekap_smtp.*nothing was sent") as raised:
        smtp(port).send(mail())
    assert not isinstance(raised.value, UnknownOutcome)


def test_silence_after_the_hand_over_is_unknown() -> None:
    with answering({".": None}) as (port, _), pytest.raises(UnknownOutcome, match="may have been sent"):
        smtp(port).send(mail())


def test_a_connection_lost_before_the_hand_over_is_transient() -> None:
    with answering({"RCPT": None}) as (port, _), pytest.raises(TransientError) as raised:
        smtp(port).send(mail())
    assert not isinstance(raised.value, UnknownOutcome)


@pytest.mark.parametrize("word", ["MAIL", "RCPT", "."])
def test_a_refused_address_is_permanent_and_names_the_connection(word: str) -> None:
    with answering({word: b"550 no such user"}) as (port, _), pytest.raises(PermanentError, match=r"rekap_smtp.*550"):
        smtp(port).send(mail())


@pytest.mark.parametrize("word", ["MAIL", "RCPT", "."])
def test_a_busy_server_is_transient(word: str) -> None:
    with answering({word: b"451 later"}) as (port, _), pytest.raises(TransientError, match="451") as raised:
        smtp(port).send(mail())
    assert not isinstance(raised.value, UnknownOutcome)


def test_a_plain_text_needs_no_message() -> None:
    with answering({}) as (port, heard):
        smtp(port).send(to="data@rekap.example", subject="extract_basecamp runs again", text="It ended well.")
    assert "Subject: extract_basecamp runs again" in heard


@pytest.mark.parametrize(
    ("mapping", "told"),
    [({"host": ""}, "no host"), ({"host": "mail.example", "login": "rekap"}, "from_email")],
)
def test_a_connection_without_a_field_names_it(mapping: dict[str, str], told: str) -> None:
    with pytest.raises(PermanentError, match=told):
        Smtp.from_connection(mapping)


@pytest.mark.parametrize(
    ("port", "extra", "ssl", "tls"),
    [
        (465, {}, True, False),
        (587, {}, False, True),
        (25, {"disable_tls": True}, False, False),
        (None, {}, True, False),
    ],
)
def test_encryption_is_the_default(port: int | None, extra: dict[str, object], ssl: bool, tls: bool) -> None:
    made = Smtp.from_connection({"host": "mail.example", "port": port, "extra": {"from_email": "a@b.example", **extra}})
    assert (made.ssl, made.tls) == (ssl, tls)
