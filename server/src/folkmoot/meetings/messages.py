"""What travels on the meeting channel: JSON, one message a text frame. Each is an object with one key that names it.

The page's types (`web/src/core/api/channel.ts`) are generated from the models here by `tools/channel_types.py`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, JsonValue, TypeAdapter, ValidationError

from folkmoot.kit import Refusal
from folkmoot.meetings.feature import Actor, Entry

Word = Annotated[str, Field(min_length=1, max_length=64)]


class _Message(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)


# --- client → server --------------------------------------------------------------------------------------------------


class Hello(_Message):
    resume: Annotated[int, Field(ge=0, le=2**53)] | None = None
    """The last sequence number seen; absent: the first time."""
    knock: bool = False
    """If the meeting is locked, its hosts shall hear who is there."""


class Do(_Message):
    id: Word
    """Chosen by the client; the same id twice is one command."""
    feature: Word
    type: Word
    payload: dict[str, JsonValue] = Field(default_factory=dict)


class Leaving(_Message):
    """The tab is being closed or left: its line will not come back soon."""


class FromClient(_Message):
    hello: Hello | None = None
    do: Do | None = None
    leaving: Leaving | None = None


# --- server → client --------------------------------------------------------------------------------------------------


class You(_Message):
    participant: str
    name: str
    role: str
    may: list[str]
    """What one is able to do now, sorted; the page shows by it and folds no roles."""


class Welcome(_Message):
    seq: int
    you: You
    snapshot: dict[str, JsonValue]
    now: str
    """The server's clock, ISO 8601."""


class Resumed(_Message):
    seq: int
    you: You
    now: str


class MediaTicket(_Message):
    """Lets one into the room. The newest is for the next time one connects."""

    url: str
    token: str


class Denied(_Message):
    """Not let in at this moment; the channel is closed after it."""

    code: str
    params: dict[str, JsonValue]


class Queued(_Message):
    """Too many come at once: so many are before."""

    place: int


class Done(_Message):
    id: str
    seq: int


class Refused(_Message):
    id: str
    code: str
    params: dict[str, JsonValue]


class LogEvent(_Message):
    seq: int
    at: str
    feature: str
    type: str
    by: str | None
    payload: dict[str, JsonValue]


class FromServer(_Message):
    """Exactly one of these. Several at once come as an array of them, in order."""

    welcome: Welcome | None = None
    resumed: Resumed | None = None
    you: You | None = None
    media: MediaTicket | None = None
    denied: Denied | None = None
    queued: Queued | None = None
    done: Done | None = None
    refused: Refused | None = None
    event: LogEvent | None = None


_from_client = TypeAdapter(FromClient)


def parse(frame: str) -> Hello | Do | Leaving | None:
    """None: not something we understand."""
    try:
        message = _from_client.validate_json(frame)
    except ValidationError:
        return None
    return message.do or message.hello or message.leaving


def you(me: Actor, name: str) -> Mapping[str, Any]:
    return {"participant": me.participant, "name": name, "role": me.role.value, "may": sorted(me.may)}


def welcome(seq: int, you: Mapping[str, Any], now: datetime, snapshot: str) -> str:
    """`snapshot` is written already."""
    head = _text({"seq": seq, "you": you, "now": now.isoformat()})
    return f'{{"welcome":{head[:-1]},"snapshot":{snapshot}}}}}'


def resumed(seq: int, you: Mapping[str, Any], now: datetime) -> str:
    return _text({"resumed": {"seq": seq, "you": you, "now": now.isoformat()}})


def changed_you(you: Mapping[str, Any]) -> str:
    return _text({"you": you})


def media(url: str, token: str) -> str:
    return _text({"media": {"url": url, "token": token}})


def denied(refusal: Refusal) -> str:
    return _text({"denied": {"code": refusal.code, "params": refusal.params}})


def queued(place: int) -> str:
    return _text({"queued": {"place": place}})


def batch(frames: Sequence[str]) -> str:
    return frames[0] if len(frames) == 1 else "[" + ",".join(frames) + "]"


def done(id: str, seq: int) -> str:
    return _text({"done": {"id": id, "seq": seq}})


def refused(id: str, refusal: Refusal) -> str:
    return _text({"refused": {"id": id, "code": refusal.code, "params": refusal.params}})


def event(entry: Entry) -> str:
    return _text(
        {
            "event": {
                "seq": entry.seq,
                "at": entry.at.isoformat(),
                "feature": entry.feature,
                "type": entry.type,
                "by": entry.by,
                "payload": entry.payload,
            }
        }
    )


def _text(message: Mapping[str, Any]) -> str:
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"))
