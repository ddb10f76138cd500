"""Secrets of links, computed of the server's own: what a mail or a host needs again is nowhere kept, and who has the database alone
opens no meeting with it.

Law: each secret is for one thing, and has a version: the next one makes it void.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Callable

from folkmoot.calendar.model import Invitation, Series
from folkmoot.meetings import model as meetings
from folkmoot.meetings.model import encode


class Links:
    def __init__(self, secret: bytes, origin: str) -> None:
        self.origin = origin
        self.origin_of: Callable[[Series], str] = lambda series: origin
        """Where that meeting is reached: its organisation may have an address of its own. Links on `origin` always work."""
        self._key = hmac.digest(secret, b"folkmoot calendar", "sha256")

    # --- into a meeting -----------------------------------------------------------------------------------------------

    def secret(self, series: Series) -> bytes:
        return self._drawn("link", series.number, series.link_version)

    def admission(self, series: Series) -> bytes:
        return meetings.admission_of(self.secret(series))

    def link(self, series: Series) -> str:
        return self._link(series, self.secret(series))

    def passcode(self, series: Series) -> str:
        drawn = int.from_bytes(self._drawn("passcode", series.number, series.link_version), "big")
        return f"{drawn % 10**meetings.PASSCODE_DIGITS:0{meetings.PASSCODE_DIGITS}}"

    def admission_of(self, invited: Invitation) -> bytes:
        return meetings.admission_of(self._drawn("invitation", invited.id, invited.version))

    def link_of(self, series: Series, invited: Invitation) -> str:
        return self._link(series, self._drawn("invitation", invited.id, invited.version))

    # --- without signing in -------------------------------------------------------------------------------------------

    def answer(self, series: Series, invited: Invitation, said: str = "") -> str:
        also = f"&a={said}" if said else ""
        return f"{self.origin_of(series)}/answer#t={self.token(invited.id)}{also}"

    def token(self, invitation: str) -> str:
        return f"{invitation}.{encode(self._drawn('answer', invitation, 1))}"

    def answered(self, token: str) -> str | None:
        """Whose invitation it is."""
        id, _, said = token[:200].partition(".")
        # As written: the last letter of a base64 text has bits that say nothing.
        right = hmac.compare_digest(said.encode(), encode(self._drawn("answer", id, 1)).encode())
        return id if right else None

    def feed(self, account: str, version: int) -> str:
        said = base64.b32encode(account.encode()).decode().rstrip("=").lower()
        return f"{self.origin}/api/calendar/feed/{said}-{self._drawn('feed', account, version).hex()}.ics"

    def fed(self, secret: str) -> tuple[str, bytes] | None:
        """Whose it says it is, and what must be its proof."""
        said, _, proof = secret[:200].rpartition("-")
        try:
            account = base64.b32decode(said.upper() + "=" * (-len(said) % 8)).decode()
            return account, bytes.fromhex(proof)
        except ValueError:
            return None

    def feeds(self, account: str, version: int, proof: bytes) -> bool:
        return hmac.compare_digest(proof, self._drawn("feed", account, version))

    def _link(self, series: Series, secret: bytes) -> str:
        return f"{self.origin_of(series)}/m/{series.number}#k={encode(secret)}"

    def _drawn(self, what: str, of: str, version: int) -> bytes:
        return hmac.digest(self._key, f"{what}|{of}|{version}".encode(), "sha256")[: meetings.SECRET_BYTES]
