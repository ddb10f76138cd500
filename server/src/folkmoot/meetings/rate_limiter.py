"""How often a passcode may be guessed, and how many meetings made. Pure: the time is handed in.

Law: what slows down guessing never shuts out who knows the passcode. Only wrong ones use anything up; whoever has a right one
behind an address from which others guess waits some seconds, not minutes. A try is paid for before it is looked at and given
back when it was right, so a thousand at the same moment are counted too. It counts whether or not there is such a meeting.
Links and rejoining are not touched by it. All that is remembered is bounded.

Of one network at one number: five wrong tries in ten minutes are free; after that each device waits five seconds after a wrong
one, and all of them together have two hundred and then one in five seconds, for a school types much amiss. Who names no device is a new
one each time. Of one network at all numbers: four hundred, then one in two seconds.
A number at which fifty went wrong within the hour, wherever from, is under attack, until there are half as many: whoever comes by
passcode from then on comes twice, five seconds apart, and waits to be let in; hosts are told, and it is logged.
"""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Hashable

from folkmoot.kit.bucket import ROUNDING, Buckets
from folkmoot.kit.network import network

MOST_KEYS = 50_000
FREE, FREE_S, MORE, PAUSE_S = 5, 600.0, 195, 5.0
OF_A_NETWORK, OF_A_NETWORK_S = 400, 800.0
ATTACK, ATTACK_S = 50, 3600.0
MADE, MADE_S = 200, 600.0
REMEMBERED_S = 600.0


class RateLimiter:
    def __init__(self) -> None:
        self._here = Buckets(FREE + MORE, (FREE + MORE) * PAUSE_S, MOST_KEYS)
        self._network = Buckets(OF_A_NETWORK, OF_A_NETWORK_S, MOST_KEYS)
        self._wrong_here = _Lately(FREE, FREE_S)
        self._wrong_of_number = _Lately(ATTACK, ATTACK_S)
        self._attacked = _Times()
        self._made = Buckets(MADE, MADE_S, MOST_KEYS)
        self._failed_at = _Times()
        self._came_at = _Times()

    def attempt(self, number: str, address: str, device: str, now: float) -> float:
        """0: the passcode may be looked at, and this one is paid for. Else how many seconds from now it might."""
        where = network(address)
        here, who = (number, where), (number, where, device)
        wait = max(self._pause(here, who, now), self._here.wait(here, now), self._network.wait(where, now))
        if not wait and self.under_attack(number, now):
            wait = self._second_coming(who, now)
        if wait:
            return wait
        self._here.take(here, now)
        self._network.take(where, now)
        self._wrong_here.note(here, now)
        if self._wrong_of_number.note(number, now) >= ATTACK:
            self._attacked.note(number, now)
        if device:
            self._failed_at.note(who, now)
        return 0

    def right(self, number: str, address: str, device: str, *, attacked: bool = False) -> None:
        """The attempt had the right passcode. `attacked`: it was under attack then, and stays so."""
        where = network(address)
        self._here.give_back((number, where))
        self._wrong_here.take_back((number, where))
        self._network.give_back(where)
        if not attacked:
            self._wrong_of_number.take_back(number)
        self._failed_at.forget((number, where, device))

    def under_attack(self, number: str, now: float) -> bool:
        """Until it has been quiet for: half of what began it ends nothing."""
        if self._attacked.of(number) is None:
            return False
        if self._wrong_of_number.count(number, now) <= ATTACK // 2:
            self._attacked.forget(number)
            return False
        return True

    def make(self, address: str, now: float) -> float:
        """0: one more meeting from there. Else how many seconds from now it might be."""
        return self._made.take(network(address), now)

    def _pause(self, here: Hashable, who: Hashable, now: float) -> float:
        """Of a device that was wrong lately, where others of its network were as well."""
        if self._wrong_here.count(here, now) < FREE:
            return 0
        failed = self._failed_at.of(who)
        return 0 if failed is None else _left(failed, now)

    def _second_coming(self, who: Hashable, now: float) -> float:
        came = self._came_at.of(who)
        if came is None or now - came > REMEMBERED_S:
            self._came_at.note(who, now)
            return PAUSE_S
        return _left(came, now)


def _left(since: float, now: float) -> float:
    left = since + PAUSE_S - now
    return left if left > ROUNDING else 0


class _Lately:
    """How often something went wrong lately, up to `most`. No bucket: who guesses as fast as one leaks would never empty it."""

    def __init__(self, most: int, within: float) -> None:
        self._most, self._within = most, within
        self._at: OrderedDict[Hashable, array[float]] = OrderedDict()

    def note(self, what: Hashable, now: float) -> int:
        at = self._at.setdefault(what, array("d"))
        at.append(now)
        del at[: -self._most]
        self._at.move_to_end(what)
        if len(self._at) > MOST_KEYS:
            self._at.popitem(last=False)
        return self.count(what, now)

    def count(self, what: Hashable, now: float) -> int:
        return sum(1 for at in self._at.get(what, ()) if now - at < self._within - ROUNDING)

    def take_back(self, what: Hashable) -> None:
        if at := self._at.get(what):
            at.pop()

    def __len__(self) -> int:
        return len(self._at)


class _Times:
    """When, for the last so many."""

    def __init__(self) -> None:
        self._times: OrderedDict[Hashable, float] = OrderedDict()

    def of(self, who: Hashable) -> float | None:
        return self._times.get(who)

    def note(self, who: Hashable, now: float) -> None:
        self._times[who] = now
        self._times.move_to_end(who)
        if len(self._times) > MOST_KEYS:
            self._times.popitem(last=False)

    def forget(self, who: Hashable) -> None:
        self._times.pop(who, None)
