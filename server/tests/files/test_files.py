"""People bring files, within bounds, and take them away again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI, Request
from starlette.responses import Response

from folkmoot.files import Bounds, File, Files, Folder, Wish, answer
from folkmoot.files.naming import file_name, media_type
from folkmoot.jobs import Jobs
from folkmoot.kit import ManualClock, Problem, Refusal, SystemRandomness
from folkmoot.rest.api import install
from folkmoot.storage import Storage, open_storage

BOUNDS = Bounds(most=1000, quota=2500)


@dataclass
class Cupboard:
    files: Files
    jobs: Jobs
    clock: ManualClock
    storage: Storage
    folder: Path

    async def brings(
        self, content: bytes = b"hello", name: str = "notes.txt", bounds: Bounds = BOUNDS,
        announced: int | None = None, life: timedelta | None = None, owner: str = "a_ada",
    ) -> File | Refusal:  # fmt: skip
        wish = Wish(owner, "chat", name, "text/plain", announced, life)
        return await self.files.keep(wish, bounds, pieces(content))

    def on_disk(self) -> list[Path]:
        return [one for one in self.folder.rglob("*") if one.is_file()]


async def pieces(content: bytes) -> AsyncIterator[bytes]:
    for at in range(0, len(content), 100):
        await asyncio.sleep(0)
        yield content[at : at + 100]


@pytest.fixture
async def cupboard(address: str, tmp_path: Path) -> AsyncIterator[Cupboard]:
    storage, clock = await open_storage(address), ManualClock()
    jobs = Jobs(storage, clock, SystemRandomness())
    files = Files(storage, Folder(tmp_path / "files"), jobs, clock, SystemRandomness())
    yield Cupboard(files, jobs, clock, storage, tmp_path / "files")
    await jobs.stop()
    await storage.close()


async def test_a_file_is_found_again_as_it_was(cupboard: Cupboard) -> None:
    kept = await cupboard.brings(b"x" * 250)
    assert isinstance(kept, File)
    assert await cupboard.files.find(kept.id) == kept
    assert b"".join([chunk async for chunk in cupboard.files.read(kept)]) == b"x" * 250


async def test_what_may_not_be_leaves_nothing(cupboard: Cupboard) -> None:
    for content, announced, code in (
        (b"x" * 1001, None, "files.too_large"),
        (b"x", 1001, "files.too_large"),
        (b"x" * 200, 100, "files.too_large"),
        (b"", None, "files.empty"),
    ):
        refusal = await cupboard.brings(content, announced=announced)
        await cupboard.jobs.settled()
        assert isinstance(refusal, Refusal)
        assert refusal.code == code
        assert cupboard.on_disk() == []
    assert isinstance(await cupboard.brings(b"x" * 900), File), "nothing of the quota was used"


async def test_a_hundred_at_once_bring_no_more_than_the_quota(cupboard: Cupboard) -> None:
    """H53."""
    said = await asyncio.gather(*(cupboard.brings(b"x" * 100, announced=100) for _ in range(100)))
    assert sum(isinstance(one, File) for one in said) == 25
    assert {one.code for one in said if isinstance(one, Refusal)} == {"files.quota"}
    assert len(cupboard.on_disk()) == 25
    assert isinstance(await cupboard.brings(owner="a_bo"), File), "another has a quota of their own"


async def test_who_hangs_up_uses_nothing_up(cupboard: Cupboard) -> None:
    begun = asyncio.Event()

    async def stalls() -> AsyncIterator[bytes]:
        yield b"x" * 100
        begun.set()
        await asyncio.Event().wait()

    wish = Wish("a_ada", "chat", "notes.txt", "text/plain")
    bringing = asyncio.create_task(cupboard.files.keep(wish, Bounds(2500, 2500), stalls()))
    await begun.wait()
    bringing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await bringing
    assert isinstance(await cupboard.brings(b"x" * 1000), File)
    await cupboard.jobs.settled()
    assert len(cupboard.on_disk()) == 1


async def test_a_file_goes_when_its_time_is_over(cupboard: Cupboard) -> None:
    kept = await cupboard.brings(life=timedelta(hours=1))
    assert isinstance(kept, File)
    cupboard.clock.advance(3599)
    await cupboard.files.tidy()
    assert await cupboard.files.find(kept.id)
    cupboard.clock.advance(1)
    assert await cupboard.files.find(kept.id) is None, "also before it is tidied away"
    await cupboard.files.tidy()
    await cupboard.jobs.settled()
    assert cupboard.on_disk() == []


async def test_a_file_that_is_forgotten_is_gone_from_the_disk(cupboard: Cupboard) -> None:
    kept = await cupboard.brings()
    assert isinstance(kept, File)
    async with cupboard.storage.writing() as connection:
        await cupboard.files.forget(connection, [kept.id])
    assert await cupboard.files.find(kept.id) is None
    await cupboard.jobs.settled()
    assert cupboard.on_disk() == []


async def test_what_was_arriving_when_the_server_was_killed_never_was(cupboard: Cupboard) -> None:
    begun = asyncio.Event()

    async def stalls() -> AsyncIterator[bytes]:
        yield b"x" * 100
        begun.set()
        await asyncio.Event().wait()

    bringing = asyncio.create_task(
        cupboard.files.keep(Wish("a_ada", "chat", "n", "text/plain"), Bounds(2500, 2500), stalls())
    )
    await begun.wait()
    cupboard.clock.advance(1)
    again = Files(
        cupboard.storage, Folder(cupboard.folder), cupboard.jobs, cupboard.clock, SystemRandomness()
    )
    await again.start()
    assert isinstance(await cupboard.brings(b"x" * 1000), File)
    await again.stop()
    bringing.cancel()
    await asyncio.gather(bringing, return_exceptions=True)


async def test_no_room_is_said_before_anything_is_read(cupboard: Cupboard) -> None:
    full = Files(
        cupboard.storage, Folder(cupboard.folder, 2**62), cupboard.jobs, cupboard.clock, SystemRandomness()
    )

    async def untouched() -> AsyncIterator[bytes]:
        raise AssertionError("nobody may read this")
        yield b""

    said = await full.keep(Wish("a_ada", "chat", "n", "text/plain"), BOUNDS, untouched())
    assert said == Refusal("files.no_room")


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Übung 3.pdf", "Übung 3.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Windows\\system32\\a.dll", "a.dll"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("LPT1.tar.gz", "_LPT1.tar.gz"),
        ("..", "file"),
        ("", "file"),
        ("a\r\nSet-Cookie: x=y", "aSet-Cookie x=y"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("a\x00b", "ab"),
        ("x" * 500 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
def test_a_name_is_a_plain_files(said: str, kept: str) -> None:
    assert file_name(said) == kept


def test_a_type_is_one_or_none() -> None:
    assert media_type("Text/HTML; charset=utf-8") == "text/html"
    assert media_type("text/html\r\nSet-Cookie: a") == "application/octet-stream"
    assert media_type("") == "application/octet-stream"


# --- over HTTP --------------------------------------------------------------------------------------------------------


@pytest.fixture
async def client(cupboard: Cupboard) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    install(app, [], "0")

    @app.get("/file/{id}")
    async def file(id: str, request: Request, inline: bool = False) -> Response:
        found = await cupboard.files.find(id)
        if found is None:
            raise Problem("files.unknown")
        return await answer(cupboard.files, found, request.headers, inline=inline, cache="private")

    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        yield client


PARTS = [
    (None, 200, b"0123456789"),
    ("bytes=0-3", 206, b"0123"),
    ("bytes=8-", 206, b"89"),
    ("bytes=-3", 206, b"789"),
    ("bytes=5-99", 206, b"56789"),
    ("bytes=0-0", 206, b"0"),
    ("bytes=10-", 416, None),
    ("bytes=-0", 416, None),
    ("bytes=7-3", 416, None),
    ("bytes=0-1,4-5", 200, b"0123456789"),
    ("bytes=-", 200, b"0123456789"),
    ("lines=1-2", 200, b"0123456789"),
    ("bytes=" + "9" * 30 + "-", 200, b"0123456789"),
]


async def test_a_part_is_what_was_asked_for(cupboard: Cupboard, client: httpx.AsyncClient) -> None:
    kept = await cupboard.brings(b"0123456789")
    assert isinstance(kept, File)
    for asked, status, content in PARTS:
        said = await client.get(f"/file/{kept.id}", headers={"range": asked} if asked else {})
        assert (asked, said.status_code) == (asked, status)
        if content is None:
            assert said.json()["code"] == "files.range"
        else:
            assert said.content == content
            assert said.headers["content-length"] == str(len(content))


async def test_a_part_of_another_version_is_the_whole(cupboard: Cupboard, client: httpx.AsyncClient) -> None:
    kept = await cupboard.brings(b"0123456789")
    assert isinstance(kept, File)
    whole = await client.get(f"/file/{kept.id}")
    etag = whole.headers["etag"]
    mine = await client.get(f"/file/{kept.id}", headers={"range": "bytes=0-1", "if-range": etag})
    other = await client.get(f"/file/{kept.id}", headers={"range": "bytes=0-1", "if-range": '"old"'})
    assert (mine.status_code, other.status_code) == (206, 200)
    again = await client.get(f"/file/{kept.id}", headers={"if-none-match": etag})
    assert again.status_code == 304


async def test_a_page_that_somebody_brought_is_no_page_here(
    cupboard: Cupboard, client: httpx.AsyncClient
) -> None:
    """H52: also where it calls itself a picture, or is asked for as one."""
    for name, type in (("a.html", "text/html"), ("a.svg", "image/svg+xml"), ("a.png", "image/png")):
        wish = Wish("a_ada", "chat", name, type)
        kept = await cupboard.files.keep(wish, BOUNDS, pieces(b"<script>alert(1)</script>"))
        assert isinstance(kept, File)
        said = await client.get(f"/file/{kept.id}?inline=true")
        assert said.headers["content-type"] == "application/octet-stream"
        assert said.headers["x-content-type-options"] == "nosniff"
        assert said.headers["content-disposition"].startswith("attachment;")
        assert said.headers["content-security-policy"].startswith("sandbox; default-src 'none'")


async def test_what_is_gone_from_the_disk_is_a_refusal(cupboard: Cupboard, client: httpx.AsyncClient) -> None:
    kept = await cupboard.brings()
    assert isinstance(kept, File)
    for one in cupboard.on_disk():
        one.unlink()
    said = await client.get(f"/file/{kept.id}")
    assert (said.status_code, said.json()["code"]) == (503, "files.away")


async def test_a_name_in_every_language_comes_back(cupboard: Cupboard, client: httpx.AsyncClient) -> None:
    kept = await cupboard.brings(name='物理 "3".pdf')
    assert isinstance(kept, File)
    said = (await client.get(f"/file/{kept.id}")).headers["content-disposition"]
    assert said == "attachment; filename=\"__ 3.pdf\"; filename*=UTF-8''%E7%89%A9%E7%90%86%203.pdf"
