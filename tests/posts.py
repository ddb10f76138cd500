"""A mail server of the tests: what the product sends is read where it arrives."""

from __future__ import annotations

import email.policy
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email.message import EmailMessage
from email.parser import BytesParser

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.product import free_port


class Post:
    def __init__(self) -> None:
        self.mails: list[tuple[list[str], EmailMessage]] = []
        """To whom each was handed, and what is written in it."""

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        mail = BytesParser(policy=email.policy.default).parsebytes(envelope.content)
        self.mails.append((list(envelope.rcpt_tos), mail))
        return "250 OK"

    def to(self, address: str, count: int = 1, within: float = 60) -> list[EmailMessage]:
        """What came to somebody, once that many are there."""
        until = time.monotonic() + within
        while time.monotonic() < until:
            found = [mail for to, mail in self.mails if address in to]
            if len(found) >= count:
                return found
            time.sleep(0.05)
        raise AssertionError(f"not {count} mails to {address}: {[to for to, _ in self.mails]}")

    def link_to(self, address: str, count: int = 1) -> str:
        """The first link of the last of so many."""
        return links(self.to(address, count)[-1])[0]


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body
    return str(body.get_content())


def links(mail: EmailMessage) -> list[str]:
    return re.findall(r"https?://[^\s<>\"]+", text_of(mail))


@contextmanager
def post_office() -> Iterator[tuple[Post, Mapping[str, str]]]:
    """With the environment of a product that sends its mails there."""
    post, port = Post(), free_port()
    mails = Controller(post, hostname="127.0.0.1", port=port)
    mails.start()
    told = {"HOST": "127.0.0.1", "PORT": str(port), "SECURITY": "none", "SENDER": "folkmoot@meet.example"}
    try:
        yield post, {f"FOLKMOOT_MAIL__{name}": value for name, value in told.items()}
    finally:
        mails.stop()
