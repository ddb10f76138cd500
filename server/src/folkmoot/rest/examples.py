"""An example of each body and of each answer, made from its schema.

Law: an example is what the schema allows; a test holds each against it. It reads as one small story: Ada plans a class at Northfield
School. A field is filled by its name, where the name says what it holds, else by its type; so that a new route has examples too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

REF = "#/components/schemas/"
JSON = "application/json"
DEEPEST = 8
Schema = Mapping[str, Any]

WORDS: Mapping[str, object] = {
    "account": "a_4d091bd1047e07abb9de3765",
    "actor": "a_4d091bd1047e07abb9de3765",
    "actor_name": "Ada Okafor",
    "address": "ada@school.example",
    "addresses": "ada@school.example",
    "admission": "mF3iJ0bqV5hPQmYk9dM2cQm0o1o3yqf2s2cM0o4V0xE",
    "answer": "yes",
    "appears_as": "Northfield School <meetings@school.example>",
    "at": "2026-12-07T09:00",
    "at_once": 2,
    "bytes": 48_213,
    "came_at": "2026-12-07T08:02:11Z",
    "channel_token": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJwX2FkYSJ9.c2ln",
    "code": "123456",
    "column": "role",
    "country": "DE",
    "created_at": "2026-11-28T14:00:00Z",
    "currency": "EUR",
    "domain": "school.example",
    "domains": "school.example",
    "early_minutes": 10,
    "en": "Down on Sunday at four.",
    "ended_at": "2026-12-07T09:01:40Z",
    "ends": "2026-12-07T09:00:00Z",
    "ends_at": "2026-12-07T09:00:00Z",
    "events": "room_started",
    "from_address": "meetings@school.example",
    "group": "g_81c0f3a2",
    "groups": "Teachers/Science",
    "host": "meet.school.example",
    "host_key": "bq9sVt2nYb8vVq1m3r0Zpw",
    "issuer": "https://login.school.example",
    "language": "en",
    "line": 3,
    "link": "https://meet.example/m/123456789012#k=Zm9sa21vb3Qtc2VjcmV0",
    "made_at": "2026-11-28T14:00:00Z",
    "meeting": "s_5f0c2a9be47d",
    "minutes": 60,
    "month": "2026-11",
    "name": "Ada Okafor",
    "notes": "Chapter 3, and your questions.",
    "number": "123456789012",
    "org": "o_44093fe05c627cc7",
    "organisation": "o_44093fe05c627cc7",
    "organiser": "Ada Okafor",
    "origins": "https://www.school.example",
    "passcode": "481920",
    "password": "a long and rare one",
    "picture": "f_9e1048a5a267133226322a2f34a3e72d",
    "preset": "open",
    "proven_by": "dns",
    "record": "_folkmoot.school.example",
    "reply_to": "office@school.example",
    "retry_after_s": 5,
    "role": "member",
    "rrule": "FREQ=WEEKLY;COUNT=12",
    "secret": "whsec_5d3b0f0c2f1e4a7d",
    "scopes": "meetings:read",
    "seen_on": "2026-11-27",
    "seller": "Northfield Hosting Ltd",
    "sender_name": "Northfield School",
    "services": "branding",
    "shown": "school.example",
    "since": "2026-11-28T14:00:00Z",
    "starts": "2026-12-07T09:00",
    "starts_at": "2026-12-07T08:00:00Z",
    "status": 200,
    "subject": "a_4d091bd1047e07abb9de3765",
    "time_zone": "Europe/Berlin",
    "title": "Physics",
    "to": "bo@school.example",
    "token": "5d3b0f0c2f1e4a7db1c0",
    "until": "2026-12-12T14:00:00Z",
    "url": "https://hooks.school.example/folkmoot",
    "used_at": "2026-11-28T14:20:00Z",
    "value": "folkmoot=5d3b0f0c2f1e4a7d",
    "version": "0.1.0",
    "year": "2026",
    "zh": "周日四点停机维护。",
}
"""What a field of that name holds, where its schema allows it."""
OTHER_WAYS = ("code", "host_key", "passcode", "until")
BY_FORMAT = {"date-time": "2026-12-07T08:00:00Z", "date": "2026-12-07", "binary": ""}
BY_PATTERN = (
    "some text",
    "22:00",
    "EUR",
    "DE",
    "2026-11",
    "123456789012",
    "2026-0001",
    "0123456789abcdef" * 2,
    "a",
)


def add(document: dict[str, Any]) -> None:
    """To each body and each answer that is JSON."""
    schemas = document["components"]["schemas"]
    for content, asks in _contents(document):
        for type, said in content.items():
            if type == JSON and said.get("schema"):
                said["example"] = _Making(schemas, asks=asks).of(said["schema"])


def _contents(document: Schema) -> Iterator[tuple[dict[str, Any], bool]]:
    """And whether it is what somebody asks."""
    for operation in (one for ways in document["paths"].values() for one in ways.values()):
        if not isinstance(operation, dict):
            continue
        yield operation.get("requestBody", {}).get("content", {}), True
        for status, answer in operation["responses"].items():
            if status != "default":
                yield answer.get("content", {}), False


class _Making:
    def __init__(self, schemas: Mapping[str, Schema], *, asks: bool) -> None:
        self._schemas, self._asks = schemas, asks

    def of(self, schema: Schema, name: str = "", depth: int = 0) -> Any:
        if "$ref" in schema:
            return self.of(self._schemas[schema["$ref"].removeprefix(REF)], name, depth + 1)
        if "const" in schema or "enum" in schema:
            known = schema.get("enum", [schema.get("const")])
            return WORDS[name] if WORDS.get(name) in known else known[0]
        if choices := schema.get("anyOf") or schema.get("oneOf"):
            return self._one_of(choices, name, depth)
        kind = schema.get("type")
        if kind == "object":
            return self._object(schema, depth)
        if kind == "array":
            return [] if depth > DEEPEST else [self.of(schema.get("items", {}), name, depth + 1)]
        return _plain(schema, name)

    def _one_of(self, choices: list[Schema], name: str, depth: int) -> Any:
        some = [one for one in choices if one.get("type") != "null"]
        return None if depth > DEEPEST or not some else self.of(some[0], name, depth)

    def _object(self, schema: Schema, depth: int) -> dict[str, Any]:
        needed = schema.get("required", ())
        return {
            name: self.of(one, name, depth + 1)
            for name, one in schema.get("properties", {}).items()
            if name in needed or not self._asks or _is_worth_saying(name, one)
        }


def _is_worth_saying(name: str, schema: Schema) -> bool:
    """What needn't be said is left out of what one asks, and so is the second of two ways to say a thing."""
    may_be_null = any(one.get("type") == "null" for one in schema.get("anyOf", ()))
    return not may_be_null or (name in WORDS and name not in OTHER_WAYS)


def _plain(schema: Schema, name: str) -> Any:
    kind = schema.get("type")
    if kind == "boolean":
        return bool(schema.get("default", False))
    if kind in ("integer", "number"):
        return _number(schema, WORDS.get(name))
    if kind == "string":
        return _text(schema, WORDS.get(name))
    return None if kind == "null" else {}


def _number(schema: Schema, said: object) -> int:
    value = said if isinstance(said, int) else 1
    least, most = schema.get("minimum", value), schema.get("maximum", value)
    least = max(least, schema.get("exclusiveMinimum", least - 1) + 1)
    return int(min(max(value, least), most))


def _text(schema: Schema, said: object) -> str:
    if (kind := schema.get("format")) in BY_FORMAT:
        return BY_FORMAT[kind]
    default = schema.get("default")
    candidates = (said, default or None, *BY_PATTERN)
    return next(one for one in candidates if isinstance(one, str) and _fits(schema, one))


def _fits(schema: Schema, text: str) -> bool:
    short = len(text) <= schema.get("maxLength", len(text)) and len(text) >= schema.get("minLength", 0)
    return short and re.search(schema.get("pattern", ""), text) is not None
