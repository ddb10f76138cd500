"""`python -m server.tests.storage.postgresql_killed URL FOLDER`: a migration of PostgreSQL, killed at every statement."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import sqlalchemy as sa
from server.tests.killed import everywhere
from server.tests.storage.migration_killed import NEXT
from sqlalchemy.engine import make_url

import folkmoot.app  # noqa: F401
from folkmoot.storage import migrate as migrating
from folkmoot.storage.migrate import opened, revision_of


def main(url: str, folder: Path) -> int:
    before = migrating.newest()
    newer = folder / "migrations"
    shutil.copytree(migrating.MIGRATIONS, newer)
    (newer / "versions/0999_polls.py").write_text(NEXT.format(before=before))

    def as_it_was() -> None:
        migrating.MIGRATIONS = Path(migrating.__file__).with_name("migrations")
        engine = opened(make_url(url))
        with engine.begin() as connection:
            connection.execute(sa.text("DROP SCHEMA public CASCADE"))
            connection.execute(sa.text("CREATE SCHEMA public"))
            migrating.upgrade(connection)
            connection.execute(sa.text(MADE))
        engine.dispose()
        migrating.MIGRATIONS = newer

    def comes_up() -> None:
        assert revision_of(url) in (before, "0999"), "half of it"
        migrating.migrate(url)
        engine = opened(make_url(url))
        with engine.connect() as connection:
            assert list(connection.execute(sa.text("SELECT title, polled FROM meetings"))) == [("Monday!", 7)]
        engine.dispose()

    return everywhere(as_it_was, lambda: migrating.migrate(url), comes_up)


MADE = """INSERT INTO meetings (number, occurrence, title, created_at, admission_hash, passcode_hash, host_key_hash, locked,
    entered, reserved) VALUES ('123456789012', 1, 'Monday', '2026-01-01', '', '', '', false, false, 0)"""

if __name__ == "__main__":
    print(main(sys.argv[1], Path(sys.argv[2])))
