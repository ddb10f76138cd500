"""How a slice hears of what happens in a slice that may not import it.

Law: an event on the bus is something that has happened; nobody can object to it, and the one who says it never waits for,
or fails because of, one who listens. Listeners hear events in the order in which they were said.
"""

from folkmoot.bus.memory import MemoryBus
from folkmoot.bus.port import Bus

__all__ = ["Bus", "MemoryBus"]
