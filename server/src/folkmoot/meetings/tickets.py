"""What this server can vouch for without remembering it: tickets for the channel, rejoin tokens, and keyed hashes.

Law: the key outlives a restart and isn't in the database. A ticket says what was proved at the door and when, and opens the
channel of its own meeting only; whether its bearer is let in is asked there, at that moment.
"""

from __future__ import annotations

import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime

from folkmoot.kit import Refusal
from folkmoot.meetings.feature import ParticipantId, Role
from folkmoot.meetings.identity import Identity
from folkmoot.meetings.model import decode, encode
from folkmoot.meetings.planned import PersonKind

SHORTEST_DEVICE, LONGEST_DEVICE = 16, 32
LONGEST_TICKET = 4096
OF_BEFORE = [None] * 6 + ["", "", False, "", "guest", "", 1, ""]
"""What a ticket of an older version doesn't say."""


@dataclass(frozen=True, slots=True)
class Returning:
    """Whose rejoin token it is, and by what they first came: coming again washes nothing off."""

    participant: ParticipantId
    link: str = ""
    guessed: bool = False
    occurrence: int = 1
    """Of which: the next one knows nobody."""


@dataclass(frozen=True, slots=True)
class Ticket:
    number: str
    identity: Identity
    name: str
    role: Role
    """What they proved."""
    made_at: datetime
    until: datetime
    guessed: bool = False
    """By passcode, while it was being guessed."""
    kind: PersonKind = "guest"
    org: str = ""
    occurrence: int = 1
    picture: str = ""

    @property
    def participant(self) -> ParticipantId:
        return self.identity.participant


class TokenSigner:
    def __init__(self, secret: bytes) -> None:
        self._passcode = hmac.digest(secret, b"folkmoot passcode", "sha256")
        self._channel = hmac.digest(secret, b"folkmoot channel", "sha256")
        self._rejoin = hmac.digest(secret, b"folkmoot rejoin", "sha256")
        self._device = hmac.digest(secret, b"folkmoot device", "sha256")

    def passcode(self, number: str, passcode: str) -> bytes:
        return hmac.digest(self._passcode, f"{number}:{passcode}".encode(), "sha256")

    def device(self, number: str, drawn: str | None) -> str | Refusal:
        if drawn is None:
            return ""
        raw = decode(drawn)
        if not SHORTEST_DEVICE <= len(raw) <= LONGEST_DEVICE:
            return Refusal("device.invalid")
        return encode(hmac.digest(self._device, number.encode() + b":" + raw, "sha256")[:16])

    def rejoin(self, number: str, of: Returning) -> str:
        said = "~".join(
            (
                of.participant,
                of.link,
                "g" if of.guessed else "",
                str(of.occurrence) if of.occurrence > 1 else "",
            )
        ).rstrip("~")
        return f"{said}.{_mac(self._rejoin, f'{number}|{said}')}"

    def read_rejoin(self, number: str, token: str | None) -> Returning | None:
        """The same work is done for one that is none."""
        said, _, mac = (token or "")[:256].partition(".")
        expected = _mac(self._rejoin, f"{number}|{said}")
        if not hmac.compare_digest(mac.encode(), expected.encode()):
            return None
        who, link, guessed, occurrence = (*said.split("~"), "", "", "")[:4]
        return Returning(ParticipantId(who), link, guessed == "g", int(occurrence or 1))

    def ticket(self, ticket: Ticket) -> str:
        said = [
            ticket.identity.participant,
            ticket.identity.device,
            ticket.name,
            ticket.role.value,
            ticket.made_at.timestamp(),
            ticket.until.timestamp(),
            ticket.identity.link,
            ticket.identity.network,
            ticket.guessed,
            ticket.identity.account,
            ticket.kind,
            ticket.org,
            ticket.occurrence,
            ticket.picture,
        ]
        body = encode(json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode())
        return f"{body}.{_mac(self._channel, f'{ticket.number}|{body}')}"

    def read_ticket(self, number: str, token: str, now: datetime) -> Ticket | None:
        body, _, mac = token.partition(".")
        if len(token) > LONGEST_TICKET or not token.isascii():
            return None
        if not hmac.compare_digest(mac, _mac(self._channel, f"{number}|{body}")):
            return None
        said = json.loads(decode(body, LONGEST_TICKET))
        said += OF_BEFORE[len(said) :]
        who, device, name, role, made, until, link, network, guessed, account, *rest = said
        ends = datetime.fromtimestamp(until, UTC)
        if now >= ends:
            return None
        identity = Identity(ParticipantId(who), device, link, account, network)
        made_at = datetime.fromtimestamp(made, UTC)
        return Ticket(number, identity, name, Role(role), made_at, ends, guessed, *rest)


def _mac(key: bytes, said: str) -> str:
    return encode(hmac.digest(key, said.encode("utf-8", "replace"), "sha256"))
