"""What a provider vouches for, looked at: whose word it is, for whom, about whom, and when. Pure: the time is handed in.

Law: a token is refused for its first fault, which the log names. Only public-key signatures count: `none` and shared secrets don't.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jwt

ALGORITHMS = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"})  # fmt: skip
LEEWAY_S = 60
OLDEST_S = 3600


class Lie(Exception):
    """`about`: the word for the log."""

    def __init__(self, about: str) -> None:
        super().__init__(about)
        self.about = about


@dataclass(frozen=True, slots=True)
class Expected:
    issuer: str
    client: str
    nonce: str
    now: float


def key_of(token: str) -> str:
    """By which of the provider's keys it says that it is signed."""
    try:
        header = jwt.get_unverified_header(token)
    except jwt.PyJWTError:
        raise Lie("form") from None
    if header.get("alg") not in ALGORITHMS:
        raise Lie("algorithm")
    return str(header.get("kid", ""))


def claims_of(token: str, key: Mapping[str, Any], expected: Expected) -> Mapping[str, Any]:
    algorithm = str(jwt.get_unverified_header(token)["alg"])
    if key.get("alg", algorithm) != algorithm or key.get("use", "sig") != "sig":
        raise Lie("algorithm")
    options: Any = {"verify_signature": True, "verify_exp": False, "verify_iat": False, "verify_nbf": False,
               "verify_aud": False, "verify_iss": False}  # fmt: skip
    try:
        claims = jwt.decode(
            token, jwt.PyJWK.from_dict(dict(key), algorithm).key, [algorithm], options=options
        )
    except (jwt.PyJWTError, ValueError, TypeError):
        raise Lie("signature") from None
    _look(claims, expected)
    return claims


def _look(claims: Mapping[str, Any], expected: Expected) -> None:
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    faults = {
        "issuer": claims.get("iss") != expected.issuer,
        "audience": expected.client not in audiences
        or claims.get("azp", expected.client) != expected.client
        or (len(audiences) > 1 and "azp" not in claims),
        "nonce": not hmac.compare_digest(str(claims.get("nonce", "")).encode(), expected.nonce.encode()),
        "time": not _timely(claims, expected.now),
        "subject": not isinstance(claims.get("sub"), str) or not 0 < len(claims["sub"]) <= 255,
    }
    if (fault := next((name for name, wrong in faults.items() if wrong), None)) is not None:
        raise Lie(fault)


def _timely(claims: Mapping[str, Any], now: float) -> bool:
    ends, made, begins = claims.get("exp"), claims.get("iat"), claims.get("nbf", now)
    if not all(isinstance(moment, int | float) for moment in (ends, made, begins)):
        return False
    assert isinstance(ends, int | float) and isinstance(made, int | float)
    return now - LEEWAY_S < ends and now - OLDEST_S < made < now + LEEWAY_S and begins < now + LEEWAY_S
