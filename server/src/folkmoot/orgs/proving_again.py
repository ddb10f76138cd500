"""A domain that was proven is looked at again: it may have been sold, or given to somebody else.

Law: nothing is taken away suddenly, nor because somebody else is silent. Where nothing proves a domain any more its owners are told
twice, the second time a week before the end, and have a month; until then it holds as before. A DNS that doesn't answer says nothing.
Members stay members, whatever becomes of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from folkmoot.orgs import domain_store
from folkmoot.orgs.model import Domain, OrgId
from folkmoot.orgs.orgs import Orgs
from folkmoot.orgs.proving import lose, proof, record_of, stands, tell_owners

LOOK = "orgs.look"
EVERY = {"dns": timedelta(days=1), "mail": timedelta(days=365)}
"""A record stands or not; a code was right once, and is asked for again when a year is over."""
GRACE, LAST_WORD = timedelta(days=30), timedelta(days=7)
MOST_AT_ONCE = 50


class Step(StrEnum):
    """What follows from a look; also its word in the audit."""

    FOUND = "domain.found"
    MISSING = "domain.missing"
    REMINDED = "domain.reminded"
    LOST = "domain.lapsed"


def follows(kept: Domain, seen: bool | None, now: datetime) -> Step | None:
    """`seen`: whether something proves it; None: nobody says."""
    if seen is None:
        return None
    if kept.missing_since is None:
        return None if seen else Step.MISSING
    if seen:
        return Step.FOUND
    last_word = kept.missing_since + GRACE - LAST_WORD
    if kept.warned_at is None or kept.warned_at < last_word:
        return Step.REMINDED if now >= last_word else None
    return Step.LOST if now >= kept.warned_at + LAST_WORD else None


def kept_until(kept: Domain) -> datetime | None:
    """The first moment at which it may be lost, where nothing proves it."""
    if kept.missing_since is None or kept.warned_at is None:
        return None
    return max(kept.missing_since + GRACE, kept.warned_at + LAST_WORD)


async def begin(at: Orgs) -> None:
    """What is due, as jobs: no round waits for the DNS. A job is made as often as one is due, however it ends."""
    now = at.clock.now()
    before = {how: now - every for how, every in EVERY.items()}
    async with at.storage.writing() as connection:
        for org, domain in await domain_store.to_look_at(connection, before, MOST_AT_ONCE):
            await domain_store.change(connection, org, domain, looked_at=now)
            await at.jobs.add(connection, LOOK, {"org": org, "domain": domain})


async def look(at: Orgs, payload: Mapping[str, Any]) -> None:
    """The job. No transaction waits for the DNS, and what is decided is decided of what holds after it."""
    id, domain = OrgId(payload["org"]), str(payload["domain"])
    async with at.storage.reading() as connection:
        asked = await domain_store.domain_of(connection, id, domain)
    if asked is None or asked.proven_at is None:
        return
    name, value = record_of(asked)
    found = await at.resolve(name)
    async with at.audit.acting() as act:
        kept = await domain_store.domain_of(act.connection, id, domain)
        if kept is None or kept.proven_at != asked.proven_at:
            return
        now = at.clock.now()
        step = follows(kept, None if found is None else stands(value, found), now)
        if step is None:
            return
        if step is Step.LOST:
            await lose(at, act, kept, step.value, "lapsed")
            return
        changed = {
            Step.FOUND: proof("dns", kept.proven_at),
            Step.MISSING: {"missing_since": now, "warned_at": now},
            Step.REMINDED: {"warned_at": now},
        }[step]
        await domain_store.change(act.connection, id, domain, **changed)
        await act.note(id, "", step.value, domain)
        again = await domain_store.domain_of(act.connection, id, domain)
        until = kept_until(again) if again else None
        if until is not None:
            await tell_owners(
                at, act, kept, "missing", until=until.date().isoformat(), record=name, value=value
            )
