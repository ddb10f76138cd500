"""The feature `chat`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from typing import Annotated, ClassVar, Literal

from pydantic import Field, JsonValue, TypeAdapter

from folkmoot.kit import Refusal
from folkmoot.kit.text import graphemes, spoken
from folkmoot.meetings.feature import (
    EVERYONE,
    Actor,
    Command,
    Entry,
    Event,
    Feature,
    May,
    ParticipantId,
    Role,
    To,
)

MOST_GRAPHEMES = 4000
MOST_BYTES = 16 * 1024
KEPT = 500
"""Messages of one conversation, in the state; the log has them all."""
KEPT_PRIVATE = 5000
"""Of all private conversations of a meeting together."""
SHOWN = 500
SHOWN_BYTES = 1024 * 1024

Identity = Annotated[str, Field(min_length=1, max_length=64)]


class Send(Command):
    type: Literal["send"]
    text: str
    to: Identity | None = None


class Delete(Command):
    type: Literal["delete"]
    id: Identity


Asked = Send | Delete


@dataclass(frozen=True, slots=True)
class Message:
    id: str
    seq: int
    at: datetime
    by: ParticipantId
    name: str
    """The writer's, as it was then."""
    text: str
    to: ParticipantId | None = None


@dataclass(frozen=True, slots=True)
class State:
    sent: int = 0
    """How many ever; also names the next one."""
    names: Mapping[ParticipantId, str] = field(default_factory=dict)
    """Of those who are in."""
    hosts: frozenset[ParticipantId] = frozenset()
    public: tuple[Message, ...] = ()
    private: Mapping[str, tuple[Message, ...]] = field(default_factory=dict)
    """By the two who write to each other, so that one talkative pair pushes nobody else's words out."""


class ChatFeature(Feature[State, Asked]):
    name = "chat"
    commands: ClassVar[TypeAdapter[Asked]] = TypeAdapter(Annotated[Asked, Field(discriminator="type")])

    def initial(self) -> State:
        return State()

    def decide(self, state: State, command: Asked, by: Actor, now: datetime) -> Sequence[Event] | Refusal:
        match command:
            case Send():
                return _send(state, command, by)
            case Delete():
                return _delete(state, command.id, by)

    def evolve(self, state: State, entry: Entry) -> State:
        match entry.feature, entry.type:
            case "chat", "sent":
                return _sent(state, entry) if "id" in entry.payload else replace(state, sent=state.sent + 1)
            case "chat", "deleted":
                return _without(state, str(entry.payload["id"]))
            case "meeting", "joined":
                state = _named(state, entry.payload["id"], str(entry.payload["name"]))
                return _in_role(state, entry.payload["id"], entry.payload["role"])
            case "meeting", "role_changed":
                return _in_role(state, entry.payload["participant"], entry.payload["role"])
            case "meeting", "renamed":
                return _named(state, entry.payload["participant"], str(entry.payload["name"]))
            case "meeting", "left":
                gone = ParticipantId(str(entry.payload["id"]))
                names = {k: v for k, v in state.names.items() if k != gone}
                return replace(state, names=names, hosts=state.hosts - {gone})
        return state

    def snapshot(self, state: State, to: Actor) -> JsonValue:
        visible = sorted(
            (
                message
                for talk in (state.public, *state.private.values())
                for message in talk
                if message.to is None or to.participant in (message.by, message.to)
            ),
            key=lambda message: message.seq,
            reverse=True,
        )
        shown: list[JsonValue] = []
        room = SHOWN_BYTES
        for message in islice(visible, SHOWN):
            room -= len(message.text.encode()) + 200
            if room < 0:
                break
            shown.append(_written(message))
        return {"messages": shown[::-1], "enabled": True}

    def shared(self, state: State, to: Actor) -> object | None:
        talks = (pair for pair in state.private if to.participant in pair.split())
        return None if any(state.private[pair] for pair in talks) else state.public


feature = ChatFeature()


def _send(state: State, command: Send, by: Actor) -> Sequence[Event] | Refusal:
    to_host = command.to is not None and command.to in state.hosts
    if (refusal := by.lacks(May.CHAT_HOSTS if to_host else May.CHAT)) is not None:
        return refusal
    text = command.text
    if len(text.encode()) > MOST_BYTES or (len(text) > MOST_GRAPHEMES and graphemes(text) > MOST_GRAPHEMES):
        return Refusal("meeting.too_large", {"most": MOST_GRAPHEMES})
    text = spoken(text)
    if not text.strip():
        return Refusal("chat.empty")
    payload: dict[str, JsonValue] = {"id": f"m{state.sent + 1}", "text": text}
    if command.to is None:
        return [Event("sent", payload, to=EVERYONE)]
    if command.to not in state.names:
        return Refusal("meeting.unknown_participant")
    to = ParticipantId(command.to)
    return [Event("sent", payload | {"to": to}, to=To(people=(by.participant, to)))]


def _delete(state: State, id: str, by: Actor) -> Sequence[Event] | Refusal:
    found = next((m for talk in (state.public, *state.private.values()) for m in talk if m.id == id), None)
    # A private message of others is one that doesn't exist, also to a host.
    if found is None or (found.to is not None and by.participant not in (found.by, found.to)):
        return Refusal("chat.unknown_message")
    if found.by != by.participant and not (by.hosts and found.to is None):
        return Refusal("meeting.not_host")
    audience = EVERYONE if found.to is None else To(people=(found.by, found.to))
    return [Event("deleted", {"id": id}, to=audience, erases=(found.seq,))]


def _sent(state: State, entry: Entry) -> State:
    by = entry.by or ParticipantId("")
    to = entry.payload.get("to")
    message = Message(
        id=str(entry.payload["id"]),
        seq=entry.seq,
        at=entry.at,
        by=by,
        name=state.names.get(by, ""),
        text=str(entry.payload["text"]),
        to=ParticipantId(str(to)) if to is not None else None,
    )
    sent = state.sent + 1
    if message.to is None:
        return replace(state, sent=sent, public=_appended(state.public, message))
    pair = " ".join(sorted((by, message.to)))
    private = {**state.private, pair: _appended(state.private.get(pair, ()), message)}
    if sum(map(len, private.values())) > KEPT_PRIVATE:
        longest = max(private, key=lambda key: len(private[key]))
        private[longest] = private[longest][1:]
    return replace(state, sent=sent, private=private)


def _appended(talk: tuple[Message, ...], message: Message) -> tuple[Message, ...]:
    return (*talk[-(KEPT - 1) :], message)


def _without(state: State, id: str) -> State:
    return replace(
        state,
        public=tuple(m for m in state.public if m.id != id),
        private={pair: tuple(m for m in talk if m.id != id) for pair, talk in state.private.items()},
    )


def _named(state: State, who: JsonValue, name: str) -> State:
    return replace(state, names={**state.names, ParticipantId(str(who)): name})


def _in_role(state: State, who: JsonValue, role: JsonValue) -> State:
    known, hosts = ParticipantId(str(who)), Role(str(role)).hosts
    if (known in state.hosts) == hosts:
        return state
    return replace(state, hosts=state.hosts | {known} if hosts else state.hosts - {known})


def _written(message: Message) -> dict[str, JsonValue]:
    written: dict[str, JsonValue] = {
        "id": message.id,
        "seq": message.seq,
        "at": message.at.isoformat(),
        "by": message.by,
        "name": message.name,
        "text": message.text,
    }
    return written | {"to": message.to} if message.to is not None else written
