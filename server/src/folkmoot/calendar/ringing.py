"""Asking somebody who is invited to come now: at a page of theirs that is open, and by mail.

Law: no push service, which would be a third party. Quiet hours are kept. What is rung is forgotten in a minute, and nobody is rung
again sooner.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from folkmoot.accounts import Account
from folkmoot.branding.heading import letterhead
from folkmoot.calendar import inviting, mails, store, words
from folkmoot.calendar.calendar import Calendar
from folkmoot.calendar.model import Invitation, Series
from folkmoot.calendar.store import Preferences
from folkmoot.kit import Clock, Refusal
from folkmoot.kit.bucket import Buckets
from folkmoot.mail import Message

LASTS = timedelta(seconds=60)
MOST_WAITING, MOST_RINGS = 20_000, 5
AGAIN_S = 60.0


@dataclass(frozen=True, slots=True)
class Ring:
    id: int
    meeting: str
    number: str
    title: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Rung:
    open: bool
    """A page of theirs heard it."""
    mailed: bool
    quiet: bool
    """They don't want to be rung at this hour."""


@dataclass(slots=True)
class _Ear:
    rings: deque[Ring] = field(default_factory=lambda: deque(maxlen=MOST_RINGS))
    listeners: int = 0
    woken: asyncio.Event = field(default_factory=asyncio.Event)


class Bell:
    """Who listens at this moment, and what was rung lately. In memory alone."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ears: OrderedDict[str, _Ear] = OrderedDict()
        self._last = 0
        self._often = Buckets(1, AGAIN_S, MOST_WAITING)
        self._stopped = False

    def wait(self, by: str, whom: str) -> float:
        return self._often.take((by, whom), self._clock.monotonic())

    def ring(self, account: str, meeting: str, number: str, title: str, by: str) -> bool:
        """Whether a page hears it."""
        self._last += 1
        ear = self._ear(account)
        ear.rings.append(Ring(self._last, meeting, number, title, by, self._clock.now()))
        ear.woken.set()
        return ear.listeners > 0

    async def listen(self, account: str, after: int, within: float) -> list[Ring]:
        """At once where there is something, else when there is."""
        ear = self._ear(account)
        if not (fresh := self._fresh(ear, after)) and not self._stopped:
            ear.listeners += 1
            ear.woken.clear()
            try:
                async with asyncio.timeout(within):
                    await ear.woken.wait()
            except TimeoutError:
                return []
            finally:
                ear.listeners -= 1
            fresh = self._fresh(ear, after)
        return fresh

    def stop(self) -> None:
        """Who listens is answered: a server that stops waits for nobody."""
        self._stopped = True
        for ear in self._ears.values():
            ear.woken.set()

    def _fresh(self, ear: _Ear, after: int) -> list[Ring]:
        now = self._clock.now()
        return [one for one in ear.rings if one.id > after and now - one.at < LASTS]

    def _ear(self, account: str) -> _Ear:
        ear = self._ears.setdefault(account, _Ear())
        self._ears.move_to_end(account)
        if len(self._ears) > MOST_WAITING:
            self._ears.popitem(last=False)
        return ear


async def ring(at: Calendar, bell: Bell, by: Account, id: str, invitation: str) -> Rung | Refusal:
    async with at.storage.writing() as connection:
        entry = await at.hosted(connection, id, by)
        if isinstance(entry, Refusal):
            return entry
        invited = await store.invitation(connection, invitation)
        if invited is None or invited.series != entry.series.id or invited.revoked:
            return inviting.UNKNOWN
        if wait := bell.wait(by.id, invited.id):
            return Refusal("ring.too_often", {"retry_after_s": wait})
        account = await mails.account_of(connection, invited)
        wanted = await store.preferences(connection, account.id) if account else Preferences()
        zone = account.time_zone if account else entry.series.zone
        if account is not None and is_quiet(wanted, at.clock.now(), zone):
            return Rung(open=False, mailed=False, quiet=True)
        heard = False
        if account is not None:
            series = entry.series
            heard = bell.ring(account.id, series.id, series.number, series.title, by.name)
        mail = await _mail(at, by, entry.series, invited, await mails.reader(connection, invited, zone))
        may = mail is not None and wanted.ring_by_mail and not at.mails_left(by.id, 1)
        if may and mail is not None and at.post is not None:
            head = letterhead(await at.branded(connection, entry.series))
            await at.post.put(connection, replace(mail, letterhead=head))
    # whether an address has an account with a page open is told of accounts alone
    told = heard and invited.account is not None
    return Rung(open=told, mailed=may, quiet=False)


async def _mail(
    at: Calendar, by: Account, series: Series, invited: Invitation, to: mails.Reader | None
) -> Message | None:
    if to is None or at.post is None or not any(one.proven for one in by.addresses):
        return None
    title = series.title or words.UNTITLED[to.language]
    link = at.links.link_of(series, invited)
    subject = words.SUBJECTS["rung"][to.language].format(who=by.name, title=title)
    head = words.HEADS["rung"][to.language].format(who=by.name)
    body = f"{head}\n\n{title}\n\n{words.JOIN[to.language].format(link=link)}\n"
    return at.appearing(series, Message(to.address, subject, body, to.language))


def is_quiet(wanted: Preferences, now: datetime, zone: str) -> bool:
    """Also over midnight."""
    if wanted.quiet_from is None or wanted.quiet_to is None:
        return False
    begins, ends = time.fromisoformat(wanted.quiet_from), time.fromisoformat(wanted.quiet_to)
    here = now.astimezone(ZoneInfo(zone)).time()
    return begins <= here < ends if begins <= ends else here >= begins or here < ends
