"""`/api/plans/wider`: whether a plan on offer would help with the limit that a meeting comes near.

Law: the meeting's organiser alone is answered, and hears of an organisation that they own; everybody else hears that there is nothing.
A plan is only named where it helps: what who runs the server chose for all is exceeded by none.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Literal, Protocol

from fastapi import APIRouter, Depends
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot.accounts import AccountId
from folkmoot.accounts.inside import Inside, signed_in
from folkmoot.billing import store
from folkmoot.billing.billing import Billing
from folkmoot.billing.limiting import narrower
from folkmoot.billing.plans import Plans
from folkmoot.orgs import Role
from folkmoot.orgs import store as orgs_store
from folkmoot.orgs.model import State

Kind = Literal["minutes", "people"]


class Bounds(Protocol):
    """What a meeting may; None is no limit."""

    @property
    def people(self) -> int | None: ...
    @property
    def minutes(self) -> int | None: ...


class WiderShown(BaseModel):
    org: str | None
    """Whose plan may be changed so that it allows more. Null: nothing on offer helps, or it isn't theirs to change."""


def wider_router(
    at: Billing,
    owner_of: Callable[[str], Awaitable[str | None]],
    allowed: Callable[[str], Bounds],
    most: Callable[[], Bounds],
) -> APIRouter:
    """`allowed`: what holds for a meeting, by its number. `most`: what who runs the server lets any plan have."""
    api = APIRouter(prefix="/api/plans", tags=["billing"])
    known = Depends(signed_in(at.orgs.accounts))

    @api.get("/wider")
    async def wider(meeting: str, limit: Kind, me: Inside = known) -> WiderShown:
        """The organisation whose owner may do something about a limit of their own meeting."""
        if len(meeting) > 32 or await owner_of(meeting) != me[0].id:
            return WiderShown(org=None)
        now = getattr(allowed(meeting), limit)
        async with at.storage.reading() as connection:
            helps = now is not None and widens(await store.plans_of(connection), limit, now, most())
            return WiderShown(org=await owned(connection, me[0].id) if helps else None)

    return api


async def owned(connection: AsyncConnection, account: str) -> str | None:
    """An organisation of theirs whose plan they may change."""
    mine = await orgs_store.orgs_of(connection, AccountId(account))
    return next((org.id for org, one in mine if one.role is Role.OWNER and one.state is State.MEMBER), None)


def widens(plans: Plans, limit: Kind | Literal["at_once"], now: int, most: Bounds | None = None) -> bool:
    """A plan on offer allows more than `now`."""
    offered = (
        narrower(getattr(one.limits, limit), getattr(most, limit, None))
        for one in plans.values()
        if one.offered
    )
    return any(allows is None or allows > now for allows in offered)
