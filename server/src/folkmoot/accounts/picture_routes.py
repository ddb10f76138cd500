"""`/api/account/picture`, `/api/pictures/{id}`: one's own picture, and anybody's by its address."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response

from folkmoot.accounts import picture, store
from folkmoot.accounts.accounts import Accounts
from folkmoot.accounts.inside import Inside, signed_in
from folkmoot.accounts.routes import AccountShown, shown
from folkmoot.files import answer
from folkmoot.kit import Problem
from folkmoot.kit.described import gives, takes

PATH = "/api/account/picture"
A_DAY = "private, max-age=86400, immutable"
"""Another picture has another address. Whose is gone is gone out of every browser, too, after a day."""
BROUGHT = takes("image/jpeg", "image/png", "image/webp")


def pictures_router(at: Accounts) -> APIRouter:
    api = APIRouter(prefix="/api", tags=["accounts"])
    known = Depends(signed_in(at))

    @api.put("/account/picture", openapi_extra=BROUGHT)
    async def change_picture(request: Request, me: Inside = known) -> AccountShown:
        """A JPEG, PNG or WebP of at most 8 MiB. Kept is the square in its middle, small, with nothing beside the colours."""
        refusal = await picture.change(at, me[0], request.stream())
        if refusal is not None:
            raise Problem.of(refusal)
        async with at.storage.reading() as connection:
            return shown(await store.account_of(connection, me[0].id) or me[0])

    @api.delete("/account/picture", status_code=204)
    async def remove_picture(me: Inside = known) -> None:
        """My account has no picture from now on; the old one's address leads nowhere."""
        await picture.remove(at, me[0])

    @api.get("/pictures/{id}", response_class=Response, responses=gives("image/webp"))
    async def see_picture(id: Annotated[str, Path(pattern="^[0-9a-f]{32}$")], request: Request) -> Response:
        """To whoever has its address: an `AccountShown`, a colleague, or somebody in the same meeting says it."""
        found = await picture.find(at, id)
        if found is None:
            raise Problem("files.unknown")
        return await answer(at.files, found, request.headers, inline=True, cache=A_DAY)

    return api
