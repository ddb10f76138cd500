"""The values: an address of an organisation's own, and who its mails are from; and what follows from a look at them. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from folkmoot.orgs.model import OrgId

MOST_HOSTS = 5
"""Of one organisation."""
LEAVING = timedelta(days=90)
"""So long whatever comes by an address that is no more is sent on."""
PATIENCE = timedelta(days=1)
"""So long a host that worked may fail before links stop naming it."""
SOON, LAST = timedelta(days=21), timedelta(days=7)
"""Before a certificate's end it is said that it ends, and then said louder."""


class Why(StrEnum):
    """An address is no more because …"""

    REMOVED = "removed"
    SERVICE = "service"
    """The plan holds it no more."""
    PROOF = "proof"
    """Nothing proves its domain any more."""
    DISSOLVED = "dissolved"
    """The organisation is no more."""

    @property
    def may_come_back(self) -> bool:
        return self in (Why.SERVICE, Why.PROOF)


class State(StrEnum):
    WAITING = "waiting"
    """It hasn't led here yet."""
    READY = "ready"
    """Links name it."""
    FAILING = "failing"
    """It led here, and doesn't any more: links name this server's own address until it does."""
    LEAVING = "leaving"
    """Whatever comes is sent on."""


class Seen(StrEnum):
    """What a look found, the first thing that is in the way. Pages have words for each."""

    OK = "ok"
    NO_RECORD = "no_record"
    """The DNS knows no such name."""
    ELSEWHERE = "elsewhere"
    """It leads to other addresses than this server's."""
    CERTIFICATE = "certificate"
    """It leads here, and no certificate holds for it."""
    AWAY = "away"
    """Nobody answers there."""
    STRANGER = "stranger"
    """Somebody answers, and not this server."""


@dataclass(frozen=True, slots=True)
class Host:
    host: str
    """As the DNS has it."""
    org: OrgId
    added_at: datetime
    ready_at: datetime | None = None
    """Since it has led here."""
    looked_at: datetime | None = None
    seen: Seen | None = None
    certificate_until: datetime | None = None
    wrong_since: datetime | None = None
    leaving_since: datetime | None = None
    why: Why | None = None

    def state(self, now: datetime) -> State:
        if self.leaving_since is not None:
            return State.LEAVING
        if self.ready_at is None:
            return State.WAITING
        failing = self.wrong_since is not None and now - self.wrong_since >= PATIENCE
        return State.FAILING if failing else State.READY

    @property
    def leaves(self) -> datetime | None:
        """From then on it is nobody's."""
        return None if self.leaving_since is None else self.leaving_since + LEAVING


@dataclass(frozen=True, slots=True)
class Sender:
    """Who mails about the meetings of an organisation are from."""

    org: OrgId
    name: str
    reply_to: str | None
    """None: the organiser is answered."""
    address: str | None
    """Its own, of a domain that it has proven. None: this server's."""
    changed_at: datetime
    good_at: datetime | None = None
    """Since the DNS has let this server send for that address. None: mails are from this server's."""
    looked_at: datetime | None = None
    seen: tuple[str, ...] = ()
    """Codes of `records`."""


class Step(StrEnum):
    """What follows for a host; also its word in the audit."""

    LEAVES = "host.leaves"
    BACK = "host.back"
    GONE = "host.gone"
    READY = "host.ready"
    FAILS = "host.fails"


def follows(
    host: Host, held: bool, proven: bool, there: bool, now: datetime
) -> tuple[Step, Why | None] | None:
    """`held`: by the plan. `proven`: its domain, by its organisation. `there`: the organisation is."""
    wrong = Why.DISSOLVED if not there else Why.PROOF if not proven else None if held else Why.SERVICE
    if host.leaving_since is None:
        return (Step.LEAVES, wrong) if wrong else None
    if wrong is None and host.why is not None and host.why.may_come_back:
        return Step.BACK, None
    if host.leaves is not None and now >= host.leaves and (wrong or host.why is Why.REMOVED):
        # what a plan doesn't hold is kept, and works again when one does
        return None if host.why is Why.SERVICE else (Step.GONE, None)
    return None


def looked(
    host: Host, seen: Seen | None, until: datetime | None, now: datetime
) -> tuple[dict[str, object], Step | None]:
    """What is kept of a look, and what is news of it. None: it says nothing."""
    kept: dict[str, object] = {"looked_at": now}
    if seen is None:
        return kept, None
    kept |= {"seen": seen.value}
    if seen is Seen.OK:
        kept |= {"wrong_since": None, "certificate_until": until, "ready_at": host.ready_at or now}
        fresh = host.ready_at is None or host.state(now) is State.FAILING
        return kept, Step.READY if fresh else None
    if host.ready_at is None:
        return kept, None
    kept |= {"wrong_since": host.wrong_since or now}
    fails = host.state(now) is State.FAILING and host.state(host.looked_at or now) is not State.FAILING
    return kept, Step.FAILS if fails else None


def due(host: Host, now: datetime) -> bool:
    """Whether it is looked at again: often while somebody waits for it, then once a day."""
    if host.leaving_since is not None:
        return False
    if host.looked_at is None:
        return True
    waits = host.state(now) is not State.READY or host.wrong_since is not None
    young = now - host.added_at < timedelta(days=3)
    every = timedelta(minutes=10) if waits and young else timedelta(hours=1) if waits else timedelta(days=1)
    return now - host.looked_at >= every
