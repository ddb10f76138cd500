"""Who is invited: by address or account, each with a link of their own that can be taken back alone.

Law: an invitation is kept with its link and its mail in one transaction. Whether an address has an account here is told to nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot.accounts import Account
from folkmoot.accounts import model as accounts_model
from folkmoot.accounts import store as accounts
from folkmoot.accounts.model import AccountId
from folkmoot.calendar import mails, news, store
from folkmoot.calendar.calendar import Calendar
from folkmoot.calendar.model import Invitation, Kind, Mine, Series, Stretch
from folkmoot.calendar.news import News
from folkmoot.kit import Refusal, text
from folkmoot.meetings import invitations as links
from folkmoot.meetings import planned
from folkmoot.meetings.invitations import MOST, MOST_AT_ONCE
from folkmoot.meetings.model import hashed

UNKNOWN = Refusal("invitation.unknown")


@dataclass(frozen=True, slots=True)
class Invite:
    to: str
    """An address, or the id of an account. Empty: there is a name alone, and the link is passed on by hand."""
    name: str = ""
    language: str | None = None
    """Of who has no account. None: the organiser's."""
    cohost: bool = False


@dataclass(frozen=True, slots=True)
class Made:
    invitation: Invitation
    mailed: bool


async def invite(
    at: Calendar, by: Account, id: str, people: Sequence[Invite]
) -> tuple[Series, list[Made]] | Refusal:
    async with at.storage.writing() as connection:
        entry = await at.hosted(connection, id, by)
        if isinstance(entry, Refusal):
            return entry
        if any(one.cohost for one in people) and entry.mine is not Mine.OWNER:
            return Refusal("calendar.not_host")
        there = await store.invited(connection, entry.series.id)
        made = await checked(at, connection, by, entry.series, there, people)
        if isinstance(made, Refusal):
            return made
        owner = await owner_of(connection, entry.series) or by
        done = await keep(at, connection, owner, entry.series, made, len(there))
    at.tell_changed(entry.series.number)
    return entry.series, done


async def checked(
    at: Calendar,
    connection: AsyncConnection,
    by: Account,
    series: Series,
    there: Sequence[Invitation],
    people: Sequence[Invite],
) -> list[Invitation] | Refusal:
    """All of them or none."""
    if len(people) > MOST_AT_ONCE or len(there) + len(people) > MOST:
        return Refusal(
            "invitation.too_many", {"most": MOST if len(there) + len(people) > MOST else MOST_AT_ONCE}
        )
    if wait := at.mails_left(by.id, len(people)):
        return Refusal("invitation.too_many_mails", {"retry_after_s": wait})
    made: list[Invitation] = []
    met = {one.account or one.address for one in there if not one.revoked}
    for wanted in people:
        one = await _made(at, connection, by, series, wanted)
        if isinstance(one, Refusal):
            return one
        whom = one.account or one.address
        if (whom is not None and whom in met) or one.account == series.owner:
            return Refusal("invitation.already", {"which": wanted.to[:320]})
        met.add(whom)
        made.append(one)
    return made


async def _made(
    at: Calendar, connection: AsyncConnection, by: Account, series: Series, wanted: Invite
) -> Invitation | Refusal:
    account = await _account(connection, wanted.to)
    by_name = wanted.to == "" and wanted.name.strip() != ""
    address = None if account is not None or by_name else accounts_model.address(wanted.to)
    if isinstance(address, Refusal):
        return Refusal("invitation.address", {"which": wanted.to[:320]})
    called = account.name if account else wanted.name.strip() or (address or "").partition("@")[0]
    name = text.name(called)
    language = accounts_model.language(wanted.language or by.language)
    for one in (name, language):
        if isinstance(one, Refusal):
            return one
    assert isinstance(name, str) and isinstance(language, str)
    return Invitation(
        "i_" + at.draw(9),
        series.id,
        name,
        address,
        account.id if account else None,
        language,
        wanted.cohost,
        None,
        1,
        revoked=False,
        made_at=at.clock.now(),
    )


async def _account(connection: AsyncConnection, to: str) -> Account | None:
    return (
        await accounts.account_of(connection, AccountId(to))
        if to.startswith("a_") and "@" not in to
        else None
    )


async def keep(
    at: Calendar,
    connection: AsyncConnection,
    owner: Account,
    series: Series,
    made: Sequence[Invitation],
    place: int,
) -> list[Made]:
    if not made:
        return []
    await store.invite(connection, made, place)
    await planned.set_links(connection, series.number, [_link(at, one) for one in made])
    return [Made(one, await _tell(at, connection, "invited", series, owner, one)) for one in made]


# --- of one invitation ----------------------------------------------------------------------------------------------------


async def revoke(at: Calendar, by: Account, id: str, invitation: str) -> tuple[str, Invitation] | Refusal:
    """The meeting's number, and what is void now."""
    async with at.storage.writing() as connection:
        found = await _hosted(at, connection, by, id, invitation)
        if isinstance(found, Refusal):
            return found
        series, owner, invited = found
        gone = replace(invited, revoked=True)
        if not invited.revoked:
            gone = await take_back(at, connection, series, invited)
            await _tell(at, connection, "cancelled", series, owner, gone)
    at.tell_changed(series.number)
    return series.number, gone


async def take_back(
    at: Calendar, connection: AsyncConnection, series: Series, invited: Invitation
) -> Invitation:
    """That link lets nobody in any more."""
    gone = replace(invited, revoked=True)
    await store.change_invitation(connection, gone)
    await planned.set_links(connection, series.number, [_link(at, gone)])
    return gone


async def renew(at: Calendar, by: Account, id: str, invitation: str) -> tuple[Series, Made] | Refusal:
    """Another secret: the link that was given away is void, who it was meant for has a new one."""
    async with at.storage.writing() as connection:
        found = await _hosted(at, connection, by, id, invitation)
        if isinstance(found, Refusal):
            return found
        series, owner, invited = found
        if wait := at.mails_left(by.id, 1):
            return Refusal("invitation.too_many_mails", {"retry_after_s": wait})
        renewed = replace(invited, version=invited.version + 1, revoked=False)
        await store.change_invitation(connection, renewed)
        await planned.set_links(connection, series.number, [_link(at, renewed)])
        mailed = await _tell(at, connection, "invited", series, owner, renewed)
    at.tell_changed(series.number)
    return series, Made(renewed, mailed)


async def appoint(
    at: Calendar, by: Account, id: str, invitation: str, *, cohost: bool
) -> tuple[Series, Invitation] | Refusal:
    async with at.storage.writing() as connection:
        found = await _hosted(at, connection, by, id, invitation)
        if isinstance(found, Refusal):
            return found
        series, _, invited = found
        if series.owner != by.id:
            return Refusal("calendar.not_host")
        changed = replace(invited, cohost=cohost)
        await store.change_invitation(connection, changed)
    at.tell_changed(series.number)
    return series, changed


async def as_cohost(
    at: Calendar, connection: AsyncConnection, series: Series, whom: Account, owner: Account
) -> Invitation:
    """Whose it was until now."""
    there = await store.invited(connection, series.id)
    before = next((one for one in there if one.account == whom.id), None)
    if before is not None:  # it came to them from who has it again
        back = replace(before, version=before.version + 1, revoked=False, cohost=True, answer=None)
        await store.change_invitation(connection, back)
        await planned.set_links(connection, series.number, [_link(at, back)])
        await _tell(at, connection, "invited", series, owner, back)
        return back
    made = await _made(at, connection, owner, series, Invite(whom.id, cohost=True))
    assert isinstance(made, Invitation), "an account has a name and a language"
    await keep(at, connection, owner, series, [made], len(there))
    return made


async def _hosted(
    at: Calendar, connection: AsyncConnection, by: Account, id: str, invitation: str
) -> tuple[Series, Account, Invitation] | Refusal:
    entry = await at.hosted(connection, id, by)
    if isinstance(entry, Refusal):
        return entry
    invited = await store.invitation(connection, invitation)
    if invited is None or invited.series != entry.series.id:
        return UNKNOWN
    return entry.series, await owner_of(connection, entry.series) or by, invited


# --- what others hear -------------------------------------------------------------------------------------------------------


async def tell_changed(
    at: Calendar, connection: AsyncConnection, before: Series, after: Series, by: Account
) -> Refusal | None:
    """Of each stretch that is another now; of one that is no more, that it is cancelled. Refused where it was too often: who caused it
    changes nothing then. That all of it is cancelled is said once, and always."""
    everybody = [one for one in await store.invited(connection, after.id) if not one.revoked]
    gone, changed = news.parts(before, after)
    if not everybody or not (gone or changed):
        return None
    ends = after.cancelled_at is not None
    if not ends and (wait := at.news_left(by.id, after.id, len(everybody) * len([*gone, *changed]))):
        return Refusal("calendar.too_many_changes", {"retry_after_s": wait})
    owner = await owner_of(connection, after) or by
    await _tell_all(at, connection, "cancelled", after, owner, everybody, gone)
    for stretch in changed:
        said = news.news(before, after, stretch, at.clock.now())
        await _tell_all(at, connection, "changed", after, owner, everybody, [stretch], said)
    return None


async def tell_handed_over(at: Calendar, connection: AsyncConnection, series: Series, owner: Account) -> None:
    everybody = [one for one in await store.invited(connection, series.id) if not one.revoked]
    await _tell_all(at, connection, "handed", series, owner, everybody, series.stretches)


async def _tell_all(
    at: Calendar,
    connection: AsyncConnection,
    what: str,
    series: Series,
    owner: Account,
    everybody: Iterable[Invitation],
    stretches: Sequence[Stretch],
    said: News | None = None,
) -> None:
    if not stretches:
        return
    for invited in everybody:
        await mails.send(at, connection, what, series, owner, invited, stretches, said)


async def _tell(
    at: Calendar, connection: AsyncConnection, what: str, series: Series, owner: Account, invited: Invitation
) -> bool:
    stretches = series.stretches or (Stretch(series.made_at, series.minutes, series.zone),)
    if series.kind is not Kind.PLANNED:
        return False
    return await mails.send(at, connection, what, series, owner, invited, stretches)


def _link(at: Calendar, invited: Invitation) -> links.Invitation:
    admission = hashed(at.links.admission_of(invited))
    return links.Invitation(invited.id, invited.name, admission, invited.made_at, invited.revoked)


async def owner_of(connection: AsyncConnection, series: Series) -> Account | None:
    return await accounts.account_of(connection, AccountId(series.owner))
