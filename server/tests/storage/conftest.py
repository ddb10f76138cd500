from __future__ import annotations

from pathlib import Path

import pytest

from folkmoot.storage import database_url

from ..postgresql import Postgresql


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind, without a table."""
    if request.param == "sqlite":
        return database_url("", tmp_path / "folkmoot.db")
    server: Postgresql = request.getfixturevalue("postgresql")
    return database_url(server.database(), tmp_path)


@pytest.fixture(autouse=True)
def brought_up_once() -> None:
    """Here it is brought up by the product's own, each time."""
