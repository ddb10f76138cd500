"""What others may hear of accounts, on the bus: said when it stands in the database, never before.

Law: an event names the account and nothing of the person. Who missed one finds the same in the tables (a server may be killed
between the two), so nothing rests on an event alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from folkmoot.accounts.model import AccountId


@dataclass(frozen=True, slots=True)
class AddressProven:
    """Also of an account that was just made with it."""

    account: AccountId
    address: str


@dataclass(frozen=True, slots=True)
class AccountChanged:
    """Name, language, addresses or state."""

    account: AccountId


@dataclass(frozen=True, slots=True)
class AccountDeleted:
    account: AccountId
