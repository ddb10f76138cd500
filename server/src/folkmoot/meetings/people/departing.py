"""Leaving, by oneself or not, and what follows from it: who hosts then."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from folkmoot.meetings.feature import Event, ParticipantId, Role, To
from folkmoot.meetings.people.state import Person, State

TO_HOSTS = To(hosts=True)


def depart(state: State, who: Collection[ParticipantId], reason: str) -> Sequence[Event]:
    """Of those who are in or wait; others aren't there to leave."""
    left = [Event("left", {"id": one, "reason": reason}) for one in who if one in state.people]
    gone = [waiting_left(one, reason) for one in who if one in state.waiting]
    return [*left, *_hosted_without(state, who), *gone]


def waiting_left(who: ParticipantId, reason: str) -> Event:
    return Event("waiting_left", {"id": who, "reason": reason}, to=TO_HOSTS)


def _hosted_without(state: State, gone: Collection[ParticipantId]) -> list[Event]:
    """When the last host leaves somebody follows; else everybody is told that nobody hosts."""
    staying = [person for person in state.people.values() if person.id not in gone]
    if not state.hosted or any(person.role.hosts for person in staying):
        return []
    heir = _heir(state, staying)
    if heir is None:
        return [Event("hosted", {"hosted": False})]
    return [Event("role_changed", {"participant": heir.id, "role": Role.COHOST.value})]


def _heir(state: State, staying: Sequence[Person]) -> Person | None:
    """The named one; else, as far as the policy goes, whoever has been in for the longest."""
    named = (person for person in staying if person.id == state.successor)
    may = (person for person in staying if _may_follow(state, person))
    return next(named, None) or next(may, None)


def _may_follow(state: State, person: Person) -> bool:
    """Whoever came by the meeting's own link has proved nothing but that, however long they stay."""
    known = state.known.get(person.id)
    if known is None or known.by_room:
        return False
    match state.policy.heirs:
        case "anybody":
            return True
        case "invited":
            return bool(known.link)
        case "named":
            return False
