"""What travels on the meeting channel: JSON, one message a text frame. Each is an object with one key that names it.

The page's types (`web/src/core/api/channel.ts`) are generated from the models here by `tools/channel_types.py`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
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


class Do(_Message):
    id: Word
    """Chosen by the client; the same id twice is one command."""
    feature: Word
    type: Word
    payload: dict[str, JsonValue] = Field(default_factory=dict)


class FromClient(_Message):
    hello: Hello | None = None
    do: Do | None = None


# --- server → client --------------------------------------------------------------------------------------------------


class You(_Message):
    participant: str
    name: str
    role: str


class Welcome(_Message):
    seq: int
    you: You
    snapshot: dict[str, JsonValue]


class Resumed(_Message):
    seq: int


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
    """Exactly one of these."""

    welcome: Welcome | None = None
    resumed: Resumed | None = None
    done: Done | None = None
    refused: Refused | None = None
    event: LogEvent | None = None


_from_client = TypeAdapter(FromClient)


def parse(frame: str) -> Hello | Do | None:
    """None: not something we understand."""
    try:
        message = _from_client.validate_json(frame)
    except ValidationError:
        return None
    return message.do or message.hello


def welcome(seq: int, you: Actor, name: str, snapshot: Mapping[str, JsonValue]) -> str:
    me = {"participant": you.participant, "name": name, "role": you.role.value}
    return _text({"welcome": {"seq": seq, "you": me, "snapshot": snapshot}})


def resumed(seq: int) -> str:
    return _text({"resumed": {"seq": seq}})


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
