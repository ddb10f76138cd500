"""Somebody stands at the door, signed in and not invited, and asks the organiser to invite them (J8).

Law: the answer says nothing of whether there is such a meeting; the mail to its owner is the only trace. Nobody is asked twice in an hour by the same person.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from folkmoot.accounts import Account
from folkmoot.calendar import inviting, mails, store, words
from folkmoot.calendar.calendar import Calendar
from folkmoot.calendar.model import Series
from folkmoot.kit import Refusal
from folkmoot.kit.bucket import Buckets
from folkmoot.mail import Message

ASKS, ASKS_S, AGAIN_S, MOST_KEYS = 10, 3600.0, 3600.0, 50_000


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asked lately. In memory alone."""

    often: Buckets = field(default_factory=lambda: Buckets(ASKS, ASKS_S, MOST_KEYS))
    same: Buckets = field(default_factory=lambda: Buckets(1, AGAIN_S, MOST_KEYS))


async def ask(at: Calendar, asking: Asking, by: Account, number: str) -> Refusal | None:
    now = at.clock.monotonic()
    if wait := asking.often.take(by.id, now):
        return Refusal("calendar.asked_too_often", {"retry_after_s": wait})
    if asking.same.take((by.id, number), now):
        return None  # they know already
    async with at.storage.writing() as connection:
        series = await store.of_number(connection, number)
        owner = await inviting.owner_of(connection, series) if series is not None else None
        mail = _mail(at, series, owner, by) if series is not None and owner is not None else None
        if mail is not None and at.post is not None:
            await at.post.put(connection, mail)
    return None


def _mail(at: Calendar, series: Series, owner: Account, by: Account) -> Message | None:
    """By an address that is proven to one that is: who asks is known to the server, not only what they call themselves."""
    to, whose = mails.proven(owner), mails.proven(by)
    if to is None or whose is None or series.cancelled_at is not None:
        return None
    title = series.title or words.UNTITLED[owner.language]
    link = f"{at.links.origin}/meetings/{series.id}"
    subject, text = words.ASKED[owner.language]
    told = {"who": by.name, "address": whose, "title": title, "link": link}
    return Message(to, subject.format(**told), text.format(**told), owner.language)
