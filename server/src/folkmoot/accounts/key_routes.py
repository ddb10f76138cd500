"""`/api/account/keys`: one's own API keys. By a person alone: a key makes no keys."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, Field

from folkmoot.accounts import keys
from folkmoot.accounts.accounts import Accounts, must_be_fresh
from folkmoot.accounts.holding import API
from folkmoot.accounts.inside import Inside, signed_in
from folkmoot.accounts.keys import ApiKey
from folkmoot.accounts.scopes import Scope
from folkmoot.kit import Problem, Refusal


class ApiKeyRequest(BaseModel):
    name: str = Field(max_length=1000)
    """For its owner: what uses it."""
    scopes: list[str] = Field(max_length=50)
    days: float | None = Field(default=None, gt=0)
    """It is good so long; not said: until it is revoked."""


class ApiKeyShown(BaseModel):
    id: str
    name: str
    scopes: list[Scope]
    made_at: str
    used_at: str | None
    until: str | None


class ApiKeyMade(ApiKeyShown):
    key: str
    """Shown this once."""


def router(at: Accounts) -> APIRouter:
    api = APIRouter(prefix="/api/account/keys", tags=["keys"])
    known = Depends(signed_in(at))

    @api.get("")
    async def api_keys(me: Inside = known) -> list[ApiKeyShown]:
        """What programs may do in this account's name."""
        return [ApiKeyShown(**shown(one)) for one in await keys.of_owner(at, me[0].id)]

    @api.post("", status_code=201)
    async def make_api_key(wanted: ApiKeyRequest, response: Response, me: Inside = known) -> ApiKeyMade:
        """The key itself is in this answer and nowhere else."""
        _done(must_be_fresh(me[1], at))
        _done(None if me[0].operator else at.held.lacks(me[0].id, API))
        made = await keys.make(at, me[0].id, wanted.name, wanted.scopes, wanted.days)
        if isinstance(made, Refusal):
            raise Problem.of(made)
        return ApiKeyMade(**shown(made[0]), key=made[1])

    @api.delete("/{id}", status_code=204)
    async def revoke_api_key(id: str, me: Inside = known) -> None:
        """From now on it opens nothing."""
        _done(await keys.revoke(at, me[0].id, id))

    return api


def shown(key: ApiKey) -> dict[str, Any]:
    """Also for tiers above, whose keys are shown alike."""
    return {
        "id": key.id,
        "name": key.name,
        "scopes": list(key.scopes),
        "made_at": key.made_at.isoformat(),
        "used_at": key.used_at and key.used_at.isoformat(),
        "until": key.until and key.until.isoformat(),
    }


def _done(outcome: Refusal | None) -> None:
    if outcome is not None:
        raise Problem.of(outcome)
