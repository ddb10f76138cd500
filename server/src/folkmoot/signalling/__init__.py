"""The door for LiveKit clients: the signal WebSockets `/rtc` and `/rtc/v1`, and the `validate` beside each.

Law: who may not come in learns it by HTTP, before the upgrade, and the sentence is part of the protocol: SDKs read it. A
frame too large, a client too slow or one that fell silent costs its own socket and nothing else. Tokens are never logged.
"""

from folkmoot.signalling.routes import collapse_slashes, routes

__all__ = ["collapse_slashes", "routes"]
