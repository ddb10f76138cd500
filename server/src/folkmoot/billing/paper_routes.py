"""`/api/billing/{org}/documents/{number}/pdf`: an invoice or a credit note to keep and to send on."""

from __future__ import annotations

import asyncio
from typing import Literal

from fastapi import APIRouter, Depends, Response

from folkmoot.accounts.inside import Inside, signed_in
from folkmoot.billing import owning, store
from folkmoot.billing.billing import Billing
from folkmoot.billing.documents import Document
from folkmoot.billing.plans import Plans
from folkmoot.billing.routes import Number
from folkmoot.kit import Refusal
from folkmoot.kit.described import gives
from folkmoot.orgs import OrgId
from folkmoot.orgs.routes.answers import or_refuse

PDF = "application/pdf"


def paper_router(at: Billing) -> APIRouter:
    api = APIRouter(prefix="/api/billing", tags=["billing"])
    known = Depends(signed_in(at.orgs.accounts))

    @api.get(
        "/{org}/documents/{number}/pdf",
        response_class=Response,
        responses=gives(PDF),
    )
    async def document_as_pdf(
        org: str, number: Number, language: Literal["en", "zh-CN"] = "en", me: Inside = known
    ) -> Response:
        """As it was sent, in the language that is asked for. By who governs it."""
        or_refuse(await owning.look_at(at, me[0], OrgId(org)))
        one, plans = or_refuse(await _found(at, org, number))
        made = await asyncio.to_thread(_pdf, one, plans, at.orgs.accounts.settings.site, language)
        headers = {
            "Content-Disposition": f'attachment; filename="{number}.pdf"',
            "Cache-Control": "private, no-store",
        }
        return Response(made, media_type=PDF, headers=headers)

    return api


async def _found(at: Billing, org: str, number: str) -> tuple[Document, Plans] | Refusal:
    async with at.storage.reading() as connection:
        one = await store.document(connection, number)
        if one is None or one.org != org:
            return Refusal("billing.document_unknown")
        return one, await store.plans_of(connection)


def _pdf(one: Document, plans: Plans, seller: str, language: Literal["en", "zh-CN"]) -> bytes:
    # a server that never prints an invoice doesn't carry what sets one
    from folkmoot.billing.printed import printed
    from folkmoot.paper import written

    return written(printed(one, plans, seller, language))
