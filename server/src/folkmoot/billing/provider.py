"""Who brings the money: the port that a payment provider is behind, and what is said through it.

Law: a provider is told what an invoice asks for and who owes it, never what a person typed of a card: that they type at the provider. It
is asked by jobs, or by an owner's own click, and never by a meeting. What it tells may come twice, late and in any order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from folkmoot.billing.money import Money
from folkmoot.kit import Refusal

BY_HAND = Refusal("billing.by_hand")


class Away(Exception):
    """It didn't answer, or not now: later it may."""


class Refused(Exception):
    """It won't, however often it is asked; in its own word for why."""


# --- what is asked of it ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Bill:
    """So much is to be paid of an invoice."""

    org: str
    number: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Ways:
    """Where a browser comes back to."""

    done: str
    back: str
    looked: str = ""


@dataclass(frozen=True, slots=True)
class Declined:
    """It asked for the money and got none."""

    why: str
    for_good: bool = False
    """The saved way to pay is no way any more."""


@dataclass(frozen=True, slots=True)
class Pending:
    """It asked for the money, which takes days."""


# --- what it tells ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Came:
    payment: str
    org: str
    number: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Failed:
    """What was pending doesn't come."""

    payment: str
    number: str
    why: str


@dataclass(frozen=True, slots=True)
class Saved:
    """A way to pay, to be used for invoices to come."""

    org: str
    customer: str
    method: str
    at: datetime
    preferred: bool = False
    """The provider calls it the customer's preferred one already."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """A way to pay that was saved is no way any more."""

    method: str


@dataclass(frozen=True, slots=True)
class Gone:
    """The provider doesn't have that customer any more."""

    customer: str


@dataclass(frozen=True, slots=True)
class GivenBack:
    id: str
    payment: str
    amount: Money
    ours: str = ""
    """What we named it, where we asked for it. Empty: it was done at the provider, or by the customer's bank."""


@dataclass(frozen=True, slots=True)
class NotGivenBack(GivenBack):
    """What was sent back is with us again."""


Heard = Came | Failed | Saved | Dropped | Gone | GivenBack | NotGivenBack


class Provider(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def collects(self) -> bool:
        """It can be asked for money, rather than waited for."""
        ...

    async def to_pay(self, bill: Bill, ways: Ways) -> str | Refusal:
        """The provider's page for this one payment."""
        ...

    async def to_save(self, org: str, customer: str, currency: str, ways: Ways) -> str | Refusal:
        """The provider's page where a way to pay is typed."""
        ...

    async def to_manage(self, customer: str, back: str) -> str | Refusal:
        """The provider's page where ways to pay are looked at, changed and taken away."""
        ...

    async def customer(self, org: str, name: str) -> str:
        """A new one, by what the provider calls it."""
        ...

    async def prefer(self, customer: str, method: str) -> None:
        """Of several ways to pay that it has, the one that is used: so its own pages say the same."""
        ...

    async def forget(self, customer: str) -> None: ...

    async def prepare(self, bill: Bill, customer: str, method: str, key: str) -> str:
        """A payment that isn't asked for yet. The same `key` twice is one, for a day at least."""
        ...

    async def collect(self, payment: str, method: str) -> Came | Declined | Pending:
        """Asks for it, once, however often it is called."""
        ...

    async def payment(self, payment: str) -> Came | None:
        """None: it isn't one of ours, or no money has come by it."""
        ...

    async def give_back(self, payment: str, amount: Money, name: str) -> None:
        """The same `name` twice is one."""
        ...

    def heard(self, body: bytes, headers: Mapping[str, str], now: datetime) -> Heard | Refusal | None:
        """What a webhook says. None: nothing that concerns us."""
        ...

    async def close(self) -> None: ...


class ByHand:
    """Money comes to a bank account, and who runs the server notes it. Nothing goes to anybody."""

    name = "manual"
    collects = False

    async def to_pay(self, bill: Bill, ways: Ways) -> str | Refusal:
        return BY_HAND

    async def to_save(self, org: str, customer: str, currency: str, ways: Ways) -> str | Refusal:
        return BY_HAND

    async def to_manage(self, customer: str, back: str) -> str | Refusal:
        return BY_HAND

    async def customer(self, org: str, name: str) -> str:
        raise Refused(self.name)

    async def prefer(self, customer: str, method: str) -> None:
        return None

    async def forget(self, customer: str) -> None:
        return None

    async def prepare(self, bill: Bill, customer: str, method: str, key: str) -> str:
        raise Refused(self.name)

    async def collect(self, payment: str, method: str) -> Came | Declined | Pending:
        raise Refused(self.name)

    async def payment(self, payment: str) -> Came | None:
        return None

    async def give_back(self, payment: str, amount: Money, name: str) -> None:
        raise Refused(self.name)

    def heard(self, body: bytes, headers: Mapping[str, str], now: datetime) -> Heard | Refusal | None:
        return BY_HAND

    async def close(self) -> None:
        return None
