"""What all that is done with accounts has at hand, and the one question others ask of it: who is this?"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot.accounts import store
from folkmoot.accounts.challenges import Challenges
from folkmoot.accounts.holding import Holding
from folkmoot.accounts.limits import Limits
from folkmoot.accounts.model import (
    SESSION_LIFE,
    USED_EVERY,
    Account,
    AccountId,
    Session,
    SignUp,
    State,
    hashed,
)
from folkmoot.accounts.passwords import Passwords
from folkmoot.accounts.sealing import Sealing
from folkmoot.accounts.store import Proof
from folkmoot.accounts.words import message
from folkmoot.bus import Bus, MemoryBus
from folkmoot.files import Files
from folkmoot.files.pictures import Easel
from folkmoot.kit import Clock, Randomness, Refusal
from folkmoot.mail import Post
from folkmoot.storage import Storage

PROOF_LIFE = timedelta(minutes=30)
HANDED_ON_LIFE = timedelta(hours=1)
"""Of a link that the operator hands on."""


@dataclass(frozen=True, slots=True)
class Settings:
    origin: str
    """Where people reach this server: `https://meet.example`. Links in mails lead there whatever a request says."""
    sign_up: SignUp = SignUp.OPEN
    domains: tuple[str, ...] = ()

    @property
    def site(self) -> str:
        return self.origin.partition("://")[2]


@dataclass(slots=True)
class Choice:
    """What the operator has chosen while the server runs; None: as the configuration has it."""

    sign_up: SignUp | None = None
    domains: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class SignedIn:
    account: Account
    token: str
    """Of the session; kept here as a hash alone."""
    known_device: str


@dataclass(frozen=True, slots=True)
class Accounts:
    storage: Storage
    clock: Clock
    randomness: Randomness
    passwords: Passwords
    sealing: Sealing
    post: Post | None
    settings: Settings
    files: Files
    easel: Easel = field(default_factory=Easel)
    choice: Choice = field(default_factory=Choice)
    limits: Limits = field(default_factory=Limits)
    challenges: Challenges = field(default_factory=Challenges)
    also_exported: dict[str, Callable[[Account], Awaitable[Any]]] = field(default_factory=dict)
    """What higher tiers keep of a person, by its name in the archive."""
    held: Holding = field(default_factory=Holding)
    """Which services their plans hold."""
    bus: Bus = field(default_factory=MemoryBus)
    """Who hears the news of `events`."""

    @property
    def sign_up(self) -> SignUp:
        return self.choice.sign_up or self.settings.sign_up

    @property
    def domains(self) -> tuple[str, ...]:
        return self.settings.domains if self.choice.domains is None else self.choice.domains

    @asynccontextmanager
    async def writing(self, within: AsyncConnection | None) -> AsyncIterator[AsyncConnection]:
        """`within`: the transaction of a tier above, which says on the bus what was done, when it stands."""
        if within is not None:
            yield within
            return
        async with self.storage.writing() as connection:
            yield connection

    async def who(self, token: str) -> tuple[Account, Session] | None:
        """Whose session that is. Notes that it is used, now and then."""
        now = self.clock.now()
        async with self.storage.reading() as connection:
            session = await store.session_of(connection, hashed(token))
            if session is None or not session.lives(now):
                return None
            account = await store.account_of(connection, session.account)
        if account is None or account.state is not State.ACTIVE:
            return None
        if now - session.used_at > USED_EVERY:
            async with self.storage.writing() as connection:
                await store.touch_session(connection, session.hashed, used_at=now)
        return account, session

    async def begin_session(
        self, connection: AsyncConnection, account: Account, device: str, drawn: str = ""
    ) -> SignedIn:
        """`drawn`: of a known device, which stays the same."""
        token, now = self.draw(32), self.clock.now()
        await store.add_session(connection, Session(hashed(token), account.id, now, now, now, device[:200]))
        return SignedIn(account, token, self.sealing.known_device(account.id, drawn or self.draw(12)))

    async def mail(
        self, connection: AsyncConnection, what: str, to: str, language: str, name: str, path: str
    ) -> None:
        """Nothing where there is no mail server, or enough went there already."""
        if self.post is None or not self.limits.mail(to, self.clock.monotonic()):
            return
        words = message(what, to, language, name, self.settings.site, self.settings.origin + path)
        await self.post.put(connection, words)

    async def prove_by_mail(
        self, connection: AsyncConnection, what: str, proof: Proof, language: str, name: str
    ) -> str:
        """A link with a secret in its fragment, mailed where that is possible."""
        token = self.draw(24)
        until = self.clock.now() + PROOF_LIFE
        await store.add_proof(connection, hashed(token), proof, until)
        path = f"/{'reset' if proof.kind == 'reset' else 'verify'}#{token}"
        await self.mail(connection, what, proof.address, language, name, path)
        return self.settings.origin + path

    async def prove_nothing(self, connection: AsyncConnection, address: str) -> None:
        """As much is written as by `prove_by_mail`, so that nobody tells by time which it was. Its secret is thrown away."""
        nobodys = Proof("nobody", None, address, {})
        await store.add_proof(connection, hashed(self.draw(24)), nobodys, self.clock.now() + PROOF_LIFE)

    def draw(self, size: int) -> str:
        return self.randomness.token(size).hex()

    def new_id(self) -> AccountId:
        return AccountId("a_" + self.draw(12))

    async def forget_old(self) -> None:
        now = self.clock.now()
        async with self.storage.writing() as connection:
            await store.forget_old(connection, now - SESSION_LIFE, now)


PROVE_AGAIN = Refusal("account.prove_again")


def must_be_fresh(session: Session, accounts: Accounts) -> Refusal | None:
    return None if session.fresh(accounts.clock.now()) else PROVE_AGAIN
