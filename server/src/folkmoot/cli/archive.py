"""A backup: one tar file with the database, people's files, books of growth, this server's secrets and its certificate, and a list of
what they hash to. Files in a bucket are elsewhere, and not in it.

The database in it is always an SQLite file, also where PostgreSQL is used: so a backup of one can be restored into the other.

Law: it is there under its name only when it was read back and found whole. A data folder holds all of what was there before
a restore, or all of the backup: what was begun is finished by whoever opens the folder next.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import io
import json
import os
import re
import shutil
import tarfile
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from folkmoot.audit.anchors import FOLDER as ANCHORS
from folkmoot.growth.books import FOLDER as GROWTH
from folkmoot.growth.books import Books
from folkmoot.growth.warehouse import Held, copied
from folkmoot.keyring import FILE as SECRETS
from folkmoot.storage import StorageError, sqlite_url
from folkmoot.storage.copy import check, copy, settle
from folkmoot.storage.migrate import migrate, revision_of
from folkmoot.storage.transfer import transfer

DATABASE = "folkmoot.db"
CERTIFICATES = ("tls/lan.crt", "tls/lan.key")
FILES = "files"
A_FILE = re.compile(rf"{FILES}/[a-z0-9]{{2}}/[a-z0-9]{{8,64}}")
A_BOOK = re.compile(rf"{GROWTH}/[a-z0-9][a-z0-9-]{{0,39}}\.duckdb")
LIST = "folkmoot-backup.json"
FORMAT, FORMAT_WITH_BOOKS = 1, 2
"""So that a version that knows no books names the one that does."""
BOOK_WAIT_S = 60.0
DRAFTS = ".folkmoot-backup."
STAGED, READY = ".restoring", "ready"
BESIDE_A_DATABASE = ("-wal", "-shm", "-journal")
CHUNK = 1024 * 1024


def pack(data: Path, archive: Path, version: str, url: str | None = None) -> None:
    """`archive` is replaced if it is there. Whoever works in `data` may go on. `url`: of a database that is elsewhere."""
    with _drafts_folder(archive) as draft:
        if url is None:
            copy(data / DATABASE, draft / DATABASE)
        else:
            _fetch(url, draft / DATABASE)
        if revision_of(sqlite_url(draft / DATABASE)) is None:
            where = data / DATABASE
            raise StorageError(
                "data.nothing",
                f"There is nothing in {where} yet. If a server starts there just now, wait for it.",
            )
        sources = {DATABASE: draft / DATABASE}
        sources |= {name: data / name for name in (SECRETS, *CERTIFICATES) if (data / name).exists()}
        sources |= _held(data, draft) | _books(data, draft)
        whole = draft / "archive"
        _write(whole, sources, version)
        _unpack(whole, draft / "read-back")
        whole.replace(archive)
        settle(archive.parent)


@contextmanager
def _drafts_folder(archive: Path) -> Iterator[Path]:
    """Beside the archive, and locked as long as somebody works there: what a killed one left is thrown away."""
    for left in archive.parent.glob(DRAFTS + "*"):
        with contextlib.suppress(BlockingIOError), _locked(left):
            shutil.rmtree(left, ignore_errors=True)
    draft = Path(tempfile.mkdtemp(prefix=DRAFTS, dir=archive.parent))
    with _locked(draft):
        try:
            yield draft
        finally:
            shutil.rmtree(draft, ignore_errors=True)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    opened = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(opened)


def _held(data: Path, draft: Path) -> dict[str, Path]:
    """People's files, which never change; so that none goes while it is packed, each gets a second name."""
    held: dict[str, Path] = {}
    for file in (data / FILES).glob("??/*"):
        name = file.relative_to(data).as_posix()
        if not A_FILE.fullmatch(name):
            continue  # one that is still arriving
        (draft / name).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with contextlib.suppress(FileNotFoundError):  # it was deleted a moment ago
            _second_name(file, draft / name)
            held[name] = draft / name
    return held


def _books(data: Path, draft: Path) -> dict[str, Path]:
    """Without what a closing makes of them, and without the made-up ones."""
    kept: dict[str, Path] = {}
    for file in Books(data).files:
        name = file.relative_to(data).as_posix()
        (draft / name).parent.mkdir(exist_ok=True, mode=0o700)
        if _copied_when_free(file, draft / name):
            kept[name] = draft / name
    return kept


def _copied_when_free(file: Path, to: Path) -> bool:
    """A book is written for seconds."""
    until = time.monotonic() + BOOK_WAIT_S
    while True:
        try:
            return copied(file, to)
        except Held:
            if time.monotonic() > until:
                raise StorageError(
                    "backup.book_in_use", f"The book of growth {file.stem} is being written. Try again when that is done."
                ) from None  # fmt: skip
            to.unlink(missing_ok=True)
            time.sleep(0.2)


def _second_name(file: Path, draft: Path) -> None:
    try:
        draft.hardlink_to(file)
    except FileNotFoundError:
        raise
    except OSError:  # the archive is on another disk
        shutil.copyfile(file, draft)


def _fetch(url: str, file: Path) -> None:
    migrate(sqlite_url(file))
    transfer(url, sqlite_url(file))
    copy(file, file.with_suffix(".whole"))  # without a log beside it
    for ending in BESIDE_A_DATABASE:
        file.with_name(file.name + ending).unlink(missing_ok=True)
    file.with_suffix(".whole").replace(file)


def unpack(archive: Path, data: Path, url: str | None = None) -> None:
    """Puts everything in place at once. `data` is ours alone; what of this is there goes."""
    staged = data / STAGED
    shutil.rmtree(staged, ignore_errors=True)
    _unpack(archive, staged)
    check(staged / DATABASE)
    for folder in (FILES, GROWTH):
        (staged / folder).mkdir(exist_ok=True, mode=0o700)
    settle(staged)
    (staged / READY).touch()
    settle(staged)
    settle(data)
    finish_restoring(data, url)


def finish_restoring(data: Path, url: str | None = None) -> None:
    """Goes on where `unpack` was killed: before it was ready, as if it had not been; after, to the end."""
    staged = data / STAGED
    if not staged.exists():
        return
    if (staged / READY).exists():
        if url is not None and (staged / DATABASE).exists():
            _deliver(staged / DATABASE, url)
        for ending in BESIDE_A_DATABASE if (staged / DATABASE).exists() else ():
            (data / (DATABASE + ending)).unlink(missing_ok=True)
        for folder in (FILES, GROWTH):
            _change_files(staged / folder, data / folder)
        for name in (*CERTIFICATES, SECRETS, DATABASE):
            if (staged / name).exists():
                (data / name).parent.mkdir(exist_ok=True, mode=0o700)
                (staged / name).replace(data / name)
                settle((data / name).parent)
        shutil.rmtree(data / ANCHORS, ignore_errors=True)  # of another history
        (staged / READY).unlink()
    shutil.rmtree(staged, ignore_errors=True)


def _change_files(staged: Path, there: Path) -> None:
    """All of the backup's, and none that it has not."""
    if staged.exists():
        shutil.rmtree(there, ignore_errors=True)
        staged.replace(there)
        settle(there.parent)


def _deliver(file: Path, url: str) -> None:
    """Again where that was killed: it is one transaction, and the file goes last."""
    for database in (sqlite_url(file), url):
        migrate(database)
    transfer(sqlite_url(file), url)
    for left in file.parent.glob(f"{file.stem}*"):
        left.unlink()


def _write(archive: Path, sources: Mapping[str, Path], version: str) -> None:
    listed = {name: _hash(file) for name, file in sources.items()}
    form = FORMAT_WITH_BOOKS if any(map(A_BOOK.fullmatch, sources)) else FORMAT
    head = json.dumps({"format": form, "folkmoot": version, "sha256": listed}, indent=2).encode()
    opened = os.open(archive, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(opened, "wb") as out:
        with tarfile.open(fileobj=out, mode="w", dereference=True) as tar:
            first = tarfile.TarInfo(LIST)
            first.size, first.mode = len(head), 0o600
            tar.addfile(first, io.BytesIO(head))
            for name, file in sources.items():
                tar.add(file, name, filter=_private)
        out.flush()
        os.fsync(out.fileno())


def _private(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.mode, member.uid, member.gid, member.uname, member.gname = 0o600, 0, 0, "", ""
    return member


def _unpack(archive: Path, folder: Path) -> None:
    """Only what a backup can have, each under the name it has here, each as it was listed."""
    folder.mkdir(mode=0o700)
    try:
        with tarfile.open(archive) as tar:
            listed = _listed(tar, archive)
            for name in listed:
                _extract(tar, name, folder / name)
    except (tarfile.TarError, OSError, ValueError, KeyError, EOFError) as error:
        raise _damaged(archive, error) from None
    for name, sha256 in listed.items():
        if _hash(folder / name) != sha256:
            raise _damaged(archive, f"{name} isn't what was packed")


def _listed(tar: tarfile.TarFile, archive: Path) -> dict[str, str]:
    member = tar.next()
    content = tar.extractfile(member) if member and member.name == LIST and member.size <= CHUNK else None
    if content is None:
        raise ValueError("it is no backup of Folkmoot")
    head = json.loads(content.read())
    if head["format"] not in (FORMAT, FORMAT_WITH_BOOKS):
        raise StorageError(
            "backup.newer", f"{archive} was made by Folkmoot {head['folkmoot']}. Restore it by that version, or a newer one."
        )  # fmt: skip
    listed: dict[str, str] = head["sha256"]
    strangers = [
        name
        for name in listed.keys() - {DATABASE, SECRETS, *CERTIFICATES}
        if not (A_FILE.fullmatch(name) or A_BOOK.fullmatch(name))
    ]
    if DATABASE not in listed or strangers:
        raise ValueError("it lists what no backup has")
    return listed


def _extract(tar: tarfile.TarFile, name: str, to: Path) -> None:
    content = tar.extractfile(tar.getmember(name))
    if content is None:
        raise ValueError(f"{name} is no file")
    to.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        shutil.copyfileobj(content, out, CHUNK)
        out.flush()
        os.fsync(out.fileno())


def _hash(file: Path) -> str:
    digest = hashlib.sha256()
    for chunk in _chunks(file):
        digest.update(chunk)
    return digest.hexdigest()


def _chunks(file: Path) -> Iterator[bytes]:
    with file.open("rb") as opened:
        while chunk := opened.read(CHUNK):
            yield chunk


def _damaged(archive: Path, reason: object) -> StorageError:
    return StorageError(
        "backup.damaged", f"{archive} can't be used: {reason}. Take another; nothing was changed."
    )
