"""The whole contract. `tests/contract/test_bus.py` holds for every adapter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

E = TypeVar("E")


class Bus(Protocol):
    def publish(self, event: object) -> None:
        """Tells everybody who listens for this kind of event, or for one it is a kind of."""
        ...

    def subscribe(self, kind: type[E], listener: Callable[[E], None]) -> Callable[[], None]:
        """The answer ends it; asking twice for that is harmless."""
        ...
