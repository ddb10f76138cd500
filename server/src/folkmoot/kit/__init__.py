"""What every slice may lean on: a clock, ids, and the two ways of saying no.

Law: this package imports nothing of ours, reads no real clock and draws no randomness except where its caller hands
it a source of either. An expected refusal is a value (`Refusal`), its code one of `refusals`; `Problem` is how a door speaks
it over HTTP.
"""

from folkmoot.kit.bucket import Bucket
from folkmoot.kit.clock import Clock, ManualClock, SystemClock, time_zones
from folkmoot.kit.ids import Randomness, Sids, SystemRandomness
from folkmoot.kit.outbox import Outbox
from folkmoot.kit.problem import Problem
from folkmoot.kit.recurring import Recurring
from folkmoot.kit.refusal import Refusal

__all__ = [
    "Bucket",
    "Clock",
    "ManualClock",
    "Outbox",
    "Problem",
    "Randomness",
    "Recurring",
    "Refusal",
    "Sids",
    "SystemClock",
    "SystemRandomness",
    "time_zones",
]
