"""The chain, pure: what an entry's hash says, what a head is worth, and where the first fault is."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

START = bytes(32)
"""Before the first entry."""


@dataclass(frozen=True, slots=True)
class Entry:
    scope: str
    """What it is about: an organisation's id, or `server`."""
    seq: int
    at: datetime
    actor: str
    """An account's id; or who else it was: `the shell`, `directory`."""
    what: str
    subject: str
    detail: Mapping[str, object] = field(default_factory=dict)
    hash: bytes = b""


@dataclass(frozen=True, slots=True)
class Head:
    """The newest entry of a scope."""

    seq: int
    hash: bytes
    mac: bytes


@dataclass(frozen=True, slots=True)
class Fault:
    scope: str
    seq: int
    """The first entry that isn't as it was."""
    what: str
    """`missing`, `altered`, `head`: the head is not ours; `older`: newer entries were there once."""


def written(detail: Mapping[str, object]) -> str:
    return json.dumps(detail, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def link(before: bytes, entry: Entry) -> bytes:
    """Each part with its length, so that no two entries are one text."""
    parts = (
        *(entry.scope, str(entry.seq), entry.at.isoformat(), entry.actor, entry.what, entry.subject),
        written(entry.detail),
    )
    said = "".join(f"{len(part)}:{part}" for part in parts)
    return hashlib.sha256(before + said.encode()).digest()


def seal(key: bytes, scope: str, seq: int, hash: bytes) -> bytes:
    return hmac.digest(key, f"{scope}|{seq}|".encode() + hash, "sha256")


class Follower:
    """Walks one scope from its first entry to its head."""

    def __init__(self, scope: str, anchor: Head | None) -> None:
        self._scope, self._anchor = scope, anchor
        self._seq, self._hash = 0, START

    def follow(self, entries: Iterable[Entry]) -> Fault | None:
        for entry in entries:
            if entry.seq != self._seq + 1:
                return self._fault(self._seq + 1, "missing")
            if link(self._hash, entry) != entry.hash:
                return self._fault(entry.seq, "altered")
            self._seq, self._hash = entry.seq, entry.hash
            if self._anchor is not None and self._anchor.seq == entry.seq and self._anchor.hash != entry.hash:
                return self._fault(entry.seq, "altered")
        return None

    def end(self, key: bytes, head: Head | None) -> Fault | None:
        if self._anchor is not None and self._anchor.seq > self._seq:
            return self._fault(self._seq + 1, "older")
        if head is None:
            return self._fault(1, "head") if self._seq else None
        if not hmac.compare_digest(head.mac, seal(key, self._scope, head.seq, head.hash)):
            return self._fault(head.seq, "head")
        if head.seq != self._seq:
            return self._fault(min(head.seq, self._seq) + 1, "missing" if head.seq > self._seq else "head")
        return None if head.hash == self._hash else self._fault(head.seq, "altered")

    def _fault(self, seq: int, what: str) -> Fault:
        return Fault(self._scope, seq, what)
