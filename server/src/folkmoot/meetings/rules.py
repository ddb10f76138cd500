"""Who may come in.

Law: whoever has proved nothing gets one answer, whether the meeting is unknown, ended, or the secret wrong; and the same
work is done for each. Whoever has gets a ticket; a lock, a removal or a full meeting is told on the channel, to those alone. Every proof is compared, in constant time, against a meeting that is there or one that isn't.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime

from folkmoot.kit import Refusal
from folkmoot.meetings.feature import ParticipantId, Role
from folkmoot.meetings.invitations import Invitation
from folkmoot.meetings.model import Meeting, Status, hashed

CLOSED_DOOR = Refusal("meeting.closed_door")
NO_MATCH = Refusal("meeting.no_match")


@dataclass(frozen=True, slots=True)
class Proof:
    """What the one at the door shows; empty bytes for what they don't have."""

    admission: bytes
    passcode_hash: bytes
    """Already sealed for that number."""
    host_key: bytes
    by_passcode: bool
    """They typed number and passcode, so that is what the refusal speaks of."""

    @property
    def refusal(self) -> Refusal:
        return NO_MATCH if self.by_passcode else CLOSED_DOOR


NOBODYS = Meeting(
    number="0" * 12,
    title="",
    created_at=datetime(2000, 1, 1, tzinfo=UTC),
    admission_hash=hashed(b"") + b"!",  # longer than any hash: nothing matches it
    passcode_hash=hashed(b"") + b"!",
    host_key_hash=hashed(b"") + b"!",
    status=Status(ended_at=datetime(2000, 1, 1, tzinfo=UTC)),
)


def prove(
    meeting: Meeting | None,
    proof: Proof,
    returning: ParticipantId | None,
    passcode_counts: bool,
    link: Invitation | None = None,
    by_account: Role = Role.GUEST,
) -> Role | Refusal:
    """The role that was proved. `link`: the one of their own whose admission they show. `returning`: whose rejoin token it is. `passcode_counts`: they haven't guessed too often.
    `by_account`: what the meeting's plan makes of who is signed in."""
    there = meeting or NOBODYS
    linked = hmac.compare_digest(hashed(proof.admission), there.admission_hash)
    coded = hmac.compare_digest(proof.passcode_hash, there.passcode_hash)
    hosting = hmac.compare_digest(hashed(proof.host_key), there.host_key_hash)
    personally = link is not None and not link.revoked
    invited = linked or personally or (coded and passcode_counts) or returning is not None
    if there.status.ended_at is not None and not there.planned:
        return proof.refusal
    if by_account is not Role.GUEST:
        return by_account
    if hosting:
        return Role.HOST
    return Role.GUEST if invited else proof.refusal
