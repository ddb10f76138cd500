"""uvicorn, set up for long-lived sockets: no access log (addresses carry tokens), and a goodbye before it closes. What a stranger's
socket may cost is bounded in `edge`."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable
from functools import partial
from types import FrameType

import structlog
import uvicorn
from fastapi import FastAPI

from folkmoot.cli.certificates import EVERY_S, Certificates
from folkmoot.cli.collecting import Collecting
from folkmoot.cli.edge import bounded
from folkmoot.cli.sockets import Sockets
from folkmoot.config import Config
from folkmoot.kit import Recurring, SystemClock
from folkmoot.protocol.requests import MAX_FRAME

LOOP = uvicorn.Config(app="").get_loop_factory()
GRACE_S = 5
TICK_S = 1.0
"""How old the Date header may be; uvicorn's own ten a second are most of what an empty server does."""

log = structlog.get_logger("folkmoot")


class Server(uvicorn.Server):
    def __init__(
        self,
        app: FastAPI,
        settings: Config,
        sockets: Sockets,
        started: Callable[[int], None],
        certificates: Certificates | None = None,
    ) -> None:
        http, ws = bounded(sockets)
        super().__init__(
            uvicorn.Config(
                app,
                http=http,
                ws=ws,
                log_config=None,
                access_log=False,
                server_header=False,
                ws_max_size=MAX_FRAME,
                ws_per_message_deflate=False,
                timeout_graceful_shutdown=GRACE_S,
                forwarded_allow_ips=list(settings.http.trusted_proxies),
                ssl_context_factory=None if certificates is None else lambda *_: certificates.context(),
            )
        )
        self._sockets = sockets
        self._farewell = app.state.farewell
        self._on_started = started
        self._certificates = certificates
        self._told_to_leave = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._collecting = Collecting()
            self._on_started(self.servers[0].sockets[0].getsockname()[1])

    async def main_loop(self) -> None:
        if self._certificates is None:
            await self._going()
            return
        look = partial(asyncio.to_thread, self._certificates.look)
        looking = Recurring("certificates", look, EVERY_S, SystemClock())
        looking.start()
        try:
            await self._going()
        finally:
            await looking.stop()

    async def _going(self) -> None:
        while not await self.on_tick(0):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._told_to_leave.wait(), TICK_S)
            self._collecting.look(anyone=self._sockets.counts()["sockets"] > 0)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        super().handle_exit(sig, frame)
        # a signal's handler runs between two instructions of a loop that may be asleep
        asyncio.get_running_loop().call_soon_threadsafe(self._told_to_leave.set)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        log.info("stopping")
        await self._farewell.say()
        await super().shutdown(sockets)
