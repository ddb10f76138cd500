"""The server's side of its books: what is asked of them is computed in a process of its own, and what was answered is kept.

Law: one reads and one writes at a time, niced, and ends after so many seconds. An answer is good as long as the book's file is the same; while a book
is being written, what was last known of it is said.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import tempfile
from collections import OrderedDict
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import msgspec

from folkmoot.growth import answering, ready
from folkmoot.growth.answering import REFUSED, Listed, Question
from folkmoot.growth.books import FOLDER, NAME, Books, GrowthError
from folkmoot.growth.shape import encoded

KEPT = 200
LARGEST_KEPT = 256 * 1024
PART = 256 * 1024
READING_S, WRITING_S = 30.0, 600.0
WRITING = frozenset({"demo", "settings", "bring", "take_back"})
IN_USE = "growth.in_use"

Version = tuple[tuple[str, int, int], ...]


@dataclass(slots=True)
class Asking:
    data: Path
    _reads: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))
    _writes: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))
    _kept: OrderedDict[Question, tuple[Version, bytes]] = field(default_factory=OrderedDict)

    async def ask(self, asked: Question) -> bytes:
        known = self._known(asked)
        if known is not None:
            return known
        async with self._writes if asked.what in WRITING else self._reads:
            version = self._version(asked)
            try:
                found = await _computed(self.data, asked)
            except GrowthError as refused:
                if refused.code == IN_USE and asked in self._kept:
                    return self._kept[asked][1]
                raise
        self._keep(asked, version, found)
        return found

    @contextlib.contextmanager
    def draft(self) -> Iterator[IO[bytes]]:
        """Events on their way into a book, beside the books."""
        folder = self.data / FOLDER
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile("wb", dir=folder, prefix="brought-", suffix=".jsonl") as into:
            yield into

    async def bring(self, book: str, into: IO[bytes], currency: str = "") -> bytes:
        """What was written into the draft. `currency`: of a book that isn't there yet."""
        into.flush()
        return await self.ask(Question("bring", book, currency=currency, file=os.fspath(into.name)))

    async def table(self, asked: Question) -> AsyncIterator[bytes]:
        """A CSV, as it is read from a file that is gone then: however long it is, little of it is held. What is refused is raised before the first part."""
        folder = self.data / FOLDER
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile(dir=folder, prefix="table-", suffix=".csv") as written:
            await self.ask(msgspec.structs.replace(asked, file=written.name))
            # The database has put another in its place.
            table = await asyncio.to_thread(Path(written.name).open, "rb")
        with table:
            while part := await asyncio.to_thread(table.read, PART):
                yield part

    def _known(self, asked: Question) -> bytes | None:
        if asked.what in WRITING or asked.file:
            return None
        version, body = self._kept.get(asked, ((), b""))
        if asked in self._kept and version == self._version(asked):
            self._kept.move_to_end(asked)
            return body
        made = self._ready(asked)
        if made is not None:
            self._keep(asked, self._version(asked), made)
        return made

    def _ready(self, asked: Question) -> bytes | None:
        """What was made ready when the books were written."""
        folder = self.data / FOLDER
        if asked.what == "report" and NAME.fullmatch(asked.book):
            kept = ready.found(folder / f"{asked.book}.duckdb")
            return None if kept is None else kept.reports.get(asked.quarter)
        if asked.what == "books":
            all_kept = [(file.stem, ready.found(file)) for file in Books(self.data).files]
            listed = [
                Listed(name, kept.book, not kept.reports) for name, kept in all_kept if kept is not None
            ]
            return encoded(listed) if len(listed) == len(all_kept) else None
        return None

    def _keep(self, asked: Question, version: Version, body: bytes) -> None:
        if asked.what in WRITING or asked.file or len(body) > LARGEST_KEPT:
            return
        self._kept[asked] = version, body
        self._kept.move_to_end(asked)
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)

    def _version(self, asked: Question) -> Version:
        """Of all books, where it is about all."""
        found = []
        for file in sorted((self.data / FOLDER).glob(f"{asked.book or '*'}.duckdb")):
            with contextlib.suppress(FileNotFoundError):
                looked = file.stat()
                found.append((file.name, looked.st_mtime_ns, looked.st_size))
        return tuple(found)


async def _computed(data: Path, asked: Question) -> bytes:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", answering.__name__, str(data)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(WRITING_S if asked.what in WRITING else READING_S):
            out, wrong = await process.communicate(msgspec.json.encode(asked))
    except TimeoutError:
        raise GrowthError("growth.too_long", "That took too long. Try a shorter time.") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode == REFUSED:
        raise GrowthError(*msgspec.json.decode(out, type=tuple[str, str, int, str]))
    if process.returncode:
        raise RuntimeError(f"figures weren't computed: {wrong.decode(errors='replace')[-2000:]}")
    return out
