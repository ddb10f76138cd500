"""What a WebSocket carries, as it stands on the wire. Law: a frame that many get is made once, and it goes to a socket without
waking a task, going through a framework or asking anybody: a room of many is told by nothing else.

A server that can take such frames puts a `Line` into the scope of a connection; where none is (a test's client), one sends
as ASGI does.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any, Protocol

from websockets.frames import Frame, Opcode

EXTENSION = "folkmoot.line"


class Line(Protocol):
    """One accepted connection. Nothing waits; who takes nothing of it for long is cut by it."""

    def write(self, frame: bytes) -> None:
        """To one that is closing it is nothing."""

    def unread(self) -> int:
        """Bytes that the other side hasn't taken."""


def line_of(scope: MutableMapping[str, Any]) -> Line | None:
    line: Line | None = scope.get("extensions", {}).get(EXTENSION)
    return line


def text(said: str) -> bytes:
    return Frame(Opcode.TEXT, said.encode()).serialize(mask=False)


def binary(said: bytes) -> bytes:
    return Frame(Opcode.BINARY, said).serialize(mask=False)
