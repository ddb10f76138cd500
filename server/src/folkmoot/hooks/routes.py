"""`/api/webhooks`, `/api/orgs/{org}/webhooks`: one's own, and those of an organisation by its admins."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from folkmoot.accounts.inside import Inside, signed_in
from folkmoot.hooks.hooks import EVENTS, Hook, Hooks
from folkmoot.hooks.telling import Telling
from folkmoot.kit import Problem, Refusal
from folkmoot.orgs import Orgs
from folkmoot.orgs.model import OrgId, Role


class WebhookRequest(BaseModel):
    url: str = Field(max_length=4000)
    """Of https, out in the public."""
    events: list[str] = Field(default=list(EVENTS), max_length=50)


class TryShown(BaseModel):
    at: str
    event: str
    answer: str
    """A status, or a word for why there was none."""


class WebhookShown(BaseModel):
    id: str
    """Also the key of the token that signs."""
    url: str
    events: list[str]
    made_at: str
    told_at: str | None
    answer: str | None
    """How the last try ended."""
    lately: list[TryShown]
    """The last tries, the newest first."""


class WebhookMade(WebhookShown):
    secret: str
    """Shown this once: a receiver checks the signature with it."""


def router(at: Hooks, telling: Telling, orgs: Orgs) -> APIRouter:
    api = APIRouter(prefix="/api", tags=["webhooks"])
    known = Depends(signed_in(orgs.accounts))

    async def governed(org: str, me: Inside = known) -> str:
        async with orgs.storage.reading() as connection:
            standing = await orgs.standing(connection, OrgId(org), me[0].id, Role.ADMIN)
        if isinstance(standing, Refusal):
            raise Problem.of(standing)
        return org

    theirs = Depends(governed)

    async def made(owner: str, wanted: WebhookRequest) -> WebhookMade:
        made = await at.make(owner, wanted.url, wanted.events)
        if isinstance(made, Refusal):
            raise Problem.of(made)
        await telling.refresh()
        return WebhookMade(**_shown(made[0]), secret=made[1])

    async def removed(owner: str, id: str) -> None:
        _done(await at.remove(owner, id))
        await telling.refresh()

    @api.get("/webhooks")
    async def webhooks(me: Inside = known) -> list[WebhookShown]:
        """Who is told what happens in my meetings."""
        return [WebhookShown(**_shown(one)) for one in await at.of(me[0].id)]

    @api.post("/webhooks", status_code=201)
    async def make_webhook(wanted: WebhookRequest, me: Inside = known) -> WebhookMade:
        """The secret is in this answer and nowhere else."""
        return await made(me[0].id, wanted)

    @api.delete("/webhooks/{id}", status_code=204)
    async def remove_webhook(id: str, me: Inside = known) -> None:
        """Nothing is told there any more."""
        await removed(me[0].id, id)

    @api.post("/webhooks/{id}/ping", status_code=202)
    async def ping_webhook(id: str, me: Inside = known) -> None:
        """Tells it something harmless, to see whether it arrives."""
        _done(await at.ping(me[0].id, id))

    @api.get("/orgs/{org}/webhooks")
    async def org_webhooks(org: str = theirs) -> list[WebhookShown]:
        """Who is told what happens in the organisation's meetings. By an admin."""
        return [WebhookShown(**_shown(one)) for one in await at.of(org)]

    @api.post("/orgs/{org}/webhooks", status_code=201)
    async def make_org_webhook(wanted: WebhookRequest, org: str = theirs) -> WebhookMade:
        """The secret is in this answer and nowhere else. By an admin."""
        return await made(org, wanted)

    @api.delete("/orgs/{org}/webhooks/{id}", status_code=204)
    async def remove_org_webhook(id: str, org: str = theirs) -> None:
        """Nothing is told there any more. By an admin."""
        await removed(org, id)

    @api.post("/orgs/{org}/webhooks/{id}/ping", status_code=202)
    async def ping_org_webhook(id: str, org: str = theirs) -> None:
        """Tells it something harmless. By an admin."""
        _done(await at.ping(org, id))

    return api


def _shown(hook: Hook) -> dict[str, Any]:
    return {
        "id": hook.id,
        "url": hook.url,
        "events": list(hook.events),
        "made_at": hook.made_at.isoformat(),
        "told_at": hook.told_at and hook.told_at.isoformat(),
        "answer": hook.answer,
        "lately": [asdict(one) for one in hook.lately],
    }


def _done(outcome: Refusal | None) -> None:
    if outcome is not None:
        raise Problem.of(outcome)
