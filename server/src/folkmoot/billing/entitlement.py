"""What an organisation may do by its plan.

Law: who is past due keeps all of it until the step that restricts, and then has what everybody has.
"""

from __future__ import annotations

from folkmoot.billing.plans import FREE, Plan, PlanId, Plans, Service
from folkmoot.billing.subscription import Standing, Subscription


def entitled(plans: Plans, plan: PlanId | None, standing: Standing, *, restricted: bool = False) -> Plan:
    """A plan that is there no more keeps nothing from who subscribed to it."""
    if plan is None or restricted or standing is Standing.CANCELLED:
        return plans[FREE]
    return plans.get(plan) or Plan(plan, plan, services=frozenset(Service))


def of(subscription: Subscription, plans: Plans, *, restricted: bool = False) -> Plan:
    plan = subscription.terms.plan if subscription.terms else None
    return entitled(plans, plan, subscription.standing, restricted=restricted)
