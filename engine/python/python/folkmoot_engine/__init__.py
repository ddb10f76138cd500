"""The media engine: rooms, connections, tracks and subscriptions, with the packets far away in Rust.

Invariants: every call returns at once; one thread uses an engine; a handle is never used for a second thing;
bad input raises :class:`EngineError` and changes nothing.
"""

from folkmoot_engine._engine import Answer, Engine, Negotiation, ReceivingSection
from folkmoot_engine.errors import EngineError

__all__ = ["Answer", "Engine", "EngineError", "Negotiation", "ReceivingSection"]
