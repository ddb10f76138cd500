"""Who is co-host, whose the meeting is, who follows. Law: nobody becomes a host by being the first to come; who follows
the last host is said by them, or by the policy (`departing`)."""

from __future__ import annotations

from collections.abc import Sequence

from folkmoot.kit import Refusal
from folkmoot.meetings.feature import Actor, Event, May, ParticipantId, Role
from folkmoot.meetings.people.commands import (
    Appointing,
    HandOver,
    MakeCohost,
    NameSuccessor,
    UnmakeCohost,
)
from folkmoot.meetings.people.state import State


def appoint(state: State, command: Appointing, by: Actor) -> Sequence[Event] | Refusal:
    if isinstance(command, NameSuccessor):
        return _name_successor(state, command, by)
    if (refusal := by.lacks(May.OWN)) is not None:
        return refusal
    other = ParticipantId(command.participant)
    person = state.people.get(other)
    if person is None:
        return Refusal("meeting.unknown_participant")
    match command:
        case MakeCohost():
            return [] if person.role.hosts else [_becomes(other, Role.COHOST)]
        case UnmakeCohost():
            return _unmake(state, other, person.role, by)
        case HandOver():
            return _hand_over(state, other)


def take_back(state: State, by: Actor) -> Sequence[Event] | Refusal:
    known = state.known.get(by.participant)
    if known is None or not known.key:
        return Refusal("meeting.not_owner")
    return _hand_over(state, by.participant)


def _hand_over(state: State, to: ParticipantId) -> Sequence[Event]:
    """Who owned it before stays host, also while away."""
    if state.owner == to:
        return []
    before = [] if state.owner is None else [_becomes(state.owner, Role.HOST)]
    return [*before, _becomes(to, Role.OWNER)]


def _unmake(state: State, other: ParticipantId, role: Role, by: Actor) -> Sequence[Event] | Refusal:
    """Of a host only by the owner."""
    if role is Role.OWNER or (role is Role.HOST and by.role is not Role.OWNER):
        return Refusal("meeting.outranked")
    known = state.known.get(other)
    return [_becomes(other, Role.MEMBER if known and known.link else Role.GUEST)] if role.hosts else []


def _name_successor(state: State, command: NameSuccessor, by: Actor) -> Sequence[Event] | Refusal:
    alone = by.hosts and not any(person.role.owns for person in state.people.values())
    if not alone and (refusal := by.lacks(May.OWN)) is not None:
        return refusal
    named = None if command.participant is None else ParticipantId(command.participant)
    if named is not None and named not in state.people:
        return Refusal("meeting.unknown_participant")
    return [Event("successor", {"participant": named})] if named != state.successor else []


def _becomes(who: ParticipantId, role: Role) -> Event:
    return Event("role_changed", {"participant": who, "role": role.value})
