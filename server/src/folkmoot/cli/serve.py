"""`folkmoot serve`: the product."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from folkmoot import keyring, logs
from folkmoot.app import create_app
from folkmoot.bus import MemoryBus
from folkmoot.cli.addresses import listen, of_this_machine, to_advertise
from folkmoot.cli.announcing import announce
from folkmoot.cli.certificate import Certificate, certificate_for
from folkmoot.cli.certificates import certificates_of
from folkmoot.cli.data import database_of, elsewhere, sole_owner
from folkmoot.cli.doctor import while_running
from folkmoot.cli.files import allow_many_files
from folkmoot.cli.server import LOOP, Server
from folkmoot.cli.settings import ConfigFile, Data, Dev, Lan, Port, configured
from folkmoot.cli.sockets import Sockets
from folkmoot.config import Config
from folkmoot.engine.native import open_engine
from folkmoot.kit import SystemClock
from folkmoot.storage import open_storage

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
    files = allow_many_files()
    with sole_owner(settings.data, elsewhere(settings)):
        own = keyring.server_secrets(settings.data)
        settings, made = _certified(keyring.equipped(settings, own))
        most = settings.http.most_sockets or files // 2
        _run(settings, own, listen(settings), made, Sockets(most, settings.http.trusted_proxies))


def _certified(settings: Config) -> tuple[Config, Certificate | None]:
    if not settings.lan or settings.http.certificate is not None:
        return settings, None
    made = certificate_for(of_this_machine(), settings.data, datetime.now(UTC))
    http = settings.http.model_copy(update={"certificate": made.certificate, "key": made.key})
    return settings.model_copy(update={"http": http}), made


def _run(
    settings: Config,
    own: keyring.ServerSecrets,
    listening: list[socket.socket],
    made: Certificate | None,
    sockets: Sockets,
) -> None:
    media = settings.media
    where = media.host, settings.udp_port, to_advertise(settings), settings.tcp_port
    engine = open_engine(*where, media.threads, settings.uplink, media.people_per_thread)
    with contextlib.closing(engine), asyncio.Runner(loop_factory=LOOP) as runner:
        storage = runner.run(open_storage(database_of(settings)))
        checks = partial(while_running, settings)
        certificates = certificates_of(settings)
        until = certificates.until if certificates else lambda host: None
        app = create_app(settings, own, storage, MemoryBus(), engine, SystemClock(), checks, until)
        app.state.registry.add("folkmoot", sockets.counts)
        server = Server(
            *(app, settings, sockets, lambda port: announce(settings, port, made, app.state.setup.token)),
            certificates,
        )
        with contextlib.suppress(KeyboardInterrupt):
            runner.run(server.serve(listening))
    if not server.started:
        raise typer.Exit(3)
