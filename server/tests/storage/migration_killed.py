"""`python -m server.tests.storage.migration_killed FOLDER new|old`: a migration, killed at every step."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from server.tests.killed import everywhere, rows

import folkmoot.app  # noqa: F401
from folkmoot.storage import migrate as migrating
from folkmoot.storage import sqlite_url

NEXT = """
import sqlalchemy as sa
from alembic import op

revision = "0999"
down_revision = "{before}"


def upgrade() -> None:
    op.create_table("polls", sa.Column("question", sa.Text))
    op.add_column("meetings", sa.Column("polled", sa.Integer, server_default="7"))
    op.execute("UPDATE meetings SET title = title || '!'")
    op.create_table("votes", sa.Column("choice", sa.Text))
"""
MADE = (
    "INSERT INTO meetings (number, occurrence, title, created_at, admission_hash, passcode_hash, host_key_hash, locked,"
    " entered, reserved) VALUES ('123456789012', 1, 'Monday', '2026-01-01', x'', x'', x'', 0, 0, 0)"
)


def main(folder: Path, old: bool) -> int:
    file = folder / "folkmoot.db"
    url = sqlite_url(file)
    before = migrating.newest()

    def empty() -> None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()

    def with_a_meeting() -> None:
        empty()
        shutil.copy(folder.with_name("old.db"), file)

    def works() -> None:
        migrating.migrate(url)
        assert rows(file, "SELECT version_num FROM alembic_version") == [(migrating.newest(),)]
        if old:
            assert rows(file, "SELECT title, polled FROM meetings") == [("Monday!", 7)]
            assert rows(file, "SELECT * FROM votes") == []
            beside = folder / "folkmoot.before-0999.db"
            assert rows(beside, "SELECT version_num FROM alembic_version") == [(before,)]
            assert rows(beside, "SELECT title FROM meetings") == [("Monday",)]

    empty()
    migrating.migrate(url)  # loads what migrates: else each of the killed ones would, for seconds
    if not old:
        return everywhere(empty, lambda: migrating.migrate(url), works)
    rows(file, "PRAGMA journal_mode=WAL")
    insert(file)
    shutil.copy(file, folder.with_name("old.db"))
    newer = folder.with_name("migrations")
    shutil.copytree(migrating.MIGRATIONS, newer, dirs_exist_ok=True)
    (newer / "versions/0999_polls.py").write_text(NEXT.format(before=before))
    migrating.MIGRATIONS = newer
    return everywhere(with_a_meeting, lambda: migrating.migrate(url), works)


def insert(file: Path) -> None:
    import sqlite3

    with sqlite3.connect(file) as database:
        database.execute(MADE)
    database.close()


if __name__ == "__main__":
    print(main(Path(sys.argv[1]), sys.argv[2] == "old"))
