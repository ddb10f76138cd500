"""`folkmoot doctor`: is this machine ready to serve? Each line is one thing that was tried, not assumed."""

from __future__ import annotations

import shutil
import socket
import sqlite3
import ssl
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import typer
from sqlalchemy.engine import make_url

from folkmoot.cli.addresses import listen, to_advertise
from folkmoot.cli.archive import DATABASE
from folkmoot.cli.certificates import certificates_of
from folkmoot.cli.data import elsewhere, is_at_work
from folkmoot.cli.files import allow_many_files
from folkmoot.cli.settings import ConfigFile, Data, Dev, Lan, Port, configured
from folkmoot.config import Config, ConfigError
from folkmoot.engine import EngineError
from folkmoot.engine.native import open_engine
from folkmoot.operating import Finding, found
from folkmoot.operating.checks import ending
from folkmoot.static import WebClient
from folkmoot.storage import StorageError
from folkmoot.storage.address import name_of
from folkmoot.storage.copy import check as read_whole
from folkmoot.storage.migrate import revision_of

SANE = datetime(2026, 1, 1, tzinfo=UTC)
FREE_BYTES = 200 * 1024 * 1024
FEW_FILES = 4096
RECEIVER_WITHIN_S = 3.0


def doctor(
    dev: Dev = False, lan: Lan = False, port: Port = None, data: Data = None, config: ConfigFile = None
) -> None:
    """Check ports, media, storage and clock; beside a server that runs, whether it answers."""
    settings = configured(config, dev=dev, lan=lan, port=port, data=data)
    bad = 0
    ports = (_server,) if is_at_work(settings.data) else (_web_port, _media)
    for check in (*ports, *WHILE_RUNNING):
        for finding in check(settings):
            bad += not finding.good
            typer.echo(f"{'ok  ' if finding.good else 'FAIL'}  {finding.what}")
            if finding.advice:
                typer.echo(f"      {finding.advice}")
    if bad:
        typer.echo(f"\n{bad} of these will be in the way.")
        raise typer.Exit(1)


def while_running(settings: Config) -> Iterator[Finding]:
    """What can be looked at beside a server that has the ports: for the operator's page. Blocks, for some seconds at most."""
    for check in WHILE_RUNNING:
        yield from check(settings)


def _mail(settings: Config) -> Iterator[Finding]:
    if not settings.mail.host:
        yield found("mail.none")
        return
    there = f"{settings.mail.host}:{settings.mail.port}"
    try:
        socket.create_connection((settings.mail.host, settings.mail.port), RECEIVER_WITHIN_S).close()
    except OSError as error:
        yield found("mail.away", address=there, error=error)
    else:
        yield found("mail.there", address=there)


def _certificates(
    settings: Config, now: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> Iterator[Finding]:
    """Of this server's own name, and of each in the folder."""
    if settings.http.certificate is None:
        return
    try:
        certificates = certificates_of(settings)
    except ConfigError as error:
        yield found("certificate.broken", file=settings.http.certificate, error=error.message)
        return
    for one in certificates.every() if certificates else ():
        days = (one.until - now()).days
        said = {"names": ", ".join(one.names[:3]) or one.file.name, "until": f"{one.until:%Y-%m-%d}"}
        yield found(f"certificate.{ending(days)}", **said, days=days)
    for file, why in certificates.broken.items() if certificates else ():
        yield found("certificate.broken", file=file, error=why)


def _server(settings: Config) -> Iterator[Finding]:
    """The one that has the ports: trying them would say that they are taken."""
    secure = settings.http.certificate is not None
    address = f"{'https' if secure else 'http'}://127.0.0.1:{settings.http.port}"
    trusting = ssl._create_unverified_context() if secure else None  # noqa: S323  (its certificate needn't name this machine)
    try:
        urllib.request.urlopen(f"{address}/healthz", timeout=RECEIVER_WITHIN_S, context=trusting).close()  # noqa: S310
    except urllib.error.HTTPError as error:
        yield found("server.ill", address=address, said=error.read(500).decode(errors="replace"))
    except (OSError, ValueError):
        yield found("server.silent", folder=settings.data, address=address)
    else:
        yield found("server.answers", address=address)


def _web_port(settings: Config) -> Iterator[Finding]:
    try:
        sockets = listen(settings)
    except ConfigError as error:
        yield found("port.taken", port=settings.http.port, error=error.message)
        return
    for made in sockets:
        made.close()
    yield found("port.free", port=settings.http.port)


def _media(settings: Config) -> Iterator[Finding]:
    try:
        engine: Any = open_engine(
            settings.media.host, settings.udp_port, to_advertise(settings), settings.tcp_port
        )
    except EngineError as error:
        yield found("media.broken", error=error.message)
        return
    try:
        for transport, address, took in engine.probe():
            way = f"{transport.upper()} {address}"
            if took is None:
                yield found("media.silent", way=way)
            else:
                yield found("media.answers", way=way, took=f"{took * 1000:.1f}")
        if settings.tcp_port is None:
            yield found("media.no_tcp")
    finally:
        engine.close()


def _open_files(_: Config, allowed: Callable[[], int] = allow_many_files) -> Iterator[Finding]:
    files = allowed()
    yield found("files.few" if files < FEW_FILES else "files.enough", count=files)


def _storage(settings: Config) -> Iterator[Finding]:
    folder = settings.data
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".doctor-") as trial:
            database = sqlite3.connect(Path(trial) / "trial.db")
            try:
                mode = database.execute("PRAGMA journal_mode=WAL").fetchone()[0]
                database.execute("CREATE TABLE trial (x)")
                database.commit()
            finally:
                database.close()
    except (OSError, sqlite3.Error) as error:
        yield found("storage.closed", folder=folder, error=error)
        return
    yield found("storage.open" if mode == "wal" else "storage.no_log", folder=folder)
    free = shutil.disk_usage(folder).free
    yield found("storage.room" if free >= FREE_BYTES else "storage.full", mib=free // 2**20)
    if folder.stat().st_mode & 0o077:
        yield found("storage.shown", folder=folder)


def _database(settings: Config) -> Iterator[Finding]:
    url = elsewhere(settings)
    if url is not None:
        yield _postgresql(url)
        return
    file = settings.data / DATABASE
    if not file.exists():
        return
    try:
        read_whole(file)
    except StorageError as error:
        yield found("database.damaged", file=file, error=error.message)
        return
    yield found("database.whole", file=file)


def _postgresql(url: str) -> Finding:
    name = name_of(make_url(url))
    try:
        at = revision_of(url)
    except StorageError as error:
        return found("database.away", name=name, error=error.message)
    return found("database.answers", name=name, at=at) if at else found("database.empty", name=name)


def _webhooks(settings: Config) -> Iterator[Finding]:
    for url in settings.webhooks.urls:
        there = urlsplit(url)
        port = there.port or (443 if there.scheme == "https" else 80)
        address = f"{there.hostname}:{port}"
        try:
            socket.create_connection((there.hostname or "", port), RECEIVER_WITHIN_S).close()
        except OSError as error:
            yield found("webhooks.away", address=address, error=error)
        else:
            yield found("webhooks.there", address=address)


def _payments(settings: Config) -> Iterator[Finding]:
    """Nothing where money comes by hand. Whether the key is good only Stripe knows, and is asked when somebody pays."""
    if settings.billing.provider == "manual":
        return
    there = urlsplit(settings.billing.stripe.address or "https://api.stripe.com")
    port = there.port or (443 if there.scheme == "https" else 80)
    address = f"{there.hostname}:{port}"
    try:
        socket.create_connection((there.hostname or "", port), RECEIVER_WITHIN_S).close()
    except OSError as error:
        yield found("payments.away", address=address, error=error)
    else:
        yield found("payments.there", address=address)


def _clock(_: Config, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Iterator[Finding]:
    yield found("clock.right" if now() > SANE else "clock.wrong", time=f"{now():%Y-%m-%d %H:%M}")


def _web_client(_: Config) -> Iterator[Finding]:
    yield found("client.built" if WebClient().built else "client.missing")


WHILE_RUNNING = (
    _certificates,
    _open_files,
    _storage,
    _database,
    _mail,
    _webhooks,
    _payments,
    _clock,
    _web_client,
)
