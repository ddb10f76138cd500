"""What every keeper of bytes promises: a folder, and a bucket of a server that speaks S3."""

from __future__ import annotations

import asyncio
import errno
import socket
import tracemalloc
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from folkmoot.files import Away, Blobs, Folder, NoRoom, folder
from folkmoot.files.s3 import S3, S3Settings

KEY = "0123456789abcdef"
MIB = 1024 * 1024


@dataclass
class Bucket:
    settings: S3Settings
    client: Any

    def holds(self) -> list[str]:
        return [one["Key"] for one in self.client.list_objects_v2(Bucket="people").get("Contents", [])]


@pytest.fixture(scope="session")
def bucket() -> Iterator[Bucket]:
    import boto3
    from moto.server import ThreadedMotoServer

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = ThreadedMotoServer("127.0.0.1", port, verbose=False)
    server.start()
    endpoint, key = f"http://127.0.0.1:{port}", ("a-key", "a-secret")
    client = boto3.client(
        "s3", endpoint_url=endpoint, region_name="us-east-1",
        aws_access_key_id=key[0], aws_secret_access_key=key[1],
    )  # fmt: skip
    client.create_bucket(Bucket="people")
    yield Bucket(S3Settings("people", endpoint, "us-east-1", *key, prefix="meet"), client)
    server.stop()


@pytest.fixture(params=["folder", "s3"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> Blobs:
    if request.param == "folder":
        return Folder(tmp_path / "files")
    return S3(request.getfixturevalue("bucket").settings)


async def chunks(*some: bytes) -> AsyncIterator[bytes]:
    for one in some:
        yield one


async def read(blobs: Blobs, start: int, end: int, key: str = KEY) -> bytes:
    return b"".join([chunk async for chunk in blobs.get(key, start, end)])


async def test_what_was_put_is_read_whole_and_in_part(blobs: Blobs) -> None:
    await blobs.put(KEY, chunks(b"hello ", b"there"))
    assert await read(blobs, 0, 11) == b"hello there"
    assert await read(blobs, 4, 7) == b"o t"


async def test_what_is_deleted_is_gone_and_may_be_deleted_again(blobs: Blobs) -> None:
    await blobs.put(KEY, chunks(b"hello"))
    await blobs.delete(KEY)
    await blobs.delete(KEY)
    with pytest.raises(Away):
        await read(blobs, 0, 5)


async def test_what_breaks_off_leaves_nothing(blobs: Blobs) -> None:
    async def breaks_off() -> AsyncIterator[bytes]:
        yield b"x" * 6 * MIB
        raise ValueError("the line broke")

    with pytest.raises(ValueError, match="the line broke"):
        await blobs.put(KEY, breaks_off())
    with pytest.raises(Away):
        await read(blobs, 0, 5)


async def test_who_hangs_up_leaves_nothing(blobs: Blobs) -> None:
    begun = asyncio.Event()

    async def stalls() -> AsyncIterator[bytes]:
        yield b"x" * MIB
        begun.set()
        await asyncio.Event().wait()

    putting = asyncio.create_task(blobs.put(KEY, stalls()))
    await begun.wait()
    putting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await putting
    with pytest.raises(Away):
        await read(blobs, 0, 5)


async def test_a_large_one_is_never_in_memory_whole(tmp_path: Path) -> None:
    async def large() -> AsyncIterator[bytes]:
        for _ in range(64):
            yield bytes(MIB)

    kept = Folder(tmp_path)
    await kept.put(KEY, chunks(b"first, what is loaded at the first"))
    tracemalloc.start()
    await kept.put(KEY, large())
    size = 0
    async for chunk in kept.get(KEY, 0, 64 * MIB):
        size += len(chunk)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert size == 64 * MIB
    assert peak < 8 * MIB


async def test_a_full_disk_is_said_and_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(folder, "_write", full)
    with pytest.raises(NoRoom):
        await Folder(tmp_path).put(KEY, chunks(b"hello"))
    assert list(tmp_path.glob("*/*")) == []  # noqa: ASYNC240


async def test_the_disk_is_never_filled_to_the_brim(tmp_path: Path) -> None:
    kept = Folder(tmp_path, keep_free=2**62)
    assert await kept.free() < 0
    with pytest.raises(NoRoom):
        await kept.put(KEY, chunks(b"hello"))


async def test_a_key_is_never_a_path(tmp_path: Path) -> None:
    for key in ("../../etc/passwd", "a/b", "a.b", ""):
        with pytest.raises(ValueError):
            await Folder(tmp_path).delete(key)


async def test_a_bucket_that_is_not_there_is_away(bucket: Bucket) -> None:
    there = bucket.settings
    nobody = S3Settings("nobodys", there.endpoint, there.region, there.access_key, there.secret)
    with pytest.raises(Away):
        await S3(nobody).put(KEY, chunks(b"hello"))


async def test_keys_begin_as_they_were_told_to(bucket: Bucket) -> None:
    blobs = S3(bucket.settings)
    await blobs.put("aa11", chunks(b"hello"))
    assert "meet/aa11" in bucket.holds()
    await blobs.delete("aa11")
