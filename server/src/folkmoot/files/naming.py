"""What a file is called when it is taken away again. Pure.

Law: a name is a label. It never was a path here; and where it becomes one, on somebody's disk, it is a plain file's.
"""

from __future__ import annotations

import re
import unicodedata

LONGEST = 120
TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,60}/[a-z0-9][a-z0-9!#$&^_.+-]{0,60}")
NOT_IN_A_NAME = frozenset('<>:"|?*')
DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
"""On Windows these are no files, whatever follows the dot."""
UNNAMED = "file"


def file_name(said: str) -> str:
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", said[:4096]))[-1]
    shown = "".join(c for c in last if unicodedata.category(c)[0] != "C" and c not in NOT_IN_A_NAME)
    stem = _short(shown.strip().strip(".").strip())
    if DEVICES.fullmatch(stem):
        stem = "_" + stem
    return stem or UNNAMED


def _short(name: str) -> str:
    """What it ends with says what it is."""
    if len(name) <= LONGEST:
        return name
    stem, dot, ending = name.rpartition(".")
    return stem[: LONGEST - len(ending) - 1] + dot + ending if dot and len(ending) <= 16 else name[:LONGEST]


def media_type(said: str) -> str:
    bare = said.partition(";")[0].strip().lower()
    return bare if TYPE.fullmatch(bare) else "application/octet-stream"
