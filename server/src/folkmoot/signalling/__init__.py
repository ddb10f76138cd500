"""The door for LiveKit clients: the signal WebSockets `/rtc` and `/rtc/v1`, the `validate` beside each, `/agent` and `/whip/v1`.

Law: who may not come in learns it by HTTP, before the upgrade, and the sentence is part of the protocol: SDKs read it. A
frame too large, a client too slow or one that fell silent costs its own socket and nothing else. Tokens are never logged.
"""

from folkmoot.signalling import trial, whip, workers
from folkmoot.signalling.routes import collapse_slashes, routes

__all__ = ["collapse_slashes", "routes", "trial", "whip", "workers"]
