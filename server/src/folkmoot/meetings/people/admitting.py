"""Who waits: let in by as many hosts as the meeting wants, turned away, or sent there again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from folkmoot.kit import Refusal
from folkmoot.meetings.feature import Actor, Event, ParticipantId
from folkmoot.meetings.people.commands import Admit, AdmitAll, Admitting, Deny, SendToWaiting
from folkmoot.meetings.people.departing import TO_HOSTS, depart, waiting_left
from folkmoot.meetings.people.entering import let_in, waiting
from folkmoot.meetings.people.state import State, Waiting


def admitting(state: State, command: Admitting, by: Actor, now: datetime) -> Sequence[Event] | Refusal:
    match command:
        case AdmitAll():
            return [event for waits in state.waiting.values() for event in _yes(state, waits, by)]
        case SendToWaiting():
            return _send(state, command, by, now)
        case Admit() | Deny():
            return _answer(state, command, by)


def _answer(state: State, command: Admit | Deny, by: Actor) -> Sequence[Event] | Refusal:
    """Two hosts may answer at once: the second hears that it is so already, or that the other was sooner."""
    who = ParticipantId(command.participant)
    waits = state.waiting.get(who)
    if waits is None:
        inside = who in state.people and isinstance(command, Admit)
        return [] if inside else Refusal("meeting.not_waiting")
    if isinstance(command, Admit):
        return _yes(state, waits, by)
    block = [Event("removed", {"participant": who, "block": True}, to=TO_HOSTS)] if command.block else []
    return [*block, waiting_left(who, "denied")]


def _yes(state: State, waits: Waiting, by: Actor) -> Sequence[Event]:
    yes = waits.yes | {by.participant}
    if len(yes) < state.policy.hosts_to_admit and by.participant:
        said = by.participant in waits.yes
        told = Event("admitted_by", {"id": waits.id, "by": by.participant}, to=TO_HOSTS)
        return [] if said else [told]
    return [*let_in(state, waits.id, waits.name, waits.role, waits.whose)]


def _send(state: State, command: SendToWaiting, by: Actor, now: datetime) -> Sequence[Event] | Refusal:
    who = ParticipantId(command.participant)
    person = state.people.get(who)
    if person is None:
        return Refusal("meeting.unknown_participant")
    if person.role.hosts:
        return Refusal("meeting.outranked")
    known = state.known.get(who)
    if known is not None and known.by_room:
        return Refusal("meeting.no_channel")
    sent = Event("sent_to_waiting", {"id": who}, to=TO_HOSTS)
    return [
        sent,
        *depart(state, (who,), "waiting"),
        waiting(who, person.name, person.role, "sent", (), now, whose=person.whose),
    ]
