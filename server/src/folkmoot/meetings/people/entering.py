"""Coming in: of people at the channel's end of the door, and of programs. Everything that may keep them out is asked here."""

from __future__ import annotations

from collections.abc import Sequence

from folkmoot.kit import Refusal
from folkmoot.meetings.feature import NOBODY, Event, ParticipantId, Role, To
from folkmoot.meetings.people.commands import Enter, ServeIn
from folkmoot.meetings.people.state import State

MOST_SERVICES = 64


def as_whom(state: State, who: ParticipantId, asked: Enter) -> tuple[str, Role]:
    """Name and role of somebody who comes, by what they say and what the meeting knows of them."""
    known = state.known.get(who)
    if known is None:
        return asked.name, asked.role
    name = known.name if asked.name == known.came_as else asked.name
    newer = asked.proved_at is None or asked.proved_at >= known.role_at
    role = asked.role if asked.role.hosts and newer else known.role
    return name, role


def enter(state: State, who: ParticipantId, asked: Enter) -> Sequence[Event] | Refusal:
    if who in state.removed or asked.device in state.banned:
        return Refusal("meeting.removed")
    name, role = as_whom(state, who, asked)
    here = state.people.get(who)
    events: list[Event] = []
    if here is None:
        if (refusal := _kept_out(state, who, role, asked.most)) is not None:
            return refusal
        to = To(hosts=True) if role is Role.WAITING else To()
        events.append(Event("joined", {"id": who, "name": name, "role": role.value}, to=to))
    elif role.hosts and not here.role.hosts:
        events.append(Event("role_changed", {"participant": who, "role": role.value}))
    known = state.known.get(who)
    if asked.device and (known is None or known.device != asked.device):
        events.append(Event("device", {"id": who, "device": asked.device}, to=NOBODY))
    return events


def _kept_out(state: State, who: ParticipantId, role: Role, most: int | None) -> Refusal | None:
    """A host is let in to whatever they host."""
    if role.hosts:
        return None
    if state.locked and who not in state.known:
        return Refusal("meeting.locked")
    if most is not None and len(state.people) >= most:
        return Refusal("meeting.full", {"most": most})
    return None


def serve(state: State, asked: ServeIn) -> Sequence[Event] | Refusal:
    if asked.id in state.removed:
        return Refusal("meeting.removed")
    if asked.id in state.services:
        return []
    if len(state.services) >= MOST_SERVICES:
        return Refusal("meeting.full", {"most": MOST_SERVICES})
    return [Event("service_joined", {"id": asked.id, "name": asked.name, "kind": asked.kind})]
