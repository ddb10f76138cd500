"""What plans allow, in memory: asked at the door of every meeting, and never waited for.

Law: it fails open. Of whom nothing is known, everything is allowed; what was known goes on to hold while the database doesn't answer.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable, Iterable

from folkmoot.billing.entitlement import entitled
from folkmoot.billing.plans import FREE, Limits, Plan, PlanId, Plans, Service
from folkmoot.billing.subscription import Standing

UNLIMITED = Limits()
Standings = tuple[str, PlanId | None, Standing, bool]
"""Whose, the plan, how it stands, and whether it is restricted."""


class Known:
    def __init__(self) -> None:
        self._free: Plan | None = None
        self._plans: dict[str, Plan] = {}
        self.learning = asyncio.Lock()
        """One after the other, so that what was read last is known last."""

    async def learn(self, plans: Plans, standings: AsyncIterable[Standings], *, all_: bool) -> None:
        """`all_`: whoever isn't named subscribes to nothing."""
        known = {
            org: entitled(plans, plan, standing, restricted=restricted)
            async for org, plan, standing, restricted in standings
        }
        self._plans = known if all_ else self._plans | known
        self._free = plans[FREE]

    def plan(self, orgs: Iterable[str]) -> Plan | None:
        """The one of who is in these organisations: a paid one before the free one. None: it isn't known yet."""
        held = [self._plans[org] for org in orgs if org in self._plans]
        paid = next((plan for plan in held if plan.id != FREE), None)
        return paid or self._free

    def limits(self, orgs: Iterable[str]) -> Limits:
        """The widest of each kind that any of them holds."""
        if self._free is None:
            return UNLIMITED
        all_ = [self._free.limits, *(self._plans[org].limits for org in orgs if org in self._plans)]
        return Limits(
            _widest([one.people for one in all_]),
            _widest([one.minutes for one in all_]),
            _widest([one.at_once for one in all_]),
        )

    def services(self, orgs: Iterable[str]) -> frozenset[Service]:
        """What any of them holds, or everybody."""
        if self._free is None:
            return frozenset(Service)
        held = (self._plans[org].services for org in orgs if org in self._plans)
        return self._free.services.union(*held)

    def places(self, owner: str, orgs: Iterable[str]) -> tuple[tuple[str, int], ...]:
        """Whose meetings at once those of this owner count among, and how many these may be: their organisations that have a plan,
        or themselves. None: as many as they like."""
        if self._free is None:
            return ()
        free = self._free.limits.at_once
        paying = {org: self._plans[org] for org in orgs if org in self._plans and self._plans[org].id != FREE}
        held = {org: _widest([plan.limits.at_once, free]) for org, plan in paying.items()} or {owner: free}
        limited = tuple((holder, most) for holder, most in held.items() if most is not None)
        return limited if len(limited) == len(held) else ()


def _widest(limits: list[int | None]) -> int | None:
    numbers = [one for one in limits if one is not None]
    return max(numbers) if len(numbers) == len(limits) else None
