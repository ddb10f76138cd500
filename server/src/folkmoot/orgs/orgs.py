"""What all that is done with organisations has at hand."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot.accounts import Account, AccountId, Accounts
from folkmoot.audit import Audit
from folkmoot.bus import Bus, MemoryBus
from folkmoot.jobs import Jobs
from folkmoot.kit import Clock, Refusal
from folkmoot.orgs import store
from folkmoot.orgs.model import Member, OrgId, Role
from folkmoot.orgs.words import message
from folkmoot.storage import Storage

UNKNOWN = Refusal("org.unknown")
"""Also said to who isn't in it: an outsider sees nobody, and not whether there is somebody."""

Resolve = Callable[[str], Awaitable[list[str] | None]]
"""The TXT records of a name; None: the DNS doesn't answer."""


Along = Callable[[AsyncConnection, OrgId, AccountId, Sequence[str]], Awaitable[object]]
"""Somebody joins an organisation, and says which of their meetings come along."""


Ended = Callable[[AsyncConnection, OrgId], Awaitable[object]]
"""An organisation is about to be no more."""


async def no_resolver(_: str) -> list[str] | None:
    return None


@dataclass(frozen=True, slots=True)
class Orgs:
    accounts: Accounts
    audit: Audit
    jobs: Jobs
    resolve: Resolve = no_resolver
    bus: Bus = field(default_factory=MemoryBus)
    along: list[Along] = field(default_factory=list)
    """Done in the transaction of their yes: who is a member has what they brought."""
    ended: list[Ended] = field(default_factory=list)
    """Done in the transaction of its end: what of it lies elsewhere goes with it."""

    @property
    def storage(self) -> Storage:
        return self.accounts.storage

    @property
    def clock(self) -> Clock:
        return self.accounts.clock

    async def standing(
        self, connection: AsyncConnection, org: OrgId, who: AccountId, least: Role = Role.MEMBER
    ) -> Member | Refusal:
        """Who that is in there, if it is enough."""
        member = await store.member_of(connection, org, who)
        if member is None or not member.may(Role.MEMBER):
            return UNKNOWN
        return member if member.may(least) else Refusal("org.not_allowed", {"role": least.value})

    async def end(self, connection: AsyncConnection, org: OrgId) -> None:
        for one in self.ended:
            await one(connection, org)
        await store.remove_org(connection, org)

    async def mail(
        self, connection: AsyncConnection, what: str, to: str, language: str, path: str, **told: str
    ) -> bool:
        """Whether one is on its way. Nothing where there is no mail server, or enough went there already."""
        at = self.accounts
        if at.post is None or not at.limits.mail(to, at.clock.monotonic()):
            return False
        settings = at.settings
        link = settings.origin + path
        await at.post.put(connection, message(what, to, language, site=settings.site, link=link, **told))
        return True

    def draw(self, prefix: str) -> str:
        return prefix + self.accounts.draw(12)


def proven(account: Account) -> tuple[str, ...]:
    return tuple(one.address for one in account.addresses if one.proven)
