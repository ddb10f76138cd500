"""`folkmoot serve`: the product."""

from __future__ import annotations

import asyncio
import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import segno
import structlog
import typer

from folkmoot import keyring, logs
from folkmoot.cli.addresses import listen, of_this_machine, to_advertise
from folkmoot.cli.certificate import Certificate, certificate_for
from folkmoot.cli.settings import ConfigFile, Data, Dev, Lan, Port, configured
from folkmoot.config import Config, ConfigError
from folkmoot.engine.native import open_engine
from folkmoot.kit import SystemClock

LONGEST_URL_LINE = 64 * 1024
"""Clients of /rtc/v1 put their whole first request into the address; this is what most proxies can be set to."""
LARGEST_MESSAGE = 1024 * 1024

log = structlog.get_logger("folkmoot")

CertFile = Annotated[
    Path | None, typer.Option("--cert", help="PEM certificate with its chain.", dir_okay=False)
]
KeyFile = Annotated[Path | None, typer.Option("--key", help="The certificate's key.", dir_okay=False)]


def serve(
    dev: Dev = False,
    lan: Lan = False,
    port: Port = None,
    data: Data = None,
    config: ConfigFile = None,
    cert: CertFile = None,
    key: KeyFile = None,
) -> None:
    """Start the server. Without flags: http://localhost:7880, for this machine alone."""
    settings = configured(config, dev=dev, lan=lan, port=port, data=data, certificate=cert, key=key)
    logs.configure(settings.log.format, settings.log.level)
    with _sole_owner(settings.data):
        settings = keyring.equipped(settings)
        made = None
        if settings.lan and settings.http.certificate is None:
            made = certificate_for(of_this_machine(), settings.data, datetime.now(UTC))
            http = settings.http.model_copy(update={"certificate": made.certificate, "key": made.key})
            settings = settings.model_copy(update={"http": http})
        sockets = listen(settings)
        _run(settings, sockets, made)


@contextmanager
def _sole_owner(data: Path) -> Iterator[None]:
    """Two servers on one data folder would each believe that the meetings are theirs."""
    try:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = os.open(data / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise ConfigError(
            "data.unwritable", f"{data} can't be written: {error.strerror}. Name another folder with --data."
        ) from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        raise ConfigError(
            "data.in_use", f"Another Folkmoot works in {data}. End it, or name another folder with --data."
        ) from None
    try:
        yield
    finally:
        os.close(lock)


def _run(settings: Config, sockets: list[socket.socket], made: Certificate | None) -> None:
    os.environ.setdefault("WEBSOCKETS_MAX_LINE_LENGTH", str(LONGEST_URL_LINE))  # read at import
    import uvicorn

    from folkmoot.app import Farewell, create_app

    engine = open_engine(settings.media.host, settings.udp_port, to_advertise(settings))
    try:
        app = create_app(settings, engine, SystemClock())
        farewell: Farewell = app.state.farewell

        class Server(uvicorn.Server):
            async def startup(self, sockets: list[socket.socket] | None = None) -> None:
                await super().startup(sockets)
                if self.started:
                    _announce(settings, self.servers[0].sockets[0].getsockname()[1], made)

            async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
                for server in self.servers:
                    server.close()
                log.info("stopping")
                await farewell.say()
                await super().shutdown(sockets)

        server = Server(
            uvicorn.Config(
                app,
                log_config=None,
                access_log=False,
                server_header=False,
                ws_max_size=LARGEST_MESSAGE,
                ws_per_message_deflate=False,
                timeout_graceful_shutdown=5,
                forwarded_allow_ips=list(settings.http.trusted_proxies),
                ssl_certfile=settings.http.certificate,
                ssl_keyfile=settings.http.key,
            )
        )
        with asyncio.Runner(loop_factory=server.config.get_loop_factory()) as runner:
            runner.run(server.serve(sockets))
        if not server.started:
            raise typer.Exit(3)
    except KeyboardInterrupt:
        pass
    finally:
        engine.close()


def _announce(settings: Config, port: int, made: Certificate | None) -> None:
    scheme = "https" if settings.http.certificate else "http"
    suffix = "" if port == {"http": 80, "https": 443}[scheme] else f":{port}"
    here = f"{scheme}://localhost{suffix}"
    if not settings.lan:
        host = "localhost" if settings.loopback else settings.http.host
        _say(f"\n  Folkmoot is at  {scheme}://{host}{suffix}\n")
        if settings.dev:
            _say("  LiveKit's development key is on: devkey / secret. For this machine alone.\n")
        return
    others = [
        f"{scheme}://[{a}]{suffix}" if ":" in a else f"{scheme}://{a}{suffix}" for a in of_this_machine()
    ]
    _say(f"\n  Folkmoot is at  {here}")
    for address in others:
        _say(f"                  {address}")
    if others:
        segno.make(others[0], error="m").terminal(compact=True, border=2)
    if made is not None:
        _say(
            "  Every browser will warn once: this server's certificate is made by itself, and nobody vouches for it."
            "\n  Choose “Advanced”, then “Proceed”. Its SHA-256 fingerprint, to compare, is"
            f"\n  {made.fingerprint}\n"
        )


def _say(line: str) -> None:
    typer.echo(line)
