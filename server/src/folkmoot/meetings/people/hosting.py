"""What hosts do to who is here: muting, asking, showing, removing, ending."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import JsonValue

from folkmoot.kit import Refusal, text
from folkmoot.meetings.feature import Actor, Event, May, ParticipantId, Source, To
from folkmoot.meetings.people.commands import (
    AskUnmute,
    End,
    Hosting,
    Informed,
    Lock,
    Mute,
    MuteAll,
    Remove,
    Rename,
    Spotlight,
)
from folkmoot.meetings.people.departing import TO_HOSTS, depart
from folkmoot.meetings.people.governing import overriding, policy_event, with_switch
from folkmoot.meetings.people.permissions import SENDS, able
from folkmoot.meetings.people.state import State

WORD_OF = {source: word for word, source in SENDS.items()}


def host(state: State, command: Hosting, by: Actor) -> Sequence[Event] | Refusal:
    match command:
        case Lock():
            return [Event("locked", {"locked": command.locked})] if command.locked != state.locked else []
        case End():
            return [Event("ended")]
        case MuteAll():
            return _mute_all(state, command)
        case Spotlight():
            return _spotlight(state, command)
        case Mute() | AskUnmute() | Remove():
            return _to_one(state, command, by)


def outranks(state: State, by: Actor, other: ParticipantId) -> bool:
    """A co-host has no power over who made them one; of those who hold the key, each has over the others."""
    person = state.people.get(other)
    return May.OWN in by.may or person is None or not person.role.owns or other == by.participant


def rename(by: Actor, command: Rename) -> Sequence[Event] | Refusal:
    if (refusal := by.lacks(May.RENAME)) is not None:
        return refusal
    name = text.name(command.name)
    if isinstance(name, Refusal):
        return name
    return [Event("renamed", {"participant": by.participant, "name": name})]


def ask_to_share(by: Actor) -> Sequence[Event]:
    if May.SHARE in by.may:
        return []
    return [Event("asks_to_share", {"participant": by.participant}, durable=False, to=TO_HOSTS)]


def report(state: State, informed: Informed, by: Actor) -> Sequence[Event] | Refusal:
    """Told to nobody here: it lies in the log until the one who runs the server reads it."""
    command = informed.command
    about = ParticipantId(getattr(command, "participant", ""))
    person, known = state.people.get(about), state.known.get(about)
    if person is None and known is None:
        return Refusal("meeting.unknown_participant")
    said = text.spoken(getattr(command, "what", ""))
    recent = next((one for one in informed.recent if one.participant == about), None)
    did: list[JsonValue] = [{"what": what, "at": at.isoformat()} for what, at in recent.did] if recent else []
    reporter, name = state.people.get(by.participant), person.name if person else known.name if known else ""
    return [
        Event(
            "reported",
            {
                "about": about,
                "name": name,
                "by_name": reporter.name if reporter else "",
                "what": said,
                "did": did,
            },
            to=To(people=()),
        )
    ]


def passing(word: str, who: ParticipantId, to: ParticipantId | None) -> Event:
    return Event(word, {"participant": who}, durable=False, to=To(people=(to,)) if to else To())


def muted(who: ParticipantId, source: Source) -> Event:
    return Event("muted", {"participant": who, "source": source}, to=To(hosts=True, people=(who,)))


def _mute_all(state: State, command: MuteAll) -> Sequence[Event]:
    quiet = [p.id for p in state.people.values() if not p.role.hosts]
    out = [muted(who, "microphone") for who in (*quiet, *state.services)]
    if command.hard and May.UNMUTE in state.policy.may:
        out.insert(0, policy_event(with_switch(state.policy, May.UNMUTE, on=False)))
    return out


def _spotlight(state: State, command: Spotlight) -> Sequence[Event] | Refusal:
    shown = [ParticipantId(who) for who in dict.fromkeys(command.participants)]
    if any(who not in state.people for who in shown):
        return Refusal("meeting.unknown_participant")
    return [Event("spotlight", {"participants": [*shown]})] if tuple(shown) != state.spotlight else []


def _to_one(state: State, command: Mute | AskUnmute | Remove, by: Actor) -> Sequence[Event] | Refusal:
    other = ParticipantId(command.participant)
    if other not in state.people and other not in state.services:
        return Refusal("meeting.unknown_participant")
    if isinstance(command, AskUnmute):
        return [passing("ask_unmute", other, other)]
    if not outranks(state, by, other):
        return Refusal("meeting.outranked")
    if isinstance(command, Mute):
        return _mute(state, command, other)
    if other == by.participant:
        return Refusal("meeting.not_oneself")
    out = Event("removed", {"participant": other, "block": command.block})
    if other in state.services:
        return [out, Event("service_left", {"id": other})]
    return [out, *depart(state, (other,), "removed")]


def _mute(state: State, command: Mute, other: ParticipantId) -> Sequence[Event]:
    out = [muted(other, command.source)]
    word = WORD_OF[command.source]
    person = state.people.get(other)
    if command.hard and person is not None and not person.role.hosts and word in able(state, other):
        out.append(overriding(state, other, {word: False}))
    return out
