"""Whose a meeting is when it stops being its owner's alone: brought into an organisation, passed on, or left to who follows.

Law: nothing is taken. A meeting belongs to an organisation when its owner said so, and passes to somebody when its owner handed it to them,
named them as who follows, or goes from the organisation that it belongs to. Its number, its links and who is invited stay as they are.
Who has it by another's doing is asked: they keep it, or give it back to who it was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot.accounts import Account
from folkmoot.accounts import store as accounts
from folkmoot.accounts.model import AccountId, State
from folkmoot.calendar import inviting, mails, store
from folkmoot.calendar.calendar import Calendar, visitor
from folkmoot.calendar.model import MOST_OWNED, Kind, Mine, Series
from folkmoot.calendar.store import Entry
from folkmoot.kit import Refusal
from folkmoot.orgs import OrgId
from folkmoot.orgs import store as orgs

NOBODY = Refusal("calendar.heir")
NOT_A_COLLEAGUE = Refusal("calendar.not_a_colleague")
NOT_HANDED = Refusal("calendar.not_handed")


async def bring(at: Calendar, connection: AsyncConnection, org: str, owner: str, ids: Sequence[str]) -> None:
    """What they don't own stays as it is."""
    for number in await store.give(connection, owner, org, ids):
        at.tell_changed(number)


async def name_heir(at: Calendar, by: Account, heir: str | None) -> str | Refusal:
    """Who has their meetings when their account goes: an organisation that they are in, or a colleague. What those are called."""
    async with at.storage.writing() as connection:
        name = await _may_follow(at, connection, by, heir)
        if name is None:
            return NOBODY
        wanted = await store.preferences(connection, by.id)
        await store.prefer(connection, by.id, replace(wanted, heir=heir))
    return name


@dataclass(frozen=True, slots=True)
class Heirs:
    """Who was named, as far as they may still follow, and which organisations might be."""

    heir: str | None
    name: str
    orgs: Mapping[str, str]


async def heirs(at: Calendar, by: Account) -> Heirs:
    async with at.storage.reading() as connection:
        heir = (await store.preferences(connection, by.id)).heir
        name = await _may_follow(at, connection, by, heir)
        mine = at.orgs(by.id)
        there = {id: called for id, called in mine.items() if await _has_somebody(connection, id, by)}
    return Heirs(heir if name is not None else None, name or "", there)


async def _has_somebody(connection: AsyncConnection, org: str, but: Account) -> bool:
    """Who owns or governs it, and isn't the one who goes."""
    return await orgs.successor(connection, OrgId(org), but.id) is not None


async def _may_follow(at: Calendar, connection: AsyncConnection, by: Account, heir: str | None) -> str | None:
    """What they are called."""
    if heir is None:
        return ""
    mine = at.orgs(by.id)
    if heir in mine:
        return mine[heir] if await _has_somebody(connection, heir, by) else None
    if heir == by.id or not mine.keys() & at.orgs(heir).keys():
        return None
    account = await accounts.account_of(connection, AccountId(heir))
    return account.name if account is not None and account.state is State.ACTIVE else None


async def follower(
    connection: AsyncConnection, one: Series, heir: str | None
) -> tuple[Account, str | None] | None:
    """Who has it now, and which organisation; None: nobody. An organisation's own is not anybody's to will away."""
    for wanted in (one.org, heir):
        if wanted is None:
            continue
        org = wanted if wanted == one.org or wanted.startswith("o_") else None
        id = wanted if org is None else await orgs.successor(connection, OrgId(org), AccountId(one.owner))
        found = await accounts.account_of(connection, AccountId(id)) if id is not None else None
        if found is not None and found.state is State.ACTIVE and found.id != one.owner:
            return found, org or one.org
    return None


async def hand_over(
    at: Calendar, connection: AsyncConnection, one: Series, to: Account, org: str | None, by: str = ""
) -> Series:
    """The invited hear whose it is now, who has it hears of it by the list of what came to them. `by`: who can have it back."""
    after = replace(one, owner=to.id, org=org, sequence=one.sequence + 1, handed_by=by)
    await store.change(connection, after)
    own = await store.invitation_of(connection, one.id, visitor(to))
    if own is not None:
        await inviting.take_back(at, connection, one, own)
    await inviting.tell_handed_over(at, connection, after, to)
    return after


async def pass_on(at: Calendar, by: Account, id: str, invitation: str) -> Entry | Refusal:
    """To a colleague who is invited, while its owner stays: as a co-host from then on."""
    async with at.storage.writing() as connection:
        found = await _to_pass_on(at, connection, by, id, invitation)
        if isinstance(found, Refusal):
            return found
        after = await _pass(at, connection, by, *found)
    if isinstance(after, Entry):
        at.tell_changed(after.series.number)
    return after


async def answer(at: Calendar, by: Account, id: str, *, keep: bool) -> Entry | Refusal:
    """Of who was made its owner. Who gives it back stays as a co-host."""
    async with at.storage.writing() as connection:
        series = await _own(at, connection, by, id)
        if isinstance(series, Refusal):
            return series
        if keep:  # said once more is no fault: two pages may have asked
            after = replace(series, handed_by=None)
            await store.change(connection, after)
            return Entry(after, Mine.OWNER, None)
        if not series.handed_by:
            return NOT_HANDED
        to = await _may_have(at, connection, by, series, series.handed_by)
        gave = to if isinstance(to, Refusal) else await _pass(at, connection, by, series, to)
    if isinstance(gave, Entry):
        at.tell_changed(gave.series.number)
    return gave


async def _pass(
    at: Calendar, connection: AsyncConnection, by: Account, series: Series, to: Account
) -> Entry | Refusal:
    everybody = [one for one in await store.invited(connection, series.id) if not one.revoked]
    if wait := at.news_left(by.id, series.id, len(everybody) + 1):
        return Refusal("calendar.too_many_changes", {"retry_after_s": wait})
    after = await hand_over(at, connection, series, to, series.org, by.id)
    stays = await inviting.as_cohost(at, connection, after, by, to)
    mail = mails.passed_on(at, to, by, after)
    if mail is not None and at.post is not None:
        await at.post.put(connection, mail)
    return Entry(after, Mine.COHOST, stays)


async def _to_pass_on(
    at: Calendar, connection: AsyncConnection, by: Account, id: str, invitation: str
) -> tuple[Series, Account] | Refusal:
    """What it is and whose it shall be, where both may be so."""
    series = await _own(at, connection, by, id)
    if isinstance(series, Refusal):
        return series
    invited = await store.invitation(connection, invitation)
    if invited is None or invited.series != series.id or invited.revoked:
        return inviting.UNKNOWN
    to = await _may_have(at, connection, by, series, invited.account or "")
    return to if isinstance(to, Refusal) else (series, to)


async def _own(at: Calendar, connection: AsyncConnection, by: Account, id: str) -> Series | Refusal:
    entry = await at.hosted(connection, id, by)
    if isinstance(entry, Refusal):
        return entry
    if entry.mine is not Mine.OWNER:
        return Refusal("calendar.not_host")
    if entry.series.cancelled_at is not None:
        return Refusal("calendar.over")
    return entry.series


async def _may_have(
    at: Calendar, connection: AsyncConnection, by: Account, series: Series, whom: str
) -> Account | Refusal:
    """A colleague, also of the organisation that it belongs to."""
    may = series.kind is Kind.PLANNED and whom.startswith("a_")
    if not may or not await _may_follow(at, connection, by, whom):
        return NOT_A_COLLEAGUE
    if series.org is not None and series.org not in at.orgs(whom):
        return NOT_A_COLLEAGUE
    if await store.count_owned(connection, whom, at.clock.now()) >= MOST_OWNED:
        return Refusal("calendar.too_many", {"most": MOST_OWNED})
    return await accounts.account_of(connection, AccountId(whom)) or NOT_A_COLLEAGUE


async def tell_heir(at: Calendar, connection: AsyncConnection, to: Account, came: Sequence[Series]) -> None:
    mail = mails.inherited(at, to, came)
    if mail is not None and at.post is not None:
        await at.post.put(connection, mail)
