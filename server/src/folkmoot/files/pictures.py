"""Pictures of people and of organisations, drawn anew by `redraw`: one at a time, a few wait, each has some seconds."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import sys
from pathlib import Path

from folkmoot.kit import Refusal

PROGRAM = Path(__file__).with_name("redraw.py")
LARGEST = 8 * 1024 * 1024
MOST_PIXELS = 50_000_000
"""As many as a telephone's camera makes."""
MOST_WAITING = 8
WITHIN_S = 20.0
"""By the clock on the wall, however busy the machine; `redraw` has a limit of its own of processor time."""
BUSY, UNREADABLE = Refusal("picture.busy", {"retry_after_s": 5.0}), Refusal("picture.unreadable")
TOO_LARGE = Refusal("picture.too_large", {"most": MOST_PIXELS})


class Easel:
    def __init__(self) -> None:
        self._turn = asyncio.Semaphore(1)
        self._waiting = 0

    async def redrawn(self, brought: bytes) -> bytes | Refusal:
        """A square in WebP."""
        return await self._in_turn("portrait", brought)

    async def logo(self, brought: bytes) -> bytes | Refusal:
        """A PNG of at most 480 by 160 pixels, which nothing is seen through."""
        return await self._in_turn("logo", brought)

    async def _in_turn(self, kind: str, brought: bytes) -> bytes | Refusal:
        if self._waiting >= MOST_WAITING:
            return BUSY
        self._waiting += 1
        try:
            async with self._turn:
                return await _drawn(kind, brought)
        finally:
            self._waiting -= 1


async def _drawn(kind: str, brought: bytes) -> bytes | Refusal:
    pipe = asyncio.subprocess.PIPE
    drawing = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", str(PROGRAM), str(MOST_PIXELS), kind),
        stdin=pipe,
        stdout=pipe,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        drawn, _ = await asyncio.wait_for(drawing.communicate(brought), WITHIN_S)
    except TimeoutError:
        return UNREADABLE
    finally:
        if drawing.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                drawing.kill()
            await drawing.wait()
    if drawing.returncode == errno.EFBIG:
        return TOO_LARGE
    return drawn if drawing.returncode == 0 and drawn else UNREADABLE
