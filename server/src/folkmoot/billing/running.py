"""`/api/plans/running`: which meetings take the places of who may begin no more.

Law: everybody hears of their own meetings by title, and of others' how many there are. A plan is named to who may choose it, and
where it helps.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from folkmoot.accounts.inside import Inside, signed_in
from folkmoot.billing import store
from folkmoot.billing.billing import Billing
from folkmoot.billing.wider import owned, widens


@dataclass(frozen=True, slots=True)
class Taken:
    """The places that somebody's meetings count among: how many there are, and which meetings have them."""

    most: int | None
    meetings: Sequence[tuple[str, str, str | None]] = ()
    """Number, title and owner of each."""


class RunningMeetingShown(BaseModel):
    number: str
    title: str


class RunningShown(BaseModel):
    most: int | None
    """That may take place at once. Null: as many as one likes."""
    mine: list[RunningMeetingShown]
    others: int
    """That colleagues have going."""
    org: str | None
    """Whose plan may be changed so that it allows more. Null: nothing on offer helps, or it isn't theirs to change."""


def running_router(at: Billing, taken: Callable[[str], Awaitable[Taken]]) -> APIRouter:
    api = APIRouter(prefix="/api/plans", tags=["billing"])
    known = Depends(signed_in(at.orgs.accounts))

    @api.get("/running")
    async def running(me: Inside = known) -> RunningShown:
        """What takes place at once where my own meetings count, and how many the plan allows."""
        account = str(me[0].id)
        there = await taken(account)
        mine = [
            RunningMeetingShown(number=n, title=title)
            for n, title, owner in there.meetings
            if owner == account
        ]
        others = len(there.meetings) - len(mine)
        org = None
        if there.most is not None:
            async with at.storage.reading() as connection:
                helps = widens(await store.plans_of(connection), "at_once", there.most)
                org = await owned(connection, account) if helps else None
        return RunningShown(most=there.most, mine=mine, others=others, org=org)

    return api
