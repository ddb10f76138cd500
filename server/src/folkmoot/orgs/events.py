"""What others may hear of organisations, on the bus, when it stands."""

from __future__ import annotations

from dataclasses import dataclass

from folkmoot.accounts import AccountId
from folkmoot.orgs.model import OrgId


@dataclass(frozen=True, slots=True)
class MemberJoined:
    org: OrgId
    account: AccountId


@dataclass(frozen=True, slots=True)
class MemberLeft:
    org: OrgId
    account: AccountId


@dataclass(frozen=True, slots=True)
class RulesChanged:
    """Of an organisation, one of its groups, or who is in which."""

    org: OrgId


@dataclass(frozen=True, slots=True)
class DomainVerified:
    org: OrgId
    domain: str


@dataclass(frozen=True, slots=True)
class OrgDeleted:
    org: OrgId
