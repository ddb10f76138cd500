"""The values: an organisation, who is in it, its groups. And the bounds of all of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType

from folkmoot.accounts import AccountId
from folkmoot.kit.text import folded

OrgId = NewType("OrgId", str)
ORG = "o_"
"""So its ids begin."""
MemberId = NewType("MemberId", str)
GroupId = NewType("GroupId", str)

MOST_OWNED = 20
"""Organisations of one person."""
MOST_MEMBERS = 200_000
MOST_GROUPS = 2000
DEEPEST = 8
"""Groups within groups."""
MOST_AT_ONCE = 500
"""People changed, or invited, by one request."""
LINK_LIFE = timedelta(days=14)
LONGEST_LINK = timedelta(days=90)
LONGEST_SOUGHT = 600
"""Characters that a search looks at. An index holds them."""


class Role(StrEnum):
    OWNER = "owner"
    ADMIN = "admin"
    MEMBER = "member"

    @property
    def rank(self) -> int:
        return (Role.MEMBER, Role.ADMIN, Role.OWNER).index(self)


class State(StrEnum):
    MEMBER = "member"
    INVITED = "invited"
    """By mail; nobody has come yet."""
    ASKED = "asked"
    """Has an account with an address of a proven domain, and hasn't said."""
    DECLINED = "declined"
    INACTIVE = "inactive"
    """Switched off by the organisation's directory."""


LISTED = (State.MEMBER, State.INVITED, State.INACTIVE)
"""Who was asked for their domain's sake is nobody's business before they say yes."""


class Joining(StrEnum):
    """Who signs up with an address of a proven domain …"""

    AUTOMATIC = "automatic"
    ASK = "ask"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Org:
    id: OrgId
    name: str
    joining: Joining
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Member:
    id: MemberId
    org: OrgId
    account: AccountId | None
    address: str | None
    name: str
    role: Role
    state: State
    made_at: datetime
    changed_at: datetime
    domain: str | None = None
    """For whose sake they were asked."""
    external: str | None = None
    """As the organisation's directory calls them."""
    managed: bool = False
    version: int = 1

    def may(self, role: Role) -> bool:
        return self.state is State.MEMBER and self.role.rank >= role.rank


@dataclass(frozen=True, slots=True)
class Group:
    id: GroupId
    org: OrgId
    parent: GroupId | None
    name: str
    made_at: datetime
    changed_at: datetime
    external: str | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class Link:
    id: str
    org: OrgId
    member: MemberId | None
    group: GroupId | None
    made_by: AccountId
    made_at: datetime
    until: datetime
    used: int = 0


@dataclass(frozen=True, slots=True)
class Domain:
    org: OrgId
    domain: str
    token: str
    made_at: datetime
    proven_at: datetime | None = None
    proven_by: str | None = None
    missing_since: datetime | None = None
    """Nothing proves it any more; until the grace is over it holds."""
    warned_at: datetime | None = None


def sought(name: str, addresses: tuple[str, ...]) -> str:
    return "\n".join(folded(part) for part in (name, *addresses))[:LONGEST_SOUGHT]
