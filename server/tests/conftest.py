"""What tests of several slices ask for."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from folkmoot.storage import database_url, sqlite_url
from folkmoot.storage.migrate import migrate

from .measured import measured
from .postgresql import Postgresql, postgresql

__all__ = ["address", "measured", "postgresql"]


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of SQLite's, of this version and with nothing in it."""
    made = tmp_path_factory.mktemp("migrated") / "folkmoot.db"
    migrate(sqlite_url(made))
    return made


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database of each kind, of this version and with nothing in it."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("migrated"), tmp_path / "folkmoot.db")
        return database_url("", tmp_path / "folkmoot.db")
    server: Postgresql = request.getfixturevalue("postgresql")
    return database_url(server.emptied(), tmp_path)


@pytest.fixture(autouse=True)
def as_quiet_as_before() -> Iterator[None]:
    """Whoever starts the product in a test sets up its logs, on the standard error of that test, which closes with it."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()
