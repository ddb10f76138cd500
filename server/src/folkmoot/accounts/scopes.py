"""What an API key may do: an area of the API, read or changed. Pure.

Law: what isn't listed here no key may do, so a route that is new is closed to keys until somebody opens it. No key changes how
somebody signs in, makes a key, or deletes an account: those want a person who was there in the last ten minutes.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from folkmoot.kit import Refusal


class Scope(StrEnum):
    READ_ACCOUNT = "account:read"
    CHANGE_ACCOUNT = "account:write"
    READ_MEETINGS = "meetings:read"
    CHANGE_MEETINGS = "meetings:write"
    READ_ORGANISATIONS = "organisations:read"
    CHANGE_ORGANISATIONS = "organisations:write"
    READ_WEBHOOKS = "webhooks:read"
    CHANGE_WEBHOOKS = "webhooks:write"
    READ_SERVER = "operator:read"
    """An operator's key alone."""
    CHANGE_SERVER = "operator:write"


AREAS = {
    "account": (Scope.READ_ACCOUNT, Scope.CHANGE_ACCOUNT),
    "meetings": (Scope.READ_MEETINGS, Scope.CHANGE_MEETINGS),
    "series": (Scope.READ_MEETINGS, Scope.CHANGE_MEETINGS),
    "calendar": (Scope.READ_MEETINGS, Scope.CHANGE_MEETINGS),
    "occurrences": (Scope.READ_MEETINGS, Scope.CHANGE_MEETINGS),
    "templates": (Scope.READ_MEETINGS, Scope.CHANGE_MEETINGS),
    "orgs": (Scope.READ_ORGANISATIONS, Scope.CHANGE_ORGANISATIONS),
    "organisations": (Scope.READ_ORGANISATIONS, Scope.CHANGE_ORGANISATIONS),
    "webhooks": (Scope.READ_WEBHOOKS, Scope.CHANGE_WEBHOOKS),
    "operator": (Scope.READ_SERVER, Scope.CHANGE_SERVER),
}
"""By the first word of the address after `/api`."""
OF_PERSONS_ALONE = (
    "keys",
    "passkeys",
    "codes",
    "password",
    "prove",
    "sessions",
    "signin",
    "addresses",
    "identities",
)
"""Below `/api/account`."""
READING = ("GET", "HEAD")


def needed(method: str, path: str) -> Scope | None:
    """None: no key opens it."""
    words = path.strip("/").split("/")
    if len(words) < 2 or words[0] != "api" or words[1] not in AREAS:
        return None
    if words[1] == "account" and len(words) > 2 and words[2] in OF_PERSONS_ALONE:
        return None
    read, change = AREAS[words[1]]
    return read if method in READING else change


def known(words: Iterable[str]) -> tuple[Scope, ...] | Refusal:
    """Each once, in the order of the list above."""
    wanted = set(words)
    if not wanted or not wanted <= set(Scope):
        return Refusal("key.unknown_scope", {"known": ", ".join(Scope)})
    return tuple(scope for scope in Scope if scope in wanted)
