"""Where meetings are kept: a port. `tests/contract/test_journal.py` holds for every adapter.

Law: when `append` has returned, its entries survive `kill -9`; when it has not, either all of them do or none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from folkmoot.meetings.feature import Entry
from folkmoot.meetings.invitations import Invitation
from folkmoot.meetings.model import Meeting, Status


@dataclass(frozen=True, slots=True)
class Kept:
    """All that a fold starts from."""

    snapshot: tuple[int, str] | None
    """Sequence number and states, when there is one of the asked shape."""
    tail: Sequence[Entry]
    """The last ones up to the snapshot, oldest first."""
    entries: Sequence[Entry]
    """All after the snapshot, or all there are."""
    reserved: int


@dataclass(frozen=True, slots=True)
class Beginning:
    """An occurrence that begins."""

    number: str
    occurrence: int
    title: str
    planned_for: str
    """Which of the planned times it is; empty: none."""
    keeps_until: datetime | None
    """Until then it goes on though nobody is there."""


class Belongings(Protocol):
    """What lies elsewhere and goes in one transaction with what it belongs to."""

    async def forget(self, connection: Any, ids: Sequence[str]) -> None: ...

    async def forget_all_of(self, connection: Any, owners: Sequence[str]) -> None: ...


@dataclass(frozen=True, slots=True)
class Several:
    """Of different kinds, one after the other."""

    kinds: Sequence[Belongings]

    async def forget(self, connection: Any, ids: Sequence[str]) -> None:
        for kind in self.kinds:
            await kind.forget(connection, ids)

    async def forget_all_of(self, connection: Any, owners: Sequence[str]) -> None:
        for kind in self.kinds:
            await kind.forget_all_of(connection, owners)


def belongs_to(number: str, occurrence: int) -> str:
    """Whose what people bring to a meeting is."""
    return f"meeting:{number}:{occurrence}"


class Journal(Protocol):
    async def create(self, meeting: Meeting, first: Entry) -> bool:
        """False: that number is taken."""
        ...

    async def find(self, number: str) -> Meeting | None: ...

    async def begin(self, beginning: Beginning, first: Entry) -> None:
        """One more occurrence of a planned meeting; the one before has ended."""
        ...

    async def append(
        self, number: str, entries: Sequence[Entry], status: Status, reserved: int, occurrence: int = 1
    ) -> None:
        """What one of them erases is erased with it, also from a kept snapshot."""
        ...

    async def reserve(self, number: str, reserved: int) -> None: ...

    async def keep_snapshot(
        self, number: str, seq: int, shape: str, state: str, occurrence: int = 1
    ) -> None: ...

    async def load(self, number: str, shape: str, tail: int) -> Kept:
        """Of the occurrence that began last."""
        ...

    async def ban(self, number: str, marks: Sequence[str], at: datetime) -> None:
        """From all that is to come of a planned meeting."""
        ...

    async def banned(self, number: str) -> Mapping[str, datetime]: ...

    async def count_people(self, number: str, occurrence: int, people: int) -> None:
        """It has ended; so many were there."""
        ...

    async def replace_host_key(self, number: str, hashed: bytes) -> None: ...

    async def invite(self, number: str, invitations: Sequence[Invitation]) -> bool:
        """All of them or, when the admission of one is another's already, none."""
        ...

    async def invitations(self, number: str) -> Sequence[Invitation]:
        """In the order they were made."""
        ...

    async def invited(self, number: str, admission_hash: bytes) -> Invitation | None: ...

    async def revoke_invitation(self, number: str, id: str) -> bool:
        """False: there is none. Revoked twice is revoked."""
        ...

    async def network_keys(self, drawn: Mapping[str, bytes]) -> Mapping[str, bytes]:
        """By day: the key that is kept, or now this one. Those of other days are deleted."""
        ...

    async def ban_networks(self, number: str, names: Sequence[str], at: datetime) -> None: ...

    async def banned_networks(self, number: str) -> Sequence[tuple[str, datetime]]: ...

    async def forget_networks(self, banned_by: datetime) -> None:
        """Deletes which were banned by then."""
        ...

    async def occupied(self) -> Sequence[str]:
        """Numbers of the meetings that somebody was in."""
        ...

    async def deserted(self, empty_since: datetime, unentered_since: datetime) -> Sequence[str]:
        """Numbers of those not ended that everybody left by then, or that nobody ever came to."""
        ...

    async def forget(self, ended_by: datetime) -> Sequence[str]:
        """Deletes, wholly and for good, what ended by then."""
        ...
