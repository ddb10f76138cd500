"""How much is met: participant-minutes, meetings, the most people in one and how many came, by organisation and day.

Law: it is counted from the journal of meetings and from nothing else, and how far the journal was read is written in one transaction
with what was read: a crash loses or doubles nothing. A log is read to its end before it is forgotten. No person is in it: what stays
is an organisation, a day and four numbers.

A day is one of UTC, as on an invoice. A meeting is counted on the day that the first one came in, a minute on the day it was spent.
"""

from folkmoot.usage.reading import Reading
from folkmoot.usage.routes import operator_router, router
from folkmoot.usage.telling import told

__all__ = ["Reading", "operator_router", "router", "told"]
