"""The Rust engine as this process sees it: opened once, its events handed to one callback on the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, cast

import structlog

from folkmoot.engine.port import Engine, EngineError

RETRY_S = 1.0

log = structlog.get_logger("folkmoot.engine")


def open_engine(
    host: str,
    udp_port: int,
    advertise: Sequence[str],
    tcp_port: int | None = None,
    shards: int | None = None,
    uplink: tuple[int, int] | None = None,
    people_per_shard: int = 50,
) -> Engine:
    """Binds its ports and starts its threads. Port 0 takes any free one; None is no media by TCP, and a thread a core.
    `uplink`: how many bits and packets a second one participant may send. A room takes another thread for each
    `people_per_shard` more."""
    try:
        import folkmoot_engine  # type: ignore[import-not-found, unused-ignore]
    except ImportError as error:
        raise EngineError("engine.missing", "The wheel folkmoot-engine isn't installed.") from error
    refusal: type[Exception] = folkmoot_engine.EngineError
    engine = _translated(folkmoot_engine.Engine, refusal)
    opened = engine(host, udp_port, list(advertise), tcp_port, shards, uplink, people_per_shard)
    return cast(Engine, _Native(opened, refusal))


class _Native:
    """The wheel knows nothing of us, so its refusals become the port's here."""

    def __init__(self, inner: Any, refusal: type[Exception]) -> None:
        for name in dir(Engine):
            if not name.startswith("_"):
                setattr(self, name, _translated(getattr(inner, name), refusal))
        self.inner = inner
        self.udp_port: int = inner.udp_port
        self.tcp_port: int | None = inner.tcp_port
        self.probe = inner.probe


def _translated(call: Callable[..., Any], refusal: type[Exception]) -> Callable[..., Any]:
    def translated(*args: Any) -> Any:
        try:
            return call(*args)
        except refusal as error:
            code, message = (*error.args, "", "")[:2]
            raise EngineError(str(code), str(message)) from None

    return translated


class Pump:
    """Carries the engine's events to `take` whenever its descriptor becomes readable. A reading that fails is tried again after
    a moment: the descriptor stays readable, and would be asked without end."""

    def __init__(self, engine: Engine, take: Callable[[list[tuple[Any, ...]]], None]) -> None:
        self._engine = engine
        self._take = take
        self._loop: asyncio.AbstractEventLoop | None = None
        self._fails = False

    def start(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._read()

    def stop(self) -> None:
        if self._loop is not None:
            self._loop.remove_reader(self._engine.fileno())
            self._loop = None

    def ailment(self) -> str | None:
        if self._fails:
            return "its events can't be read"
        stats = self._engine.stats()
        silent = stats.get("shards_silent", 0)
        return f"{silent:.0f} of its {stats['shards']:.0f} threads stand still" if silent else None

    def _read(self) -> None:
        if self._loop is not None:
            self._loop.add_reader(self._engine.fileno(), self._drain)

    def _drain(self) -> None:
        try:
            events = self._engine.drain()
            if events:
                self._take(events)
        except Exception:
            if not self._fails:
                log.exception("the engine's events can't be read")
            self._pause()
        else:
            self._fails = False

    def _pause(self) -> None:
        self._fails = True
        if self._loop is not None:
            self._loop.remove_reader(self._engine.fileno())
            self._loop.call_later(RETRY_S, self._read)
