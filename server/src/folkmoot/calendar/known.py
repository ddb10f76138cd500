"""Plans in memory, as the door asks for them: what was asked about lately, and who is invited to it.

Law: nothing older than the last change is ever remembered. A change that happens while its plan is being read is a reason to read it again
next time. Bounded by plans and by invitations.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from folkmoot.calendar import store
from folkmoot.calendar.calendar import Calendar
from folkmoot.calendar.model import Invitation, Series
from folkmoot.meetings.planned import Visitor

MOST_PLANS, MOST_INVITED = 5000, 200_000


@dataclass(frozen=True, slots=True)
class Plan:
    series: Series
    invited: Mapping[str, Invitation]
    """By account and by address: of several for the same the first, and a co-host's before it."""

    def invitation_of(self, visitor: Visitor) -> Invitation | None:
        theirs = (self.invited.get(key) for key in (visitor.account, *visitor.addresses))
        found = [one for one in theirs if one is not None]
        return min(found, key=lambda one: not one.cohost, default=None)


class Known:
    def __init__(self, at: Calendar) -> None:
        self._at = at
        self._plans: OrderedDict[str, Plan] = OrderedDict()
        self._invited = self._changes = 0
        at.changed.append(self._forget)

    async def plan(self, number: str) -> Plan | None:
        kept = self._plans.get(number)
        return kept if kept is not None else await self._read(number)

    async def _read(self, number: str) -> Plan | None:
        changes = self._changes
        async with self._at.storage.reading() as connection:
            series = await store.of_number(connection, number)
            if series is None:
                return None
            plan = Plan(series, _by_key(await store.invited(connection, series.id)))
        if changes == self._changes:
            self._keep(number, plan)
        return plan

    def _keep(self, number: str, plan: Plan) -> None:
        self._forget(number, change=False)
        self._plans[number] = plan
        self._invited += len(plan.invited)
        while len(self._plans) > MOST_PLANS or (self._invited > MOST_INVITED and len(self._plans) > 1):
            self._forget(next(iter(self._plans)), change=False)

    def _forget(self, number: str, *, change: bool = True) -> None:
        self._changes += change
        gone = self._plans.pop(number, None)
        self._invited -= len(gone.invited) if gone else 0


def _by_key(several: Iterable[Invitation]) -> dict[str, Invitation]:
    """As they stand: the first of those that say the same."""
    found: dict[str, Invitation] = {}
    for one in sorted(several, key=lambda each: not each.cohost):
        for key in (one.account, one.address) if not one.revoked else ():
            if key is not None:
                found.setdefault(key, one)
    return found
