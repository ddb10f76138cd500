"""`python -m server.tests.cli.backup_killed FOLDER backup|restore`: killed at every step."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from server.tests.killed import everywhere, rows
from server.tests.storage.migration_killed import insert

from folkmoot.cli.archive import DATABASE, pack, unpack
from folkmoot.cli.data import sole_owner
from folkmoot.growth.books import FOLDER as GROWTH
from folkmoot.keyring import FILE as SECRETS
from folkmoot.keyring import server_secrets
from folkmoot.storage import sqlite_url
from folkmoot.storage.migrate import migrate


def main(folder: Path, restoring: bool) -> int:
    then, now, data, archive = (folder / name for name in ("then", "now", "data", "backup.tar"))
    for made in (then, now):
        made.mkdir(parents=True)
        server_secrets(made)
        migrate(sqlite_url(made / DATABASE))
        (made / "files/ab").mkdir(parents=True)
        (made / "files/ab" / f"{made.name}0123456789ab").write_bytes(b"a picture")
    insert(then / DATABASE)
    pack(then, archive, "1")
    old = archive.read_bytes()

    def anew() -> None:
        shutil.rmtree(data, ignore_errors=True)
        shutil.copytree(now if restoring else then, data)
        archive.write_bytes(old)

    def backup() -> None:
        pack(data, archive, "1")

    def whole_backup() -> None:
        """What is under the name is whole, old or new; what the killed one left is gone after the next."""
        unpack(archive, _empty(folder / "tried"))
        pack(data, archive, "1")
        assert sorted(p.name for p in folder.iterdir()) == ["backup.tar", "data", "now", "then", "tried"]

    def restore() -> None:
        with sole_owner(data):
            unpack(archive, data)

    def one_or_the_other() -> None:
        with sole_owner(data):
            pass
        meetings = rows(data / DATABASE, "SELECT number FROM meetings")
        source = then if meetings else now
        assert (data / SECRETS).read_bytes() == (source / SECRETS).read_bytes(), "half of each"
        assert _files(data) == _files(source), "half of each"
        left = sorted(p.name for p in data.iterdir() if p.name not in ("lock", GROWTH))
        assert left == ["files", DATABASE, SECRETS]
        assert not [*(data / GROWTH).glob("*")], "neither has a book"

    if restoring:
        return everywhere(anew, restore, one_or_the_other)
    return everywhere(anew, backup, whole_backup)


def _files(data: Path) -> list[str]:
    return sorted(p.name for p in (data / "files").glob("*/*"))


def _empty(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return folder


if __name__ == "__main__":
    print(main(Path(sys.argv[1]), sys.argv[2] == "restore"))
