"""What a plan allows a meeting: so many people, so many minutes.

Law: nothing is cut without words: whatever is said while a meeting runs, ten minutes of it are left. The minutes count from the
first who is in, not from when the link was made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic import JsonValue

NOTICE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Limits:
    people: int | None = None
    minutes: int | None = None


NONE = Limits()


def ends_at(limits: Limits, said_at: datetime | None, began_at: datetime | None) -> datetime | None:
    """None: it may last."""
    if limits.minutes is None or began_at is None:
        return None
    allowed = began_at + timedelta(minutes=limits.minutes)
    return allowed if said_at is None or said_at <= began_at else max(allowed, said_at + NOTICE)


def written(limits: Limits) -> dict[str, JsonValue]:
    return asdict(limits)


def read(said: Mapping[str, Any]) -> Limits:
    """Total: what isn't a number limits nothing."""
    return Limits(*(_number(said.get(name)) for name in ("people", "minutes")))


def _number(said: object) -> int | None:
    return said if isinstance(said, int) and not isinstance(said, bool) and said > 0 else None
