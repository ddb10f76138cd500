"""Accounts in a database of each kind, with a clock that stands, and a real mail server that keeps what it gets."""

from __future__ import annotations

import contextlib
import email.policy
import re
import socket
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from folkmoot.accounts import signing_in, signing_up
from folkmoot.accounts.accounts import Accounts, Settings, SignedIn
from folkmoot.accounts.model import SignUp
from folkmoot.accounts.passwords import Passwords
from folkmoot.accounts.sealing import Sealing
from folkmoot.accounts.signing_up import Opened, Wanted
from folkmoot.branding.heading import logo_of
from folkmoot.files import Files, Folder
from folkmoot.jobs import Jobs
from folkmoot.kit import ManualClock, Refusal, SystemRandomness
from folkmoot.mail import Post, Smtp, SmtpSettings
from folkmoot.storage import open_storage

ORIGIN, SENDER = "https://meet.example", "folkmoot@meet.example"
PASSWORD = "a long and rare one ☕"
HERE, ELSEWHERE = "192.0.2.1", "198.51.100.7"


class Mailbox:
    """What a mail server got."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.answer = "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.answer.startswith("250"):
            assert isinstance(envelope.content, bytes)
            parsed: Any = BytesParser(policy=email.policy.default).parsebytes(envelope.content)
            self.mails.append(parsed)
        return self.answer

    def last_to(self, address: str) -> EmailMessage:
        return [mail for mail in self.mails if mail["To"] == address][-1]

    def link_to(self, address: str) -> str:
        found = re.search(r"https?://\S+", text_of(self.last_to(address)))
        assert found
        return found[0]

    def token_to(self, address: str) -> str:
        return self.link_to(address).partition("#")[2]


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body
    return str(body.get_content())


@dataclass
class Office:
    at: Accounts
    jobs: Jobs
    clock: ManualClock
    mailbox: Mailbox
    port: int
    drawn: dict[str, str] = field(default_factory=dict)

    async def signs_up(self, name: str = "Ada", address: str = "ada@example.org", **more: Any) -> Any:
        wanted = Wanted(name, address, more.pop("password", PASSWORD), **more)
        said = await signing_up.sign_up(self.at, wanted, HERE, "Firefox on Linux")
        await self.jobs.settled()
        return said

    async def has_account(self, name: str = "Ada", address: str = "ada@example.org", **more: str) -> SignedIn:
        said = await self.signs_up(name, address, **more)
        inside = await self.opens_the_link(address, browser=said.browser)
        assert isinstance(inside, SignedIn)
        return inside

    async def opens_the_link(self, address: str = "ada@example.org", token: str = "", **more: Any) -> Any:
        opened = Opened("Firefox on Linux", where=HERE, **more)
        return await signing_up.confirm(self.at, token or self.mailbox.token_to(address), opened)

    async def signs_in(
        self, address: str = "ada@example.org", password: str = PASSWORD, code: str | None = None,
        where: str = HERE, known: str = "",
    ) -> SignedIn | Refusal:  # fmt: skip
        attempt = signing_in.Attempt(address, password, code)
        return await signing_in.sign_in(self.at, attempt, where, known, "Firefox on Linux")


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, int]]:
    kept = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(kept, hostname="127.0.0.1", port=port, enable_SMTPUTF8=True)
    controller.start()
    yield kept, port
    controller.stop()


@contextlib.asynccontextmanager
async def opened(
    address: str, mailbox: tuple[Mailbox, int], sign_up: SignUp, *, mail: bool
) -> AsyncIterator[Office]:
    storage, clock, randomness = await open_storage(address), ManualClock(), SystemRandomness()
    jobs = Jobs(storage, clock, randomness)
    smtp = Smtp(SmtpSettings("127.0.0.1", mailbox[1], "none", "", ""))
    settings = Settings(ORIGIN, sign_up, ("school.example",))
    with tempfile.TemporaryDirectory() as folder:
        files = Files(storage, Folder(Path(folder)), jobs, clock, randomness)
        post = (
            Post(jobs, smtp.send, SENDER, "Folkmoot", clock, randomness, partial(logo_of, files))
            if mail
            else None
        )
        at = Accounts(
            *(storage, clock, randomness, Passwords(memory_kib=64, time_cost=1), Sealing(b"s" * 32), post),
            *(settings, files),
        )
        yield Office(at, jobs, clock, mailbox[0], mailbox[1])
        await jobs.stop()
    at.passwords.close()
    await storage.close()


@pytest.fixture
async def office(address: str, mailbox: tuple[Mailbox, int]) -> AsyncIterator[Office]:
    async with opened(address, mailbox, SignUp.OPEN, mail=True) as made:
        yield made


@pytest.fixture
async def without_mail(address: str, mailbox: tuple[Mailbox, int]) -> AsyncIterator[Office]:
    async with opened(address, mailbox, SignUp.OPEN, mail=False) as made:
        yield made
