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
from folkmoot.branding.heading import letterhead
from folkmoot.calendar import ics, occurring, words
from folkmoot.calendar.calendar import Calendar
from folkmoot.calendar.model import Invitation, Occurrence, Series, Stretch
from folkmoot.calendar.news import News
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
    news: News | None = None,
) -> bool:
    """One mail for each stretch: to a calendar each is an event of its own. Whether there was somewhere to send it to."""
    to = await reader(connection, invited, series.zone)
    if at.post is None or to is None or not leave(at, owner):
        return False
    invited = replace(invited, address=to.address)
    head = letterhead(await at.branded(connection, series))
    for stretch in stretches:
        message = _message(at, what, series, owner, invited, to, stretch, news)
        if message is not None:
            await at.post.put(connection, replace(message, letterhead=head))
    return True


def leave(at: Calendar, owner: Account) -> bool:
    """Whether this server sends mails about what is theirs. An address that isn't proven grants nothing: least of all to write to
    others."""
    return at.post is not None and any(one.proven for one in owner.addresses)


def _message(
    at: Calendar,
    what: str,
    series: Series,
    owner: Account,
    invited: Invitation,
    to: Reader,
    stretch: Stretch,
    news: News | None,
) -> Message | None:
    alone = replace(series, stretches=(stretch,))
    gone = what == "cancelled"
    times = occurring.coming(replace(alone, cancelled_at=None), at.clock.now(), TIMES_TOLD)
    about = news.about if news else what
    if not times:
        if not about.startswith("cancelled_"):
            return None
        about = "cancelled"  # beside it there are no others
    told = replace(series, cancelled_at=series.cancelled_at or at.clock.now()) if gone else series
    one = news.one if news else times[0]
    title = one.title or words.UNTITLED[to.language]
    said = sender(
        at, series, owner, invited, to.language, "" if gone else _answers(at, series, invited, to.language)
    )
    method = "CANCEL" if gone else "REQUEST"
    calendar = ics.written(method, ics.events(told, said, at.clock.now(), invited, [stretch]), to.language)
    when = _when(one, to)
    subject = words.SUBJECTS[about][to.language].format(title=title, when=when, who=owner.name)
    parts = [words.HEADS[about][to.language].format(who=owner.name, when=when), f"{title}\n{when}"]
    if news and news.was:
        parts.append(words.WAS[to.language].format(when=_when(news.was, to)))
    if times and not gone:
        parts += _to_come(at, invited, to, series, stretch, times, news)
    body = "\n\n".join(parts) + "\n"
    made = Message(to.address, subject, body, to.language, calendar, method, said.address)
    return at.appearing(series, made)


def _to_come(
    at: Calendar,
    invited: Invitation,
    to: Reader,
    series: Series,
    stretch: Stretch,
    times: list[Occurrence],
    news: News | None,
) -> list[str]:
    """The next of it, what it is about, and the ways in."""
    listed = [words.listed(times, to.zone, to.language)] if len(times) > 1 or news else []
    notes = news.one.notes if news else stretch.notes
    link = words.JOIN[to.language].format(link=at.links.link_of(series, invited))
    return [*listed, *([notes] if notes else []), link, _answers(at, series, invited, to.language)]


def _when(one: Occurrence, to: Reader) -> str:
    return words.when(one.starts_at, one.minutes, to.zone, to.language)


def _answers(at: Calendar, series: Series, invited: Invitation, language: str) -> str:
    links = {said: at.links.answer(series, invited, said) for said in ("yes", "maybe", "no")}
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


def passed_on(at: Calendar, to: Account, by: Account, series: Series) -> Message | None:
    """To whom a meeting was handed."""
    address = proven(to)
    if address is None:
        return None
    subject, text = words.PASSED_ON[to.language]
    title = series.title or words.UNTITLED[to.language]
    link = f"{at.accounts.settings.origin}/meetings/{series.id}"
    said = text.format(who=by.name, title=title, link=link)
    return Message(address, subject.format(who=by.name, title=title), said, to.language)


def sender(
    at: Calendar, series: Series, owner: Account, invited: Invitation | None, language: str, also: str = ""
) -> ics.From:
    """The organiser, as calendars name one."""
    address = proven(owner) or f"noreply@{at.accounts.settings.site.partition(':')[0]}"
    link = at.links.link(series) if invited is None else at.links.link_of(series, invited)
    return ics.From(at.accounts.settings.site, owner.name, address, link, also, words.UNTITLED[language])
