"""What somebody is able to do. Law: it is said here, once; the page, the channel and the media follow."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from folkmoot.meetings.feature import Actor, May, ParticipantId, Role, Source, Wants
from folkmoot.meetings.people.state import State

SENDS: Mapping[May, Source] = {
    May.UNMUTE: "microphone",
    May.VIDEO: "camera",
    May.SHARE: "screen_share",
}

MEETING = Actor(ParticipantId(""), Role.HOST, frozenset(May))
"""The meeting itself, as one who asks."""


@cache
def may(role: Role) -> frozenset[May]:
    """What one of this role is able to do."""
    if role is Role.WAITING:
        return frozenset()
    return frozenset(May) if role.hosts else frozenset(May) - {May.HOST}


def acting(who: ParticipantId, role: Role) -> Actor:
    return Actor(who, role, may(role))


def wants(state: State) -> Wants:
    inside = {p.id for p in state.people.values() if p.role is not Role.WAITING}
    denied = {p.id: _may_not_send(p.role) for p in state.people.values()}
    muted = {(who, source): seq for who, of in state.muted.items() for source, seq in of.items()}
    return Wants(
        frozenset(inside | set(state.services)),
        {who: sources for who, sources in denied.items() if sources},
        muted,
        closed=state.ended,
    )


@cache
def _may_not_send(role: Role) -> frozenset[Source]:
    able = may(role)
    return frozenset(source for what, source in SENDS.items() if what not in able)
