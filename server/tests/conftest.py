"""What tests of several slices ask for."""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine, make_url

from folkmoot.storage import database, database_url, migrate, sqlite_url

from .measured import measured
from .postgresql import Postgresql, postgresql

__all__ = ["address", "measured", "postgresql"]

# How long an example takes says how busy the machine is. What must be quick is measured by `measured`.
settings.register_profile("ours", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("ours")


KEPT = database.PRAGMAS


@pytest.fixture(autouse=True, scope="session")
def no_power_cut() -> Iterator[None]:
    """Nothing is waited for until it is on the disk: what survives `kill -9` does without. PostgreSQL's is told the same."""
    settle = os.fsync
    os.fsync = lambda _: None  # type: ignore[assignment]
    database.PRAGMAS = tuple(one.replace("synchronous=FULL", "synchronous=OFF") for one in KEPT)
    yield
    os.fsync, database.PRAGMAS = settle, KEPT


BRING_UP = migrate._bring_up
GIVEN: set[str | None] = set()
"""Names of databases that are of this version, because a fixture brought them there."""


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of SQLite's, of this version and with nothing in it."""
    made = tmp_path_factory.mktemp("migrated") / "folkmoot.db"
    engine = migrate.opened(make_url(sqlite_url(made)))
    BRING_UP(engine, str(made), made)
    engine.dispose()
    return made


@pytest.fixture(autouse=True)
def brought_up_once(monkeypatch: pytest.MonkeyPatch, migrated: Path) -> None:
    """A new file is a copy of one that was brought to this version by all migrations, and what a fixture gives isn't looked at again:
    of a test with a database that was a fifth. The tests of bringing it there have the real thing (storage/conftest.py)."""

    def bring_up(engine: Engine, where: str, file: Path | None) -> None:
        if engine.url.database in GIVEN:
            return
        if file is not None and not file.exists():
            shutil.copy(migrated, file)
            return
        BRING_UP(engine, where, file)

    monkeypatch.setattr(migrate, "_bring_up", bring_up)


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path, migrated: Path) -> Iterator[str]:
    """A database of each kind, of this version and with nothing in it."""
    if request.param == "sqlite":
        shutil.copy(migrated, tmp_path / "folkmoot.db")
        url = database_url("", tmp_path / "folkmoot.db")
    else:
        server: Postgresql = request.getfixturevalue("postgresql")
        url = database_url(server.emptied(), tmp_path)
    GIVEN.add(make_url(url).database)
    yield url
    GIVEN.clear()


@pytest.fixture(autouse=True)
def as_quiet_as_before() -> Iterator[None]:
    """Whoever starts the product in a test sets up its logs, on the standard error of that test, which closes with it."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()
