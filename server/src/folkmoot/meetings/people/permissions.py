"""What somebody is able to do: role, policy and what holds for them alone, folded together.

Law: it is said here, once; the page, the channel and the media follow. Hosts may everything but what owners may.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache

from folkmoot.meetings.feature import Actor, May, ParticipantId, Role, Source, Wants
from folkmoot.meetings.people.floor import denied
from folkmoot.meetings.people.policy import Policy
from folkmoot.meetings.people.state import State

SENDS: Mapping[May, Source] = {
    May.UNMUTE: "microphone",
    May.VIDEO: "camera",
    May.SHARE: "screen_share",
}
EVERYTHING = frozenset(May)
CHATTING = frozenset((May.CHAT, May.CHAT_HOSTS))
MEETING = Actor(ParticipantId(""), Role.OWNER, EVERYTHING)
"""The meeting itself, as one who asks."""


def actor(state: State, who: ParticipantId) -> Actor | None:
    person = state.people.get(who)
    if person is not None:
        return Actor(who, person.role, able(state, who))
    return Actor(who, Role.WAITING) if who in state.waiting else None


def able(state: State, who: ParticipantId) -> frozenset[May]:
    person = state.people.get(who)
    if person is None:
        return frozenset()
    if person.role.hosts:
        return _hosting(person.role)
    may = allowed(state.policy)
    known = state.known.get(who)
    if known is not None and (known.link or known.account):
        may = may - {May.RENAME}  # the name that the host gave, or their account
    for word, on in state.overrides.get(who, {}).items():
        several = CHATTING if word is May.CHAT else {word}
        may = may | several if on else may - several
    return may - denied(state.floor) if state.floor else may


@lru_cache(maxsize=64)
def allowed(policy: Policy) -> frozenset[May]:
    """What it lets everybody."""
    match policy.chat:
        case "all":
            return policy.may | CHATTING
        case "hosts":
            return policy.may | {May.CHAT_HOSTS}
        case "off":
            return policy.may


@cache
def may_not_send(may: frozenset[May]) -> frozenset[Source]:
    return frozenset(source for what, source in SENDS.items() if what not in may)


def wants(state: State) -> Wants:
    denied: dict[ParticipantId, frozenset[Source]] = {}
    by_policy = may_not_send(allowed(state.policy))
    for person in state.people.values():
        if person.role.hosts:
            continue
        sources = by_policy
        if person.id in state.overrides:
            sources = may_not_send(able(state, person.id))
        if sources:
            denied[person.id] = sources
    muted = {(who, source): seq for who, of in state.muted.items() for source, seq in of.items()}
    inside = frozenset((*state.people, *state.services))
    return Wants(inside, denied, muted, closed=state.ended)


@cache
def _hosting(role: Role) -> frozenset[May]:
    return EVERYTHING if role.owns else EVERYTHING - {May.OWN}
