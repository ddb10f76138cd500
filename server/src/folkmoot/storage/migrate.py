"""Bringing a database to this version. Migrations ship inside the package; they only ever go forward."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, create_engine, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

MIGRATIONS = Path(__file__).with_name("migrations")
SYNC_DRIVERS = {"sqlite+aiosqlite": "sqlite"}


def migrate(url: str) -> None:
    """Blocks; safe to repeat, and on a database that is there already."""
    parsed = make_url(url)
    engine = create_engine(
        parsed.set(drivername=SYNC_DRIVERS.get(parsed.drivername, parsed.drivername)), poolclass=NullPool
    )
    try:
        with engine.begin() as connection:
            if _revision(connection) != newest():
                _upgrade(connection)
    finally:
        engine.dispose()


def newest() -> str:
    """Migrations are named by their number, and it is their revision."""
    return max(file.name.partition("_")[0] for file in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return str(found) if found else None


def _upgrade(connection: Connection) -> None:
    # Most starts have nothing to bring up to date, and needn't load, or keep, what does it.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
