"""Webhooks of accounts and organisations: their own programs are told what happens in their meetings, signed as LiveKit's are.

Law: nothing here waits for a receiver, and no meeting for anything here. A receiver's address is chosen by somebody who may wish
this server ill: it is resolved once, what it resolves to is looked at, and that very address is connected to; nothing inside of the
operator's network is reached, by whatever name, and no redirect is followed. Of an answer only its status is read.
"""

from folkmoot.hooks.egress import Egress, Forbidden, Poster
from folkmoot.hooks.hooks import Hooks
from folkmoot.hooks.routes import router
from folkmoot.hooks.telling import Telling

__all__ = ["Egress", "Forbidden", "Hooks", "Poster", "Telling", "router"]
