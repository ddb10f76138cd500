"""One process: events are handed over at once, by plain calls."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any, TypeVar

import structlog

log = structlog.get_logger("folkmoot.bus")

E = TypeVar("E")


class MemoryBus:
    def __init__(self) -> None:
        self._listeners: list[tuple[type[Any], Callable[[Any], None]]] = []
        self._waiting: deque[object] = deque()
        self._telling = False

    def subscribe(self, kind: type[E], listener: Callable[[E], None]) -> Callable[[], None]:
        entry = (kind, listener)
        self._listeners.append(entry)

        def end() -> None:
            self._listeners[:] = [other for other in self._listeners if other is not entry]

        return end

    def publish(self, event: object) -> None:
        # A listener may publish in turn: that waits its turn, or listeners would hear the answer before the question.
        self._waiting.append(event)
        if self._telling:
            return
        self._telling = True
        try:
            while self._waiting:
                self._tell(self._waiting.popleft())
        finally:
            self._telling = False

    def _tell(self, event: object) -> None:
        for entry in tuple(self._listeners):
            kind, listener = entry
            if not isinstance(event, kind) or not any(entry is still for still in self._listeners):
                continue
            try:
                listener(event)
            except Exception:
                log.exception("listener failed", happened=type(event).__name__)
