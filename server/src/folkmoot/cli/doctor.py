"""`folkmoot doctor`: is this machine ready to serve? Each line is one thing that was tried, not assumed."""

from __future__ import annotations

import shutil
import socket
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import typer
from sqlalchemy.engine import make_url

from folkmoot.cli.addresses import listen, to_advertise
from folkmoot.cli.archive import DATABASE
from folkmoot.cli.data import elsewhere
from folkmoot.cli.files import allow_many_files
from folkmoot.cli.settings import ConfigFile, Data, Dev, Lan, Port, configured
from folkmoot.cli.sizes import in_words
from folkmoot.config import Config, ConfigError
from folkmoot.engine import EngineError
from folkmoot.engine.native import open_engine
from folkmoot.operating import Finding
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
    """Check ports, media, storage and clock."""
    settings = configured(config, dev=dev, lan=lan, port=port, data=data)
    bad = 0
    for check in (_web_port, _media, _open_files, _storage, _database, _mail, _webhooks, _clock, _web_client):
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
    for check in (_open_files, _storage, _database, _mail, _webhooks, _clock, _web_client):
        yield from check(settings)


def _mail(settings: Config) -> Iterator[Finding]:
    if not settings.mail.host:
        yield Finding(True, "no mail server is set: links are shown to copy")
        return
    there = f"{settings.mail.host}:{settings.mail.port}"
    try:
        socket.create_connection((settings.mail.host, settings.mail.port), RECEIVER_WITHIN_S).close()
    except OSError as error:
        yield Finding(False, f"mail to {there}", f"Nobody takes it there: {error}.")
    else:
        yield Finding(True, f"mail to {there}: somebody is there")


def _web_port(settings: Config) -> Iterator[Finding]:
    try:
        sockets = listen(settings)
    except ConfigError as error:
        yield Finding(False, f"TCP port {settings.http.port}", error.message)
        return
    for made in sockets:
        made.close()
    yield Finding(True, f"TCP port {settings.http.port} is free")


def _media(settings: Config) -> Iterator[Finding]:
    try:
        engine: Any = open_engine(
            settings.media.host, settings.udp_port, to_advertise(settings), settings.tcp_port
        )
    except EngineError as error:
        yield Finding(False, "media engine", error.message)
        return
    try:
        for transport, address, took in engine.probe():
            way = f"{transport.upper()} {address}"
            if took is None:
                yield Finding(
                    False, way, "Nothing came back. Is a firewall in between, or the address wrong?"
                )
            else:
                yield Finding(True, f"{way} answers in {took * 1000:.1f} ms")
        if settings.tcp_port is None:
            yield Finding(
                True, "no media by TCP", "media.tcp_port is 0: where UDP is blocked, nobody is heard."
            )
    finally:
        engine.close()


def _open_files(_: Config, allowed: Callable[[], int] = allow_many_files) -> Iterator[Finding]:
    files = allowed()
    few = "Everybody in a meeting is two, and more where UDP is blocked. LimitNOFILE=65536 in the unit allows more."
    yield Finding(True, f"{files} files may be open", few if files < FEW_FILES else "")


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
        yield Finding(False, f"storage in {folder}", f"{error}. Name another folder with --data.")
        return
    wal = mode == "wal"
    yield Finding(
        wal, f"{folder} can be written", "" if wal else "No write-ahead log here: is it a network drive?"
    )
    free = shutil.disk_usage(folder).free
    yield Finding(free >= FREE_BYTES, f"{in_words(free)} free", "" if free >= FREE_BYTES else "Make room.")
    if folder.stat().st_mode & 0o077:
        yield Finding(
            True, f"{folder} can be read by others", f"chmod 700 {folder} keeps its secrets to you."
        )


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
        yield Finding(False, f"{file}", error.message)
        return
    yield Finding(True, f"{file} was read and is whole")


def _postgresql(url: str) -> Finding:
    where = f"database {name_of(make_url(url))}"
    try:
        at = revision_of(url)
    except StorageError as error:
        return Finding(False, where, error.message)
    return Finding(True, f"{where} answers, {f'at {at}' if at else 'with nothing in it yet'}")


def _webhooks(settings: Config) -> Iterator[Finding]:
    for url in settings.webhooks.urls:
        there = urlsplit(url)
        port = there.port or (443 if there.scheme == "https" else 80)
        try:
            socket.create_connection((there.hostname or "", port), RECEIVER_WITHIN_S).close()
        except OSError as error:
            yield Finding(False, f"webhooks to {there.hostname}:{port}", f"Nobody takes them there: {error}.")
        else:
            yield Finding(True, f"webhooks to {there.hostname}:{port}: somebody is there")


def _clock(_: Config, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Iterator[Finding]:
    good = now() > SANE
    advice = (
        "" if good else "Tokens carry times: set the clock, or switch time synchronisation on (timedatectl)."
    )
    yield Finding(good, f"the clock says {now():%Y-%m-%d %H:%M} UTC", advice)


def _web_client(_: Config) -> Iterator[Finding]:
    built = WebClient().built
    yield Finding(
        built,
        "the web client is built" if built else "no web client",
        "" if built else "In a checkout: make web.",
    )
