"""What is granted and what refused."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pydantic import JsonValue

from folkmoot.capabilities.chat.commands import Asked, Bring, Delete, Edit, React, Send
from folkmoot.capabilities.chat.model import MOST_FILES, MOST_REACTING, State
from folkmoot.capabilities.chat.showing import written
from folkmoot.kit import Refusal
from folkmoot.kit.text import graphemes, spoken
from folkmoot.meetings.feature import EVERYONE, Actor, Event, May, ParticipantId, To

MOST_GRAPHEMES = 4000
MOST_BYTES = 16 * 1024


def decide(state: State, command: Asked | Bring, by: Actor, now: datetime) -> Sequence[Event] | Refusal:
    match command:
        case Send():
            return _send(state, command, by)
        case Bring():
            return _bring(state, command, by)
        case Edit():
            return _edit(state, command, by, now)
        case Delete():
            return _delete(state, command.id, by)
        case React():
            return _react(state, command, by)


def _send(state: State, command: Send, by: Actor) -> Sequence[Event] | Refusal:
    to = None if command.to is None else ParticipantId(command.to)
    if (refusal := _may_write(state, by, to)) is not None:
        return refusal
    text = _words(command.text)
    if isinstance(text, Refusal):
        return text
    return _sent(state, by, to, command.reply_to, {"text": text})


def _bring(state: State, command: Bring, by: Actor) -> Sequence[Event] | Refusal:
    if (refusal := _may_write(state, by, command.to) or by.lacks(May.FILES)) is not None:
        return refusal
    if len(state.files) >= MOST_FILES:
        return Refusal("chat.enough_files", {"most": MOST_FILES})
    return _sent(state, by, command.to, command.reply_to, {"text": "", "file": written(command.file)})


def _sent(
    state: State, by: Actor, to: ParticipantId | None, reply_to: str | None, what: dict[str, JsonValue]
) -> Sequence[Event] | Refusal:
    if to is not None and to not in state.names:
        return Refusal("meeting.unknown_participant")
    payload: dict[str, JsonValue] = {"id": f"m{state.sent + 1}", **what}
    if to is not None:
        payload["to"] = to
    if reply_to is not None:
        answered = state.find(reply_to, by.participant)
        # An answer shows what it answers: never to somebody who may not read that.
        if answered is None or (answered.to is not None and (to is None or not answered.is_for(to))):
            return Refusal("chat.unknown_message")
        payload["reply_to"] = answered.id
    return [Event("sent", payload, to=_readers(by.participant, to))]


def _edit(state: State, command: Edit, by: Actor, now: datetime) -> Sequence[Event] | Refusal:
    found = state.find(command.id, by.participant)
    if found is None:
        return Refusal("chat.unknown_message")
    if found.by != by.participant:
        return Refusal("chat.not_yours")
    if found.file is not None:
        return Refusal("chat.no_words")
    if (refusal := _may_write(state, by, found.to)) is not None:
        return refusal
    text = _words(command.text)
    if isinstance(text, Refusal):
        return text
    if text == found.text:
        return []
    # The entry it was first written in is empty from now on: this one says all that stood there.
    payload: dict[str, JsonValue] = {
        "id": found.id,
        "text": text,
        "seq": found.seq,
        "at": found.at.isoformat(),
        "name": found.name,
    }
    payload |= {"to": found.to} if found.to is not None else {}
    payload |= {"reply_to": found.reply_to} if found.reply_to is not None else {}
    return [Event("edited", payload, to=_readers(found.by, found.to), erases=(found.written_in,))]


def _delete(state: State, id: str, by: Actor) -> Sequence[Event] | Refusal:
    found = state.find(id, by.participant)
    if found is None:
        return Refusal("chat.unknown_message")
    if found.by != by.participant and not (by.hosts and found.to is None):
        return Refusal("meeting.not_host")
    drops = () if found.file is None else found.file.ids
    readers = _readers(found.by, found.to)
    return [Event("deleted", {"id": id}, to=readers, erases=(found.written_in,), drops=drops)]


def _react(state: State, command: React, by: Actor) -> Sequence[Event] | Refusal:
    if (refusal := by.lacks(May.REACT)) is not None:
        return refusal
    found = state.find(command.id, by.participant)
    if found is None:
        return Refusal("chat.unknown_message")
    if found.reactions.get(by.participant) == command.emoji:
        return []
    if by.participant not in found.reactions and len(found.reactions) >= MOST_REACTING:
        return Refusal("chat.enough_reactions")
    payload: dict[str, JsonValue] = {"id": found.id, "emoji": command.emoji}
    return [Event("reacted", payload, to=_readers(found.by, found.to))]


def _may_write(state: State, by: Actor, to: ParticipantId | None) -> Refusal | None:
    return by.lacks(May.CHAT_HOSTS if to is not None and to in state.hosts else May.CHAT)


def _words(text: str) -> str | Refusal:
    if len(text.encode()) > MOST_BYTES or (len(text) > MOST_GRAPHEMES and graphemes(text) > MOST_GRAPHEMES):
        return Refusal("meeting.too_large", {"most": MOST_GRAPHEMES})
    text = spoken(text)
    return text if text.strip() else Refusal("chat.empty")


def _readers(by: ParticipantId, to: ParticipantId | None) -> To:
    return EVERYONE if to is None else To(people=(by, to))
