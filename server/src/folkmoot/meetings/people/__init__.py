"""The feature `meeting`: who is here, with what role, what they may, who waits, whether the door is locked, and that it is over.

Besides what people ask for, it decides what the meeting itself knows: somebody comes (`Enter`), somebody's line is gone
(`Away`, `Back`, `Lose`), a program is in the room (`ServeIn`, `ServeOut`), nobody has been here for too long (`Close`).

Roles live here and nowhere else: what was given or taken in the meeting holds when its bearer comes back, whatever they held
before. Programs let in by an API key are services: everybody sees them, a host can remove them, they are no people.

`state` is what is known, `evolving` how it follows, `policy` what is allowed, `limits` by whose plan, and `permissions` what one is able to do by it;
then a file a verb: `entering`, `admitting`, `hosting`, `governing`, `appointing`, `departing`, `showing`.
"""

from folkmoot.meetings.people.commands import (
    AnyCommand,
    Away,
    Back,
    Close,
    Did,
    End,
    Enter,
    Guessing,
    Informed,
    Knock,
    Lose,
    Picture,
    Remove,
    ReplaceKey,
    Report,
    Revoke,
    ServeIn,
    ServeOut,
    SetFloor,
    SetLimits,
    StopEverything,
    Tell,
    Wanted,
)
from folkmoot.meetings.people.entering import as_whom, standing, waits
from folkmoot.meetings.people.evolving import evolve
from folkmoot.meetings.people.feature import MeetingFeature, feature
from folkmoot.meetings.people.governing import of_account
from folkmoot.meetings.people.limits import Limits
from folkmoot.meetings.people.permissions import MEETING, able, actor, allowed, may_not_send
from folkmoot.meetings.people.policy import PRESETS, Policy
from folkmoot.meetings.people.state import Person, State, Waiting

__all__ = [
    "MEETING",
    "PRESETS",
    "AnyCommand",
    "Away",
    "Back",
    "Close",
    "Did",
    "End",
    "Enter",
    "Guessing",
    "Informed",
    "Knock",
    "Limits",
    "Lose",
    "MeetingFeature",
    "Person",
    "Picture",
    "Policy",
    "Remove",
    "ReplaceKey",
    "Report",
    "Revoke",
    "ServeIn",
    "ServeOut",
    "SetFloor",
    "SetLimits",
    "State",
    "StopEverything",
    "Tell",
    "Waiting",
    "Wanted",
    "able",
    "actor",
    "allowed",
    "as_whom",
    "evolve",
    "feature",
    "may_not_send",
    "of_account",
    "standing",
    "waits",
]
