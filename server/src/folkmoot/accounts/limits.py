"""How often somebody may try to be somebody. Pure: the time is handed in.

Law: only wrong tries use anything up: one is paid for before it is looked at, and given back when it was right. What slows a
stranger never slows a device that was signed in to that account before: it has tries of its own. Counted by what was typed, so an
address without an account is slowed like one with.
"""

from __future__ import annotations

from folkmoot.kit import Refusal
from folkmoot.kit.bucket import Buckets
from folkmoot.kit.network import network

MOST_KEYS = 50_000
OF_AN_ADDRESS, OF_AN_ADDRESS_S = 10, 900.0
OF_A_DEVICE, OF_A_DEVICE_S = 10, 900.0
OF_A_NETWORK, OF_A_NETWORK_S = 200, 900.0
"""A school types much amiss."""
MADE, MADE_S = 300, 3600.0
MAILS, MAILS_S = 5, 3600.0
"""To one address."""
PICTURES, PICTURES_S = 20, 3600.0
"""Of one account."""


class Limits:
    def __init__(self) -> None:
        self._address = Buckets(OF_AN_ADDRESS, OF_AN_ADDRESS_S, MOST_KEYS)
        self._device = Buckets(OF_A_DEVICE, OF_A_DEVICE_S, MOST_KEYS)
        self._network = Buckets(OF_A_NETWORK, OF_A_NETWORK_S, MOST_KEYS)
        self._made = Buckets(MADE, MADE_S, MOST_KEYS)
        self._mails = Buckets(MAILS, MAILS_S, MOST_KEYS)
        self._pictures = Buckets(PICTURES, PICTURES_S, MOST_KEYS)

    def attempt(self, address: str, where: str, device: str, now: float) -> Refusal | None:
        """`device`: proven to be one that was signed in as `address` before, or empty."""
        net, (own, key) = network(where), self._own(address, device)
        wait = max(own.wait(key, now), self._network.wait(net, now))
        if wait:
            return _later(wait)
        own.take(key, now)
        self._network.take(net, now)
        return None

    def right(self, address: str, where: str, device: str) -> None:
        own, key = self._own(address, device)
        own.give_back(key)
        self._network.give_back(network(where))

    def made(self, where: str, now: float) -> Refusal | None:
        wait = self._made.take(network(where), now)
        return _later(wait) if wait else None

    def mail(self, address: str, now: float) -> bool:
        """Whether another may go there. Who asked isn't told: it is the address's own business."""
        return not self._mails.take(address, now)

    def picture(self, account: str, now: float) -> float:
        """0: one more; else how many seconds from now."""
        return self._pictures.take(account, now)

    def _own(self, address: str, device: str) -> tuple[Buckets, object]:
        return (self._device, (address, device)) if device else (self._address, address)


def _later(wait: float) -> Refusal:
    return Refusal("signin.too_many_tries", {"retry_after_s": round(wait, 1)})
