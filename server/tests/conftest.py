"""What tests of several slices ask for."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from folkmoot.storage import database_url

from .measured import measured
from .postgresql import Postgresql, postgresql

__all__ = ["address", "measured", "postgresql"]


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return database_url("", tmp_path / "folkmoot.db")
    server: Postgresql = request.getfixturevalue("postgresql")
    return database_url(server.database(), tmp_path)


@pytest.fixture(autouse=True)
def as_quiet_as_before() -> Iterator[None]:
    """Whoever starts the product in a test sets up its logs, on the standard error of that test, which closes with it."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()
