"""How the chat follows the log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from pydantic import JsonValue

from folkmoot.capabilities.chat.model import (
    KEPT_PRIVATE,
    NOTHING_SAID,
    Attachment,
    Message,
    Preview,
    State,
    Whose,
    pair,
)
from folkmoot.meetings.feature import Entry, ParticipantId, Role


def evolve(state: State, entry: Entry) -> State:
    match entry.feature:
        case "chat":
            return _said(state, entry)
        case "meeting":
            return _present(state, entry)
    return state


def _said(state: State, entry: Entry) -> State:
    id = str(entry.payload.get("id"))
    match entry.type:
        case "sent":
            if "id" in entry.payload:
                return _with(state, _message(state, entry), state.sent + 1)
            # What was erased since keeps its place in the count alone.
            return replace(state, sent=state.sent + 1)
        case "edited" if "id" in entry.payload:
            return _edited(state, _rewritten(state, entry))
        case "deleted":
            return _without_files(_changed(state, id, lambda _: None), id)
        case "reacted" if entry.by is not None:
            by, emoji = entry.by, entry.payload["emoji"]
            return _changed(state, id, lambda message: _reacted(message, by, emoji))
    return state


def _present(state: State, entry: Entry) -> State:
    said = entry.payload
    match entry.type:
        case "joined":
            return _in_role(_named(state, said["id"], str(said["name"])), said["id"], said["role"])
        case "role_changed":
            return _in_role(state, said["participant"], said["role"])
        case "renamed":
            return _named(state, said["participant"], str(said["name"]))
        case "left":
            gone = ParticipantId(str(said["id"]))
            names = {k: v for k, v in state.names.items() if k != gone}
            return replace(state, names=names, hosts=state.hosts - {gone})
    return state


def _message(state: State, entry: Entry) -> Message:
    said, by = entry.payload, entry.by or ParticipantId("")
    to, reply_to = said.get("to"), said.get("reply_to")
    return Message(
        id=str(said["id"]),
        seq=entry.seq,
        at=entry.at,
        by=by,
        name=state.names.get(by, ""),
        text=str(said["text"]),
        to=None if to is None else ParticipantId(str(to)),
        reply_to=None if reply_to is None else str(reply_to),
        written_in=entry.seq,
        file=attachment(said.get("file")),
    )


def _rewritten(state: State, entry: Entry) -> Message:
    """The entry it was first in is empty: this one says what stood there."""
    said = entry.payload
    return replace(
        _message(state, entry),
        seq=cast(int, said["seq"]),
        at=datetime.fromisoformat(str(said["at"])),
        name=str(said["name"]),
        edited=entry.at,
    )


def _edited(state: State, message: Message) -> State:
    known = state.find(message.id, message.by)
    if known is None:
        return _with(state, message, state.sent)
    return _changed(state, message.id, lambda _: replace(message, reactions=known.reactions))


def _reacted(message: Message, by: ParticipantId, emoji: JsonValue) -> Message:
    others = {who: what for who, what in message.reactions.items() if who != by}
    return replace(message, reactions=others if emoji is None else others | {by: str(emoji)})


def attachment(said: Any) -> Attachment | None:
    if said is None:
        return None
    preview = said.get("preview")
    return Attachment(
        *(said["id"], said["name"], said["type"], said["size"]),
        None if preview is None else Preview(preview["id"], preview["width"], preview["height"]),
    )


def _without_files(state: State, message: str) -> State:
    if not any(whose.message == message for whose in state.files.values()):
        return state
    return replace(state, files={id: whose for id, whose in state.files.items() if whose.message != message})


def _with(state: State, message: Message, sent: int) -> State:
    if message.file is not None:
        whose = Whose(message.id, message.by, message.to)
        state = replace(state, files={**state.files, **dict.fromkeys(message.file.ids, whose)})
    # Written out: `replace` looks through the fields each time, and this is most of what a meeting's log is.
    if message.to is None:
        public = state.public.followed_by(message)
        return State(sent, state.names, state.hosts, public, state.private, state.kept_private, state.files)
    two = pair(message.by, message.to)
    known = state.private.get(two, NOTHING_SAID)
    talk = known.followed_by(message)
    private, kept = {**state.private, two: talk}, state.kept_private + len(talk) - len(known)
    if kept > KEPT_PRIVATE:
        longest = max(private, key=lambda key: len(private[key]))
        private[longest] = private[longest].without_the_oldest()
        kept = sum(map(len, private.values()))
    return State(sent, state.names, state.hosts, state.public, private, kept, state.files)


def _changed(state: State, id: str, change: Callable[[Message], Message | None]) -> State:
    """One message made another, or none; the talks it isn't in stay the same objects."""
    private = {pair: talk.changed(id, change) for pair, talk in state.private.items()}
    kept = sum(map(len, private.values()))
    return replace(state, public=state.public.changed(id, change), private=private, kept_private=kept)


def _named(state: State, who: JsonValue, name: str) -> State:
    return replace(state, names={**state.names, ParticipantId(str(who)): name})


def _in_role(state: State, who: JsonValue, role: JsonValue) -> State:
    known, hosts = ParticipantId(str(who)), Role(str(role)).hosts
    if (known in state.hosts) == hosts:
        return state
    return replace(state, hosts=state.hosts | {known} if hosts else state.hosts - {known})
