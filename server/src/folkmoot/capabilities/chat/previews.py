"""The small picture that a device sends beside a large one. Pure.

Law: it is a JPEG of few bytes and few pixels by its own header, or there is none: what everybody's page draws unasked must cost
nobody's memory.
"""

from __future__ import annotations

MOST_BYTES = 64 * 1024
MOST_PIXELS = 640
"""A side."""
BEGINS = b"\xff\xd8\xff"
FRAMES = frozenset((0xC0, 0xC1, 0xC2))
"""Baseline, extended, progressive: the markers that say how large it is."""
BARE = frozenset((0x01, *range(0xD0, 0xD9)))
"""Markers that nothing belongs to."""


def size_of(jpeg: bytes) -> tuple[int, int] | None:
    """Width and height; None for what isn't a small picture."""
    found = _frame(jpeg) if jpeg.startswith(BEGINS) and len(jpeg) <= MOST_BYTES else None
    if found is None:
        return None
    height, width = int.from_bytes(found[1:3]), int.from_bytes(found[3:5])
    return (width, height) if 0 < width <= MOST_PIXELS and 0 < height <= MOST_PIXELS else None


def _frame(jpeg: bytes) -> bytes | None:
    """What the first frame says of itself. Segments follow each other, each with its length."""
    at = 2
    while at + 4 <= len(jpeg) and jpeg[at] == 0xFF:
        marker = jpeg[at + 1]
        if marker == 0xFF or marker in BARE:
            at += 1 if marker == 0xFF else 2
            continue
        length = int.from_bytes(jpeg[at + 2 : at + 4])
        segment = jpeg[at + 4 : at + 2 + length]
        if length < 2 or len(segment) < length - 2:
            return None
        if marker in FRAMES:
            return segment if len(segment) >= 6 else None
        at += 2 + length
    return None
