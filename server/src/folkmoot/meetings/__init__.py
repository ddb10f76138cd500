"""Who may meet, and what they do together: links and passcodes, the log of a meeting and its fold, hosts and people.

Law: `feature` is the contract of everything people do in a meeting; `log` folds it, `running` is the shell around one
meeting, `live` holds them all. A meeting knows its room only through the port in `media`, and its database only through
the one in `journal`. Nobody becomes host by chance: who holds the host key is.

Nobody is in a meeting's room but who is in its fold: `outside` makes the room so. A new capability is a package of its own with
one object `feature`, and one word in `folkmoot.capabilities`.
"""

from folkmoot.meetings.live import Meetings
from folkmoot.meetings.model import Settings
from folkmoot.meetings.people.policy import PRESETS, Policy
from folkmoot.meetings.routes import presets_router, router
from folkmoot.meetings.store import StoredJournal

__all__ = ["PRESETS", "Meetings", "Policy", "Settings", "StoredJournal", "presets_router", "router"]
