"""Whether somebody comes: said by one click in a mail, or by who is signed in. A click is enough; an account isn't needed."""

from __future__ import annotations

from dataclasses import dataclass, replace

from folkmoot.accounts import Account
from folkmoot.branding import Shown
from folkmoot.calendar import inviting, occurring, store
from folkmoot.calendar.calendar import Calendar
from folkmoot.calendar.model import Invitation, Occurrence, Said, Series
from folkmoot.kit import Refusal

UNKNOWN, INVALID = Refusal("answer.unknown"), Refusal("answer.invalid")


@dataclass(frozen=True, slots=True)
class Asked:
    """What who was invited may know, by what their mail says already."""

    series: Series
    invited: Invitation
    organiser: str
    next: Occurrence | None
    branded: Shown | None = None


async def show(at: Calendar, token: str) -> Asked | Refusal:
    """A link that was taken back answers nothing any more."""
    id = at.links.answered(token)
    async with at.storage.reading() as connection:
        invited = await store.invitation(connection, id) if id is not None else None
        series = await store.find(connection, invited.series) if invited and not invited.revoked else None
        if invited is None or series is None:
            return UNKNOWN
        owner = await inviting.owner_of(connection, series)
        branded = await at.branded(connection, series)
    times = occurring.coming(replace(series, cancelled_at=None), at.clock.now())
    return Asked(series, invited, owner.name if owner else "", times[0] if times else None, branded)


async def answer(at: Calendar, token: str, said: str) -> Asked | Refusal:
    asked = await show(at, token)
    if isinstance(asked, Refusal):
        return asked
    if (kept := _answer(said)) is None:
        return INVALID
    invited = replace(asked.invited, answer=kept)
    async with at.storage.writing() as connection:
        await store.change_invitation(connection, invited)
    return replace(asked, invited=invited)


async def answer_as(at: Calendar, by: Account, id: str, said: str) -> Refusal | None:
    if (kept := _answer(said)) is None:
        return INVALID
    async with at.storage.writing() as connection:
        entry = await at.entry(connection, id, by)
        if isinstance(entry, Refusal):
            return entry
        if entry.invitation is None:
            return Refusal("invitation.unknown")
        await store.change_invitation(connection, replace(entry.invitation, answer=kept))
    return None


def _answer(said: str) -> Said | None:
    return next((one for one in ("yes", "no", "maybe") if one == said), None)
