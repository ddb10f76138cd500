"""The media engine behind one port: `port.Engine`. `native` is the Rust wheel, `fake` a pure Python stand-in for tests.

Law: control crosses this boundary, packets never do. Every call is synchronous, quick and made on the event loop's
thread; what happens later on the media side comes back as an event by `drain()`.
"""

from folkmoot.engine.port import (
    ENGINE,
    SERVER,
    Answer,
    Carried,
    Connected,
    Died,
    Disconnected,
    Engine,
    EngineError,
    Event,
    Negotiation,
    Paused,
    Policed,
    Quality,
    ReceivingSection,
    Role,
    Said,
    Speakers,
    Subscribed,
    read_event,
)

__all__ = [
    "ENGINE",
    "SERVER",
    "Answer",
    "Carried",
    "Connected",
    "Died",
    "Disconnected",
    "Engine",
    "EngineError",
    "Event",
    "Negotiation",
    "Paused",
    "Policed",
    "Quality",
    "ReceivingSection",
    "Role",
    "Said",
    "Speakers",
    "Subscribed",
    "read_event",
]
