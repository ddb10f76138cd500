"""Mails to the invited: the words in their language, the calendar part for their calendar.

Law: a mail leads to this server's own address, with a link that is its reader's alone. Their time is told in their own zone where that is
known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot.accounts import Account
from folkmoot.accounts import store as accounts
from folkmoot.accounts.model import AccountId
from folkmoot.calendar import ics, occurring, words
from folkmoot.calendar.calendar import Calendar
from folkmoot.calendar.model import Invitation, Occurrence, Series, Stretch
from folkmoot.mail import Message

TIMES_TOLD, TITLES_TOLD = 4, 50


@dataclass(frozen=True, slots=True)
class Reader:
    """Where to, and how they want to be spoken to."""

    address: str
    language: str
    zone: str


async def reader(connection: AsyncConnection, invited: Invitation, zone: str) -> Reader | None:
    """Of an account by what it says of itself; of an address whose it is, likewise."""
    account = await account_of(connection, invited)
    if account is not None:
        to = invited.address or proven(account)
        return Reader(to, account.language, account.time_zone) if to else None
    return Reader(invited.address, invited.language, zone) if invited.address else None


async def account_of(connection: AsyncConnection, invited: Invitation) -> Account | None:
    if invited.account is not None:
        return await accounts.account_of(connection, AccountId(invited.account))
    if invited.address is None:
        return None
    claims = await accounts.claimants(connection, invited.address)
    if not claims or not claims[0][1]:
        return None
    return await accounts.account_of(connection, claims[0][0])


async def send(
    at: Calendar,
    connection: AsyncConnection,
    what: str,
    series: Series,
    owner: Account,
    invited: Invitation,
    stretches: Sequence[Stretch],
) -> bool:
    """One mail for each stretch: to a calendar each is an event of its own. Whether there was somewhere to send it to."""
    to = await reader(connection, invited, series.zone)
    if at.post is None or to is None or not _may_send(owner):
        return False
    invited = replace(invited, address=to.address)
    for stretch in stretches:
        message = _message(at, what, series, owner, invited, to, stretch)
        if message is not None:
            await at.post.put(connection, message)
    return True


def _may_send(owner: Account) -> bool:
    """An address that isn't proven grants nothing: least of all to write to others."""
    return any(one.proven for one in owner.addresses)


def _message(
    at: Calendar,
    what: str,
    series: Series,
    owner: Account,
    invited: Invitation,
    to: Reader,
    stretch: Stretch,
) -> Message | None:
    alone = replace(series, stretches=(stretch,))
    gone = what == "cancelled"
    times = occurring.coming(replace(alone, cancelled_at=None), at.clock.now(), TIMES_TOLD)
    if not times:
        return None
    told = replace(series, cancelled_at=series.cancelled_at or at.clock.now()) if gone else series
    title = stretch.title or words.UNTITLED[to.language]
    said = sender(at, series, owner, invited, to.language, "" if gone else _answers(at, invited, to.language))
    method = "CANCEL" if gone else "REQUEST"
    calendar = ics.written(method, ics.events(told, said, at.clock.now(), invited, [stretch]), to.language)
    subject = words.SUBJECTS[what][to.language].format(title=title, when=_when(times, to), who=owner.name)
    body = _body(at, what, owner, invited, to, series, stretch, times)
    return Message(to.address, subject, body, to.language, calendar, method, said.address)


def _body(
    at: Calendar,
    what: str,
    owner: Account,
    invited: Invitation,
    to: Reader,
    series: Series,
    stretch: Stretch,
    times: list[Occurrence],
) -> str:
    head = words.HEADS[what][to.language].format(who=owner.name)
    parts = [head, f"{stretch.title or words.UNTITLED[to.language]}\n{_when(times, to)}".strip()]
    if what != "cancelled":
        if len(times) > 1:
            parts.append(words.listed(times, to.zone, to.language))
        if stretch.notes:
            parts.append(stretch.notes)
        link = at.links.link_of(series.number, invited)
        parts += [words.JOIN[to.language].format(link=link), _answers(at, invited, to.language)]
    return "\n\n".join(parts) + "\n"


def _when(times: list[Occurrence], to: Reader) -> str:
    return words.when(times[0].starts_at, times[0].minutes, to.zone, to.language) if times else ""


def _answers(at: Calendar, invited: Invitation, language: str) -> str:
    links = {said: at.links.answer(invited, said) for said in ("yes", "maybe", "no")}
    return words.ANSWER[language].format(**links)


def proven(account: Account) -> str | None:
    return next((one.address for one in account.addresses if one.proven), None)


def inherited(at: Calendar, to: Account, came: Sequence[Series]) -> Message | None:
    """To whom meetings were left."""
    address = proven(to)
    if address is None or not came:
        return None
    subject, text = words.INHERITED[to.language]
    titles = "\n".join(f"  {one.title or words.UNTITLED[to.language]}" for one in came[:TITLES_TOLD])
    more = "\n  …" if len(came) > TITLES_TOLD else ""
    said = text.format(list=titles + more, link=at.accounts.settings.origin + "/")
    return Message(address, subject.format(count=len(came)), said, to.language)


def sender(
    at: Calendar, series: Series, owner: Account, invited: Invitation | None, language: str, also: str = ""
) -> ics.From:
    """The organiser, as calendars name one."""
    address = proven(owner) or f"noreply@{at.accounts.settings.site.partition(':')[0]}"
    link = at.links.link(series) if invited is None else at.links.link_of(series.number, invited)
    return ics.From(at.accounts.settings.site, owner.name, address, link, also, words.UNTITLED[language])
