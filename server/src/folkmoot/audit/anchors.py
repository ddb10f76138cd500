"""The newest entry of each scope, written down outside the database: who brings an older database back is seen.

Law: an anchor only ever moves forward, and is written when its entry stands. One that was lost, or is older than the database,
proves less, not something false.
"""

from __future__ import annotations

import threading
from pathlib import Path

from folkmoot.audit.chain import Head

FOLDER = "audit"


class Anchors:
    def __init__(self, data: Path) -> None:
        self._folder = data / FOLDER
        self._turn = threading.Lock()
        self._newest: dict[str, int] = {}

    def keep(self, heads: dict[str, Head]) -> None:
        """Blocks."""
        with self._turn:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            for scope, head in heads.items():
                if head.seq > self._newest.get(scope, 0):
                    self._write(scope, head)
                    self._newest[scope] = head.seq

    def all(self) -> dict[str, Head]:
        if not self._folder.is_dir():
            return {}
        found = {file.name: _read(file) for file in self._folder.iterdir() if not file.name.startswith(".")}
        return {scope: head for scope, head in found.items() if head is not None}

    def _write(self, scope: str, head: Head) -> None:
        draft = self._folder / f".{scope}"
        draft.write_text(f"{head.seq} {head.hash.hex()} {head.mac.hex()}\n")
        draft.replace(self._folder / scope)


def _read(file: Path) -> Head | None:
    try:
        seq, hash, mac = file.read_text().split()
        return Head(int(seq), bytes.fromhex(hash), bytes.fromhex(mac))
    except (OSError, ValueError):
        return None
