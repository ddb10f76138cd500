"""Bytes in a bucket that speaks S3: Amazon's, or one of your own such as Ceph, Garage or SeaweedFS."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from folkmoot.files.port import CHUNK, Away

PART = 5 * 1024 * 1024
"""The least that S3 takes as a part of a larger one."""
PARTS_AT_ONCE = 2
TRIES, GIVE_UP = 3, timedelta(seconds=20)
WITHIN = timedelta(seconds=60)
FAULTS = (BaseError, OSError)
"""Some of obstore's are Python's own, such as FileNotFoundError."""


@dataclass(frozen=True, slots=True)
class S3Settings:
    bucket: str
    endpoint: str
    """Empty: Amazon's of that region."""
    region: str
    access_key: str
    secret: str = field(repr=False)
    prefix: str = ""


class S3:
    def __init__(self, settings: S3Settings) -> None:
        self._store = S3Store(
            settings.bucket,
            prefix=settings.prefix or None,
            config={
                "endpoint": settings.endpoint or f"https://s3.{settings.region}.amazonaws.com",
                "region": settings.region,
                "access_key_id": settings.access_key,
                "secret_access_key": settings.secret,
                "virtual_hosted_style_request": False,
            },
            client_options={"allow_http": settings.endpoint.startswith("http://"), "timeout": WITHIN},
            retry_config={"max_retries": TRIES, "retry_timeout": GIVE_UP},
        )

    async def put(self, key: str, chunks: AsyncIterator[bytes]) -> None:
        try:
            await obstore.put_async(
                self._store, key, chunks, chunk_size=PART, max_concurrency=PARTS_AT_ONCE, use_multipart=True
            )
        except FAULTS as error:
            raise Away(type(error).__name__) from error

    async def get(self, key: str, start: int, end: int) -> AsyncIterator[bytes]:
        try:
            got = await obstore.get_async(self._store, key, options={"range": (start, end)})
            async for chunk in got.stream(min_chunk_size=CHUNK):
                yield bytes(chunk)
        except FAULTS as error:
            raise Away(type(error).__name__) from error

    async def delete(self, key: str) -> None:
        try:
            await obstore.delete_async(self._store, key)
        except FileNotFoundError:
            return
        except FAULTS as error:
            raise Away(type(error).__name__) from error

    async def free(self) -> None:
        return None
