"""The data folder, and that one server at a time works in it."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.engine import make_url

from folkmoot.cli.archive import DATABASE, finish_restoring
from folkmoot.config import Config, ConfigError
from folkmoot.storage import StorageError, database_url
from folkmoot.storage.address import name_of
from folkmoot.storage.migrate import must_be_of_this_version, revision_of

__all__ = ["DATABASE", "database_at_hand", "database_of", "elsewhere", "must_be_there", "sole_owner"]


def database_of(settings: Config) -> str:
    return database_url(settings.storage.url.get_secret_value(), settings.data / DATABASE)


def elsewhere(settings: Config) -> str | None:
    """The database that isn't in the data folder, if that is so."""
    return database_of(settings) if settings.storage.url.get_secret_value() else None


def must_be_there(settings: Config) -> None:
    url = elsewhere(settings)
    if url is not None and revision_of(url) is None:
        where = name_of(make_url(url))
        raise StorageError("data.nothing", f"There is nothing in {where} yet. Is it the one in storage.url?")
    if url is None and not (settings.data / DATABASE).exists():
        raise StorageError(
            "data.nothing", f"There is no {DATABASE} in {settings.data}. Name the folder with --data."
        )


def database_at_hand(settings: Config) -> str:
    """Of a server that may be running: there, and of the version that this command knows."""
    must_be_there(settings)
    url = database_of(settings)
    must_be_of_this_version(url)
    return url


def is_at_work(data: Path) -> bool:
    """A server has that folder."""
    try:
        lock = os.open(data / "lock", os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(lock)
    return False


@contextmanager
def sole_owner(data: Path, url: str | None = None) -> Iterator[None]:
    """Two servers on one data folder would each believe that the meetings are theirs. `url`: of a database elsewhere."""
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
        finish_restoring(data, url)
        yield
    finally:
        os.close(lock)
