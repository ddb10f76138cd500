"""Where the database is: what the configuration says, as SQLAlchemy takes it.

Law: a password is in no message.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from folkmoot.storage.refusal import StorageError

DRIVER = "postgresql+psycopg"
SPELLINGS = ("postgresql", "postgres", DRIVER)


def sqlite_url(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file}"


def database_url(said: str, file: Path) -> str:
    """`said` is `storage.url`. Empty: SQLite in `file`."""
    if not said:
        return sqlite_url(file)
    try:
        url = make_url(said)
    except (ArgumentError, ValueError):
        raise _unknown("It is not an address") from None
    if url.drivername not in SPELLINGS:
        raise _unknown(f"{url.drivername} is not a database that is known here")
    if not url.database:
        raise _unknown("It names no database")
    return url.set(drivername=DRIVER).render_as_string(hide_password=False)


def file_of(url: URL) -> Path | None:
    """Of SQLite's."""
    is_file = url.get_backend_name() == "sqlite" and url.database not in (None, "", ":memory:")
    return Path(str(url.database)) if is_file else None


def name_of(url: URL) -> str:
    """For somebody's eyes."""
    return str(file_of(url) or f"{url.database} on {url.host or 'this machine'}")


def _unknown(why: str) -> StorageError:
    return StorageError(
        "storage.url",
        f"storage.url: {why}. Write postgresql://user:password@host/database; or leave it out, and all is kept in the data folder.",
    )
