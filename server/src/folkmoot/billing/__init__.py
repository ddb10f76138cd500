"""Plans, subscriptions and money: who pays what for how many, and what that lets them do.

Law: what was written into the ledger is never changed, and its sum is nothing. An issued invoice never changes either; what was wrong
in it is corrected by a credit note. Security is never sold. Nothing here is in the way of signing in, joining or media: what a plan
lets somebody do is known from memory, and where it isn't known everything is allowed. No card's number ever comes here.

Money comes through a provider behind a port (`provider`): by hand, or by Stripe, whose library is loaded where it is chosen alone.

A day is one of UTC. Decisions are pure (`subscription`, `invoicing`, `ledger`, `dunning`); the shell (`billing`, `charging`) stores them.
"""

from folkmoot.billing.billing import Billing
from folkmoot.billing.closing import Closing
from folkmoot.billing.collecting import Collecting
from folkmoot.billing.giving_back import Giving
from folkmoot.billing.hearing import Hearing
from folkmoot.billing.limiting import Limiting, narrower
from folkmoot.billing.operator_routes import operator_router
from folkmoot.billing.paper_routes import operator_paper_router, paper_router
from folkmoot.billing.paying_routes import hearing_router, paying_router
from folkmoot.billing.routes import router
from folkmoot.billing.running import Taken, running_router
from folkmoot.billing.wider import wider_router

__all__ = [
    "Billing",
    "Closing",
    "Collecting",
    "Giving",
    "Hearing",
    "Limiting",
    "Taken",
    "hearing_router",
    "narrower",
    "operator_paper_router",
    "operator_router",
    "paper_router",
    "paying_router",
    "router",
    "running_router",
    "wider_router",
]
