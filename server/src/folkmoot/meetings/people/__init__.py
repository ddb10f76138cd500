"""The feature `meeting`: who is here, with what role, what they may, whether the door is locked, and that it is over.

Besides what people ask for, it decides what the meeting itself knows: somebody comes (`Enter`), somebody's line is gone
(`Away`, `Back`, `Lose`), a program is in the room (`ServeIn`, `ServeOut`), nobody has been here for too long (`Close`).

Roles live here and nowhere else: what was given or taken in the meeting holds when its bearer comes back, whatever they held
before. Programs let in by an API key are services: everybody sees them, a host can remove them, they are no people.

One file a verb: `entering`, `hosting`; `state` is what is known and how it follows, `permissions` what one is able to do.
"""

from folkmoot.meetings.people.commands import (
    Away,
    Back,
    Close,
    End,
    Enter,
    Lose,
    Remove,
    ServeIn,
    ServeOut,
    Wanted,
)
from folkmoot.meetings.people.entering import as_whom
from folkmoot.meetings.people.feature import feature
from folkmoot.meetings.people.permissions import MEETING, acting, may
from folkmoot.meetings.people.state import Person, State

__all__ = [
    "MEETING",
    "Away",
    "Back",
    "Close",
    "End",
    "Enter",
    "Lose",
    "Person",
    "Remove",
    "ServeIn",
    "ServeOut",
    "State",
    "Wanted",
    "acting",
    "as_whom",
    "feature",
    "may",
]
