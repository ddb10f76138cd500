"""The data folder, and that one server at a time works in it."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from folkmoot.cli.archive import DATABASE, finish_restoring
from folkmoot.config import ConfigError

__all__ = ["DATABASE", "sole_owner"]


@contextmanager
def sole_owner(data: Path) -> Iterator[None]:
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
        finish_restoring(data)
        yield
    finally:
        os.close(lock)
