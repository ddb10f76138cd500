"""What one person may see of it."""

from __future__ import annotations

from itertools import islice

from pydantic import JsonValue

from folkmoot.capabilities.chat.model import Attachment, Message, State
from folkmoot.meetings.feature import Actor

SHOWN = 500
SHOWN_BYTES = 1024 * 1024
_FRAME_BYTES = 200
_REACTION_BYTES = 32
_FILE_BYTES = 800


def snapshot(state: State, to: Actor) -> JsonValue:
    """The newest, as many as fit."""
    visible = (message for talk in state.talks() for message in talk if message.is_for(to.participant))
    shown: list[JsonValue] = []
    room = SHOWN_BYTES
    for message in islice(sorted(visible, key=lambda message: message.seq, reverse=True), SHOWN):
        room -= len(message.text.encode()) + _FRAME_BYTES + _REACTION_BYTES * len(message.reactions)
        room -= _FILE_BYTES if message.file is not None else 0
        if room < 0:
            break
        shown.append(_said(message))
    return {"messages": shown[::-1], "enabled": True}


def shared(state: State, to: Actor) -> object | None:
    """Whoever has no private word sees what everybody sees."""
    talks = (pair for pair in state.private if to.participant in pair.split())
    return None if any(state.private[pair] for pair in talks) else state.public


def written(file: Attachment) -> dict[str, JsonValue]:
    said: dict[str, JsonValue] = {"id": file.id, "name": file.name, "type": file.type, "size": file.size}
    if file.preview is not None:
        preview = file.preview
        said["preview"] = {"id": preview.id, "width": preview.width, "height": preview.height}
    return said


def _said(message: Message) -> dict[str, JsonValue]:
    said: dict[str, JsonValue] = {
        "id": message.id,
        "seq": message.seq,
        "at": message.at.isoformat(),
        "by": message.by,
        "name": message.name,
        "text": message.text,
    }
    further: dict[str, JsonValue] = {
        "to": message.to,
        "reply_to": message.reply_to,
        "edited": None if message.edited is None else message.edited.isoformat(),
        "reactions": {str(who): emoji for who, emoji in message.reactions.items()},
        "file": None if message.file is None else written(message.file),
    }
    return said | {name: value for name, value in further.items() if value}
