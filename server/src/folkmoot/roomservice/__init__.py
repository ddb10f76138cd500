"""The door for other programs: LiveKit's server API (Twirp) over the live rooms, and its webhooks.

Law: each method names the grant it needs and gets no further without it. What it answers is the state after the change, not
a promise of it.
"""

from folkmoot.roomservice.routes import routes
from folkmoot.roomservice.webhooks import Webhooks

__all__ = ["Webhooks", "routes"]
