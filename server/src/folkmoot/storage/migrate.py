"""Bringing a database to this version. Migrations ship inside the package; they only ever go forward."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

SYNC_DRIVERS = {"sqlite+aiosqlite": "sqlite"}


def migrate(url: str) -> None:
    """Blocks; safe to repeat, and on a database that is there already."""
    parsed = make_url(url)
    engine = create_engine(
        parsed.set(drivername=SYNC_DRIVERS.get(parsed.drivername, parsed.drivername)), poolclass=NullPool
    )
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    try:
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        engine.dispose()
