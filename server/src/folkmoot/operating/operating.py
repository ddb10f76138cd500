"""What the operator has at hand, and what they do."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Generic, TypeVar

from folkmoot.accounts import Account, AccountChanged, AccountId, Accounts, AddressProven, administering, keys
from folkmoot.accounts import store as accounts_store
from folkmoot.accounts.accounts import Choice
from folkmoot.accounts.signing_up import Wanted
from folkmoot.audit import Audit
from folkmoot.audit.chain import Entry
from folkmoot.files import Files
from folkmoot.jobs import Jobs
from folkmoot.kit import Recurring, Refusal
from folkmoot.mail import Message
from folkmoot.operating import announcing, choosing
from folkmoot.operating.announcing import Announcement
from folkmoot.operating.checks import Certified, Finding, certificate
from folkmoot.operating.choosing import Choices
from folkmoot.orgs import Orgs
from folkmoot.orgs import store as orgs_store
from folkmoot.orgs.model import Org
from folkmoot.outward import store as outward_store
from folkmoot.outward.model import Host
from folkmoot.storage.searching import Place

T = TypeVar("T")

SCOPE = "server"
"""In the audit."""
READ_EVERY_S = 10.0
MOST_LISTED = 200
WORDS = {
    "en": ("Mail works", "This is the mail that you asked for on the operator's page of {site}. Mail leaves this server."),
    "zh-CN": ("邮件可用", "这是你在 {site} 管理页面请求的测试邮件。本服务器可以发送邮件。"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Parts:
    """What of the running server is asked; none of it waits."""

    counts: Callable[[], Mapping[str, float]]
    ill: Callable[[], Mapping[str, str]]
    checks: Callable[[], Iterable[Finding]]
    """May take a second: asked in a thread."""
    version: str
    certificate: Path | None = None
    ours: bool = False
    embed: tuple[str, ...] = ()
    """As the configuration has it."""


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    found: Sequence[T]
    next: Place | None
    """Where it goes on. None: that was all."""


@dataclass(frozen=True, slots=True)
class Organisation:
    org: Org
    people: int
    hosts: Sequence[Host]
    """Addresses of their own."""


@dataclass(frozen=True, slots=True)
class Storing:
    files: dict[str, tuple[int, int]]
    free: int | None
    given_up: list[tuple[str, str, datetime, int]]
    """Work that was given up: kind, why, since when, after how many tries."""


class Operating:
    def __init__(
        self, accounts: Accounts, orgs: Orgs, files: Files, jobs: Jobs, audit: Audit, parts: Parts
    ) -> None:
        self.accounts, self.parts = accounts, parts
        self._orgs, self._files, self._jobs, self._audit = orgs, files, jobs, audit
        self._storage, self._clock = accounts.storage, accounts.clock
        self.began = self._clock.now()
        self.choices = Choices()
        self._announced: list[Announcement] = []
        self._reading = Recurring("reading the operator's choices", self.refresh, READ_EVERY_S, self._clock)

    async def start(self) -> None:
        await self.refresh()
        self._reading.start()

    async def stop(self) -> None:
        await self._reading.stop()

    def ailment(self) -> str | None:
        return self._reading.ailment()

    async def refresh(self) -> None:
        """Also what the shell has chosen meanwhile."""
        async with self._storage.reading() as connection:
            self.choices = await choosing.read(connection)
            self._announced = await announcing.every(connection)
        _apply(self.choices, self.accounts.choice)

    # --- looking ----------------------------------------------------------------------------------------------------

    def announced(self) -> list[Announcement]:
        """What everybody may read now."""
        now = self._clock.now()
        return [one for one in self._announced if one.begins <= now < one.ends]

    def every_announcement(self) -> list[Announcement]:
        return self._announced

    def embed_origins(self) -> tuple[str, ...]:
        """Whose pages may show a meeting in a frame."""
        return self.parts.embed if self.choices.embed is None else self.choices.embed

    def certified(self) -> Certified | None:
        file = self.parts.certificate
        return None if file is None else certificate(file, self._clock.now(), ours=self.parts.ours)

    async def checks(self) -> list[Finding]:
        return await asyncio.to_thread(lambda: list(self.parts.checks()))

    async def people(self, like: str, after: Place | None = None) -> Page[Account]:
        found = await administering.find(self.accounts, like, after)
        return _page(found, found[-1] if found else None)

    async def organisations(self, like: str, after: Place | None = None) -> Page[Organisation]:
        """By parts of their name, or a part of an address of their own or a domain that they have proven."""
        part = like.strip().lower()
        async with self._storage.reading() as connection:
            also = await outward_store.found_by_host(connection, part, MOST_LISTED) if part else []
            found = await orgs_store.all_orgs(connection, like, MOST_LISTED, after, also)
            hosts = await outward_store.hosts_of_all(connection, [org.id for org, _ in found])
        shown = [Organisation(org, people, hosts.get(org.id, [])) for org, people in found]
        return _page(shown, shown[-1].org if shown else None)

    async def storing(self) -> Storing:
        given_up = [(job.kind, why, job.made_at, job.tries) for job, why in await self._jobs.given_up()]
        return Storing(await self._files.sums(), await self._files.free(), given_up[:MOST_LISTED])

    async def noted(self, before: int | None) -> list[Entry]:
        return await self._audit.entries(SCOPE, before)

    async def names_in(self, noted: Sequence[Entry]) -> dict[str, str]:
        """Of those who have an account still: the entries hold ids alone."""
        ids = [AccountId(id) for one in noted for id in (one.actor, one.subject)]
        async with self._storage.reading() as connection:
            return await accounts_store.names_of(connection, ids)

    # --- acting -----------------------------------------------------------------------------------------------------

    async def create(self, by: str, wanted: Wanted, *, operator: bool) -> Account | Refusal:
        async with self._audit.acting() as acting:
            made = await administering.create(
                self.accounts, wanted, by, operator=operator, within=acting.connection
            )
            if isinstance(made, Refusal):
                return made
            await acting.note(SCOPE, by, "account.created", made.account.id, operator=operator)
        self.accounts.bus.publish(AddressProven(made.account.id, made.account.addresses[0].address))
        return made.account

    async def make_key(
        self, by: str, id: AccountId, name: str, scopes: Sequence[str], days: float | None
    ) -> str | Refusal:
        async with self._audit.acting() as acting:
            made = await keys.make(self.accounts, id, name, scopes, days, within=acting.connection)
            if isinstance(made, Refusal):
                return made
            await acting.note(SCOPE, by, "key.made", id, key=made[0].id)
        return made[1]

    async def suspend(self, by: str, id: AccountId, *, suspended: bool) -> Refusal | None:
        if suspended and id == by:
            return Refusal("operator.not_oneself")
        async with self._audit.acting() as acting:
            refusal = await administering.suspend(
                self.accounts, id, suspended=suspended, within=acting.connection
            )
            if refusal is None:
                await acting.note(SCOPE, by, "account.suspended" if suspended else "account.restored", id)
        if refusal is None:
            self.accounts.bus.publish(AccountChanged(id))
        return refusal

    async def appoint(self, by: str, id: AccountId, *, operator: bool) -> Refusal | None:
        async with self._audit.acting() as acting:
            refusal = await administering.appoint(
                self.accounts, id, operator=operator, within=acting.connection
            )
            if refusal is None:
                await acting.note(SCOPE, by, "operator.appointed" if operator else "operator.dismissed", id)
        return refusal

    async def reset(self, by: str, id: AccountId) -> str | Refusal:
        async with self._audit.acting() as acting:
            link = await administering.reset(self.accounts, id, within=acting.connection)
            if not isinstance(link, Refusal):
                await acting.note(SCOPE, by, "account.reset", id)
        return link

    async def choose(self, by: str, chosen: Choices) -> Refusal | None:
        if (wrong := chosen.wrong()) is not None:
            return wrong
        async with self._audit.acting() as acting:
            await choosing.write(acting.connection, chosen)
            await acting.note(SCOPE, by, "server.chosen", "", **_told(chosen))
        await self.refresh()
        return None

    async def announce(
        self, by: str, en: str, zh: str, begins: datetime | None, ends: datetime
    ) -> Announcement | Refusal:
        now = self._clock.now()
        made = announcing.checked("n_" + self.accounts.draw(12), en, zh, begins or now, ends)
        if isinstance(made, Refusal):
            return made
        async with self._audit.acting() as acting:
            await announcing.forget_old(acting.connection, now)
            if (refusal := await announcing.add(acting.connection, made)) is not None:
                return refusal
            await acting.note(SCOPE, by, "announcement.made", made.id)
        await self.refresh()
        return made

    async def unannounce(self, by: str, id: str) -> Refusal | None:
        async with self._audit.acting() as acting:
            if (refusal := await announcing.remove(acting.connection, id)) is not None:
                return refusal
            await acting.note(SCOPE, by, "announcement.removed", id)
        await self.refresh()
        return None

    async def try_mail(self, me: Account) -> str | Refusal:
        """To the operator's own address: whether mail leaves at all. Where it went."""
        post, address = self.accounts.post, next((one.address for one in me.addresses if one.proven), None)
        if post is None or address is None:
            return Refusal("mail.none" if post is None else "operator.no_address")
        subject, words = WORDS.get(me.language, WORDS["en"])
        said = words.format(site=self.accounts.settings.site)
        async with self._storage.writing() as connection:
            await post.put(connection, Message(address, subject, said, me.language))
        await self._jobs.look()
        return address


def _page(found: Sequence[T], last: Account | Org | None) -> Page[T]:
    more = last is not None and len(found) == MOST_LISTED
    return Page(found, Place(last.made_at, last.id) if last and more else None)


def _apply(chosen: Choices, to: Choice) -> None:
    to.sign_up, to.domains = chosen.sign_up, chosen.domains


def _told(chosen: Choices) -> dict[str, object]:
    """How many, not which: an audit names nobody."""
    told: dict[str, object] = {}
    if chosen.sign_up is not None:
        told["sign_up"] = chosen.sign_up.value
    for name, some in (("domains", chosen.domains), ("embed", chosen.embed)):
        if some is not None:
            told[name] = len(some)
    for name, number in (("people", chosen.people), ("minutes", chosen.minutes)):
        if number is not None:
            told[name] = number
    return told
