"""A passkey in software: what a phone does when it is asked to sign (WebAuthn level 3, §6.5, §8.7)."""

from __future__ import annotations

import hashlib
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

PRESENT, VERIFIED, HAS_KEY = 0x01, 0x04, 0x40


def b64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


class Authenticator:
    def __init__(self, origin: str, rp: str) -> None:
        self.origin, self.rp = origin, rp
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = secrets.token_bytes(32)
        self.count = 0
        self.flags = PRESENT | VERIFIED

    def makes(self, options: dict[str, Any]) -> dict[str, Any]:
        numbers = self.key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)}
        attested = bytes(16) + len(self.id).to_bytes(2) + self.id + cbor2.dumps(public)
        told = {"fmt": "none", "attStmt": {}, "authData": self._facts(HAS_KEY) + attested}
        return self._answer(options, "webauthn.create", {"attestationObject": b64(cbor2.dumps(told))})

    def signs(self, options: dict[str, Any]) -> dict[str, Any]:
        self.count += 1
        facts = self._facts(0)
        client = self._client(options, "webauthn.get")
        signature = self.key.sign(facts + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(
            options, "webauthn.get", {"authenticatorData": b64(facts), "signature": b64(signature)}
        )

    def _facts(self, more: int) -> bytes:
        return hashlib.sha256(self.rp.encode()).digest() + bytes([self.flags | more]) + self.count.to_bytes(4)

    def _client(self, options: dict[str, Any], kind: str) -> bytes:
        challenge = b64(urlsafe_b64decode(options["challenge"] + "=="))
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _answer(self, options: dict[str, Any], kind: str, more: dict[str, str]) -> dict[str, Any]:
        response = {"clientDataJSON": b64(self._client(options, kind)), **more}
        return {"id": b64(self.id), "rawId": b64(self.id), "type": "public-key", "response": response}
