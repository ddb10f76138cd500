"""Our values as JSON, and back. What was written once is read for ever: a field that is new has a default."""

from __future__ import annotations

from typing import Any, TypeVar, get_args

from pydantic import TypeAdapter

from folkmoot.billing.subscription import Event

T = TypeVar("T")
KINDS: dict[str, type[Any]] = {kind.__name__: kind for kind in get_args(Event)}


def written(value: object) -> Any:
    return _adapter(type(value)).dump_python(value, mode="json")


def read(kind: type[T], said: Any) -> T:
    value: T = _adapter(kind).validate_python(said)
    return value


def event(kind: str, said: Any) -> Event:
    found: Event = read(KINDS[kind], said)
    return found


def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    if kind not in _adapters:
        _adapters[kind] = TypeAdapter(kind)
    return _adapters[kind]


_adapters: dict[type[Any], TypeAdapter[Any]] = {}
