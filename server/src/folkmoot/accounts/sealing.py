"""What the server vouches for or must read again: derived from its own secret, one key for each purpose."""

from __future__ import annotations

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class Sealing:
    def __init__(self, secret: bytes) -> None:
        self._fernet = Fernet(base64.urlsafe_b64encode(_derived(secret, b"account codes")))
        self._devices = _derived(secret, b"known devices")

    def seal(self, secret: str) -> bytes:
        return self._fernet.encrypt(secret.encode())

    def unseal(self, sealed: bytes) -> str | None:
        """None: another server's secret sealed it."""
        try:
            return self._fernet.decrypt(sealed).decode()
        except InvalidToken:
            return None

    def known_device(self, account: str, drawn: str) -> str:
        """A cookie that says: who has this was signed in to that account before. It opens nothing."""
        tag = hmac.new(self._devices, f"{account}.{drawn}".encode(), hashlib.sha256).hexdigest()[:32]
        return f"{account}.{drawn}.{tag}"

    def device_of(self, cookie: str, account: str) -> str:
        """Its drawn part, if it is that account's; else empty."""
        said, drawn, _ = [*cookie.split("."), "", "", ""][:3]
        right = said == account and hmac.compare_digest(cookie, self.known_device(account, drawn))
        return drawn if right else ""


def _derived(secret: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), 32, None, b"folkmoot " + purpose).derive(secret)
