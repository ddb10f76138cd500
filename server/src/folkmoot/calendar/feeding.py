"""Somebody's calendar for other programs: an address with a secret in it, which can be made anew; and one meeting as a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from icalendar import Event
from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot.accounts import Account
from folkmoot.accounts import store as accounts
from folkmoot.accounts.model import AccountId, State
from folkmoot.calendar import ics, mails, store
from folkmoot.calendar.calendar import Calendar, visitor
from folkmoot.calendar.store import Entry
from folkmoot.kit import Refusal

BACK = timedelta(days=180)
"""What was over before that is in no feed."""
UNKNOWN = Refusal("calendar.no_feed")


async def address(at: Calendar, of: Account) -> str:
    async with at.storage.reading() as connection:
        wanted = await store.preferences(connection, of.id)
    return at.links.feed(of.id, wanted.feed_version)


async def renew(at: Calendar, of: Account) -> str:
    """The old address shows nothing any more."""
    async with at.storage.writing() as connection:
        wanted = await store.preferences(connection, of.id)
        wanted = replace(wanted, feed_version=wanted.feed_version + 1)
        await store.prefer(connection, of.id, wanted)
    return at.links.feed(of.id, wanted.feed_version)


async def feed(at: Calendar, secret: str) -> str | Refusal:
    said = at.links.fed(secret)
    if said is None:
        return UNKNOWN
    id, proof = said
    now = at.clock.now()
    async with at.storage.reading() as connection:
        wanted = await store.preferences(connection, id)
        account = await accounts.account_of(connection, AccountId(id))
        right = at.links.feeds(id, wanted.feed_version, proof)
        if not right or account is None or account.state is not State.ACTIVE:
            return UNKNOWN
        there = await store.entries(connection, visitor(account), now - BACK)
        owners = await _owners(connection, there, account)
    events = (event for entry in there for event in _events(at, entry, owners, account, now))
    return ics.written(None, events, account.language)


async def file(at: Calendar, by: Account, id: str) -> str | Refusal:
    async with at.storage.reading() as connection:
        entry = await at.entry(connection, id, by)
        if isinstance(entry, Refusal):
            return entry
        owners = await _owners(connection, [entry], by)
    return ics.written("PUBLISH", _events(at, entry, owners, by, at.clock.now()), by.language)


def _events(
    at: Calendar, entry: Entry, owners: dict[str, Account], reader: Account, now: datetime
) -> Iterator[Event]:
    owner = owners.get(entry.series.owner)
    if owner is None:
        return
    said = mails.sender(at, entry.series, owner, entry.invitation, reader.language)
    yield from ics.events(entry.series, said, now, entry.invitation)


async def _owners(connection: AsyncConnection, entries: list[Entry], me: Account) -> dict[str, Account]:
    found = {me.id: me}
    for id in {one.series.owner for one in entries}:
        if id not in found and (owner := await accounts.account_of(connection, AccountId(id))) is not None:
            found[owner.id] = owner
    return {str(id): account for id, account in found.items()}
