"""Meetings in time: planned, repeated, somebody's own; who is invited, and what each of them hears of it.

Law: times are local, moments are computed; nine o'clock stays nine o'clock. An occurrence is made when somebody comes to it, with a
log of its own; what is planned is a rule, however often it takes place. A plan, its links and its mails are one transaction.
The secrets of links are in no table. To who isn't of a meeting there is no such meeting.

A meeting asks `coming` who somebody is to it, by the port that `meetings` names; nothing else of the calendar is in the way of a call.
"""

from folkmoot.calendar.calendar import Calendar, visitor
from folkmoot.calendar.coming import Coming
from folkmoot.calendar.handing_over import bring
from folkmoot.calendar.leaving import Leaving, exported
from folkmoot.calendar.links import Links
from folkmoot.calendar.open_routes import router as open_router
from folkmoot.calendar.own_routes import router as own_router
from folkmoot.calendar.picturing import Picturing
from folkmoot.calendar.ringing import Bell
from folkmoot.calendar.routes import router

__all__ = [
    "Bell",
    "Calendar",
    "Coming",
    "Leaving",
    "Links",
    "Picturing",
    "bring",
    "exported",
    "open_router",
    "own_router",
    "router",
    "visitor",
]
