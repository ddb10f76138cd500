"""Leaving, by oneself or not, and what follows from it: who hosts then."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from folkmoot.meetings.feature import Event, ParticipantId, Role, To
from folkmoot.meetings.people.state import State

TO_HOSTS = To(hosts=True)


def depart(state: State, who: Collection[ParticipantId], reason: str) -> Sequence[Event]:
    """Of those who are in or wait; others aren't there to leave."""
    left = [Event("left", {"id": one, "reason": reason}) for one in who if one in state.people]
    gone = [waiting_left(one, reason) for one in who if one in state.waiting]
    return [*left, *_hosted_without(state, who), *gone]


def waiting_left(who: ParticipantId, reason: str) -> Event:
    return Event("waiting_left", {"id": who, "reason": reason}, to=TO_HOSTS)


def _hosted_without(state: State, gone: Collection[ParticipantId]) -> list[Event]:
    """When the last host leaves, the named one takes over; else everybody is told that nobody hosts."""
    if not state.hosted or any(p.role.hosts and p.id not in gone for p in state.people.values()):
        return []
    heir = state.successor
    if heir in state.people and heir not in gone:
        return [Event("role_changed", {"participant": heir, "role": Role.COHOST.value})]
    return [Event("hosted", {"hosted": False})]
