"""What all that is done with the calendar has at hand."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot.accounts import Account, Accounts
from folkmoot.branding import Shown
from folkmoot.calendar import store
from folkmoot.calendar.links import Links
from folkmoot.calendar.model import Mine, Series
from folkmoot.calendar.store import Entry
from folkmoot.kit import Clock, Randomness, Refusal
from folkmoot.kit.bucket import Buckets
from folkmoot.mail import Message, Post
from folkmoot.meetings import planned
from folkmoot.meetings.planned import Visitor
from folkmoot.meetings.tickets import TokenSigner
from folkmoot.storage import Storage

UNKNOWN = Refusal("calendar.unknown")
NONE = b""
"""What no passcode comes to."""
MAILS, MAILS_S, MOST_KEYS = 2000, 24 * 3600.0, 50_000
"""Invitations that one person sends in a day."""
CHANGES, CHANGES_S = 20, 3600.0
"""Of one meeting so many are told to the invited in an hour: who changes their mind all the time floods nobody."""
NEWS, NEWS_S = 5000, 24 * 3600.0
"""Mails about changes that one person causes in a day."""


async def nothing_above(_: str) -> Mapping[str, tuple[str, str]]:
    return {}


async def as_folkmoot(*_: object) -> Shown | None:
    return None


@dataclass(frozen=True, slots=True)
class Calendar:
    storage: Storage
    clock: Clock
    randomness: Randomness
    accounts: Accounts
    links: Links
    signer: TokenSigner
    post: Post | None
    presets: Collection[str]
    most_people: int = 2000
    kept_for: timedelta = timedelta(days=30)
    """What is kept of an occurrence, and a plan that was cancelled."""
    mails: Buckets = field(default_factory=lambda: Buckets(MAILS, MAILS_S, MOST_KEYS))
    changes: Buckets = field(default_factory=lambda: Buckets(CHANGES, CHANGES_S, MOST_KEYS))
    news: Buckets = field(default_factory=lambda: Buckets(NEWS, NEWS_S, MOST_KEYS))
    changed: list[Callable[[str], object]] = field(default_factory=list)
    """Who is told the number of a meeting whose plan is another now."""
    orgs: Callable[[str], Mapping[str, str]] = field(default=lambda _: {})
    """Of an account: names of the organisations that it has joined, by id."""
    floors: Callable[[str], Awaitable[Mapping[str, tuple[str, str]]]] = field(default=nothing_above)
    """What meetings of an account are never looser than."""
    appearing: Callable[[Series, Message], Message] = field(default=lambda _, message: message)
    """A mail about a meeting, from whom its organisation's are."""
    branded: Callable[[AsyncConnection, Series], Awaitable[Shown | None]] = field(default=as_folkmoot)
    """How the organisation looks that a meeting is of."""

    def draw(self, size: int) -> str:
        return self.randomness.token(size).hex()

    def mails_left(self, of: str, many: int) -> float:
        """0: so many more may be invited by them; else how many seconds from now."""
        return self.mails.take(of, self.clock.monotonic(), many) if many else 0.0

    def news_left(self, of: str, series: str, many: int) -> float:
        """0: so many may hear of one more change of it; else how many seconds from now."""
        now = self.clock.monotonic()
        wait = self.changes.wait(series, now) or self.news.take(of, now, many)
        return wait or self.changes.take(series, now)

    async def entry(self, connection: AsyncConnection, id: str, by: Account) -> Entry | Refusal:
        """As it stands in their calendar. Who isn't of it hears that there is none."""
        series = await store.find(connection, id)
        if series is None:
            return UNKNOWN
        if series.owner == by.id:
            return Entry(series, Mine.OWNER, None)
        invited = await store.invitation_of(connection, series.id, visitor(by))
        if invited is None:
            return UNKNOWN
        return Entry(series, Mine.COHOST if invited.cohost else Mine.INVITED, invited)

    async def hosted(self, connection: AsyncConnection, id: str, by: Account) -> Entry | Refusal:
        found = await self.entry(connection, id, by)
        if isinstance(found, Entry) and not found.mine.hosts:
            return Refusal("calendar.not_host")
        return found

    def tell_changed(self, number: str) -> None:
        for listener in self.changed:
            listener(number)

    async def set_proofs(self, connection: AsyncConnection, series: Series) -> None:
        passcode = NONE
        if series.terms.by_number:
            passcode = self.signer.passcode(series.number, self.links.passcode(series))
        await planned.set_proofs(connection, series.number, self.links.admission(series), passcode)


def visitor(account: Account) -> Visitor:
    proven = tuple(one.address for one in account.addresses if one.proven)
    return Visitor(account.id, account.name, proven, account.picture)
