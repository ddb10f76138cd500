"""Making webhooks, and telling: each piece of news is a job, so it outlives this server and is tried for three days."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot.accounts import Accounts
from folkmoot.accounts.holding import API
from folkmoot.accounts.tables import accounts
from folkmoot.hooks.egress import Egress, Forbidden
from folkmoot.hooks.tables import hooks
from folkmoot.jobs import Jobs
from folkmoot.jobs.queue import Unworkable
from folkmoot.kit import Refusal
from folkmoot.protocol.tokens import Claims, Keys
from folkmoot.protocol.webhooks import MEDIA_TYPE

KIND = "hook"
MOST = 20
REMEMBERED = 20
"""Tries of each."""
EVENTS = ("room_started", "room_finished", "participant_joined", "participant_left", "participant_connection_aborted",
          "track_published", "track_unpublished")  # fmt: skip
"""By LiveKit's names, with LiveKit's bodies. `ping` comes when it is asked for."""
TOKEN_LIVES = timedelta(minutes=5)
LATER = (408, 425, 429)

Post = Callable[[str, bytes, Mapping[str, str]], Awaitable[int]]


@dataclass(frozen=True, slots=True)
class Try:
    at: str
    event: str
    answer: str


@dataclass(frozen=True, slots=True)
class Hook:
    id: str
    owner: str
    url: str
    events: tuple[str, ...]
    made_at: datetime
    told_at: datetime | None
    answer: str | None
    lately: tuple[Try, ...] = ()
    """The newest first."""


class Hooks:
    def __init__(self, accounts: Accounts, jobs: Jobs, egress: Egress, post: Post) -> None:
        self._accounts, self._jobs, self._egress, self._post = accounts, jobs, egress, post
        self.storage, self._clock = accounts.storage, accounts.clock
        jobs.does(KIND, self._deliver)

    async def make(self, owner: str, url: str, events: Sequence[str]) -> tuple[Hook, str] | Refusal:
        """With the secret that signs, which nobody sees again."""
        if (lacking := self.lacks(owner)) is not None:
            return lacking
        if (wrong := self._egress.check(url)) is not None:
            return Refusal("hook.address", {"why": wrong})
        if not events or not set(events) <= set(EVENTS):
            return Refusal("hook.unknown_event", {"known": ", ".join(EVENTS)})
        secret, now = self._accounts.draw(32), self._clock.now()
        wanted = tuple(one for one in EVENTS if one in events)
        made = Hook("h_" + self._accounts.draw(12), owner, url, wanted, now, None, None)
        row = {
            "id": made.id,
            "owner": owner,
            "url": url,
            "events": list(wanted),
            "made_at": now,
            "lately": [],
        }
        async with self.storage.writing() as connection:
            if len(await _of(connection, [owner])) >= MOST:
                return Refusal("hook.too_many", {"most": MOST})
            await connection.execute(hooks.insert().values(**row, secret=self._accounts.sealing.seal(secret)))
        return made, secret

    async def of(self, *owners: str) -> list[Hook]:
        async with self.storage.reading() as connection:
            return await _of(connection, owners)

    async def remove(self, owner: str, id: str) -> Refusal | None:
        async with self.storage.writing() as connection:
            gone = await connection.execute(hooks.delete().where(hooks.c.owner == owner, hooks.c.id == id))
        return None if gone.rowcount else Refusal("hook.unknown")

    async def ping(self, owner: str, id: str) -> Refusal | None:
        """Something harmless, to see whether it arrives: how it went is in the list a moment later."""
        found = [one for one in await self.of(owner) if one.id == id]
        if not found:
            return Refusal("hook.unknown")
        if (lacking := self.lacks(owner)) is not None:
            return lacking
        event = "EV_" + self._accounts.draw(9)
        at = int(self._clock.now().timestamp())
        body = f'{{"event":"ping","id":"{event}","createdAt":"{at}"}}'
        await self.tell(found, body)
        return None

    def lacks(self, owner: str) -> Refusal | None:
        """Their plan has no webhooks. Those that there are stay, and hear nothing meanwhile."""
        return self._accounts.held.lacks(owner, API)

    async def tell(self, some: Collection[Hook], body: str) -> None:
        async with self.storage.writing() as connection:
            for hook in some:
                await self._jobs.add(connection, KIND, {"hook": hook.id, "body": body})
        await self._jobs.look()

    async def forget_orphans(self) -> None:
        """Of accounts that are gone."""
        there = sa.exists().where(accounts.c.id == hooks.c.owner)
        async with self.storage.writing() as connection:
            await connection.execute(hooks.delete().where(hooks.c.owner.like("a\\_%", escape="\\"), ~there))

    async def owners(self) -> set[str]:
        async with self.storage.reading() as connection:
            return {row.owner for row in await connection.execute(sa.select(hooks.c.owner).distinct())}

    # --- inside -----------------------------------------------------------------------------------------------------

    async def _deliver(self, payload: Mapping[str, Any]) -> None:
        async with self.storage.reading() as connection:
            row = (await connection.execute(hooks.select().where(hooks.c.id == payload["hook"]))).first()
        secret = None if row is None else self._accounts.sealing.unseal(row.secret)
        if row is None or secret is None:
            return  # whoever wanted it doesn't any more
        body = str(payload["body"]).encode()
        note = partial(self._note, row.id, str(json.loads(body).get("event", "")))
        try:
            answer = await self._post(row.url, body, self._signed(row.id, secret, body))
        except Forbidden as error:
            await note("inside")
            raise Unworkable(str(error)) from None
        except OSError as error:
            await note(str(error)[:64])
            raise
        await note(str(answer))
        if answer >= 300:
            refused = 300 <= answer < 500 and answer not in LATER
            raise (Unworkable if refused else OSError)(f"it answers {answer}")

    def _signed(self, key: str, secret: str, body: bytes) -> dict[str, str]:
        """As LiveKit's `WebhookReceiver` checks it: a token of five minutes that vouches for this body."""
        digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
        token = Keys({key: secret}, self._clock).mint(Claims(key, "", sha256=digest), TOKEN_LIVES)
        return {"authorization": token, "content-type": MEDIA_TYPE}

    async def _note(self, id: str, event: str, answer: str) -> None:
        now, mine = self._clock.now(), hooks.c.id == id
        async with self.storage.writing() as connection:
            lately = await connection.scalar(sa.select(hooks.c.lately).where(mine).with_for_update())
            tried = [{"at": now.isoformat(), "event": event, "answer": answer}, *(lately or ())]
            told = hooks.update().where(mine)
            await connection.execute(told.values(told_at=now, answer=answer, lately=tried[:REMEMBERED]))


async def _of(connection: AsyncConnection, owners: Sequence[str]) -> list[Hook]:
    wanted = hooks.select().where(hooks.c.owner.in_(owners)).order_by(hooks.c.made_at, hooks.c.id)
    return [_hook(row) for row in await connection.execute(wanted)]


def _hook(row: Any) -> Hook:
    lately = tuple(Try(**one) for one in row.lately)
    return Hook(row.id, row.owner, row.url, tuple(row.events), row.made_at, row.told_at, row.answer, lately)
