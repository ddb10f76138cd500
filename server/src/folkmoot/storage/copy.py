"""One SQLite file copied whole, and looked at: while others read and write it.

Law: a copy is there under its name only when it is whole, checked and on the disk. What was copied and what is broken is
never changed.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from pathlib import Path

from folkmoot.storage.refusal import StorageError

PAGES_AT_ONCE = 1024
"""4 MiB: a writer waits for no more than that."""


def copy(source: Path, target: Path) -> None:
    """The last committed state of `source`, write-ahead log included."""
    draft = target.with_name(f".{target.name}.part")
    draft.unlink(missing_ok=True)
    os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        with (
            contextlib.closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as whole,
            contextlib.closing(sqlite3.connect(draft)) as copied,
        ):
            whole.backup(copied, pages=PAGES_AT_ONCE)
            copied.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
    except sqlite3.DatabaseError as error:
        draft.unlink(missing_ok=True)
        raise unusable(source, error) from None
    check(draft)
    settle(draft)
    draft.replace(target)
    settle(target.parent)


def check(file: Path) -> None:
    """Reads all of it."""
    try:
        with contextlib.closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as opened:
            said = opened.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.DatabaseError as error:
        raise unusable(file, error) from None
    if said != "ok":
        raise broken(file, said)


def settle(path: Path) -> None:
    """What was written there, or which names a folder has, survives a power cut from here on."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def unusable(file: Path, error: BaseException | None) -> StorageError:
    """Damaged, or in the way of something that isn't the file's fault: a full disk, somebody's lock."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return broken(file, error)
    return StorageError(
        "data.unusable", f"{file} can't be used: {error}. Nothing was changed; mend that and try again."
    )


def broken(file: Path, reason: object) -> StorageError:
    return StorageError(
        "data.broken",
        f"{file} is damaged ({str(reason).splitlines()[0]}). Nothing was changed. Bring back a backup: folkmoot restore FILE --force;"
        " or move the file away to begin with nothing.",
    )
