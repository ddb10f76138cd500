"""How many sockets are open, from where, and how much of unfinished requests they hold.

Law: a stranger who has shown no token costs a bounded number of bytes for a bounded time; all strangers together too. The
bound for one network leaves a school of two thousand behind one address room to come in at once, each with a page's six
connections and two WebSockets.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable

from folkmoot.kit.network import network

HELD_AT_ONCE = 32 * 1024 * 1024
"""Of the heads of requests that haven't come in whole, over all sockets."""
FOR_THE_REST = 0.25
"""Of all sockets, what one network can't take."""


class Sockets:
    def __init__(self, most: int, believed: Collection[str] = ()) -> None:
        """`believed`: proxies, whose sockets are everybody's."""
        self._most, self._most_of_one = most, int(most * (1 - FOR_THE_REST))
        self._believed = frozenset(network(address) for address in believed)
        self._open: dict[Hashable, str] = {}
        self._by_network: dict[str, int] = {}
        self._held = 0
        self.refused = 0

    def open(self, socket: Hashable, address: str) -> str | None:
        """The code of a refusal, where there are too many. Whatever the answer, `close` ends it."""
        where = network(address)
        self._open[socket] = where
        self._by_network[where] = self._by_network.get(where, 0) + 1
        if len(self._open) > self._most:
            self.refused += 1
            return "server.too_many_sockets"
        if self._by_network[where] > self._most_of_one and where not in self._believed:
            self.refused += 1
            return "address.too_many_sockets"
        return None

    def close(self, socket: Hashable) -> None:
        where = self._open.pop(socket, None)
        if where is None:
            return
        self._by_network[where] -= 1
        if not self._by_network[where]:
            del self._by_network[where]

    def hold(self, size: int) -> bool:
        """`size` more (or, negative, fewer) bytes of unfinished heads; False when that is too much of them."""
        self._held += size
        return self._held <= HELD_AT_ONCE

    def counts(self) -> dict[str, float]:
        return {"sockets": len(self._open), "sockets_refused": self.refused}
