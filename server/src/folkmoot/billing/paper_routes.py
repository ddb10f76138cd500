"""An invoice or a credit note to keep and to send on, by who governs an organisation; by who runs the server, everybody's, and the books."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from enum import StrEnum
from typing import Literal

from fastapi import APIRouter, Depends, Response
from fastapi.responses import StreamingResponse

from folkmoot.accounts import Account
from folkmoot.accounts.inside import Inside, operator, signed_in
from folkmoot.billing import owning, store
from folkmoot.billing.beancount import as_beancount
from folkmoot.billing.billing import Billing
from folkmoot.billing.documents import Document
from folkmoot.billing.exporting import exported
from folkmoot.billing.plans import Plans
from folkmoot.billing.routes import Number
from folkmoot.kit import Refusal
from folkmoot.kit.described import gives
from folkmoot.orgs import OrgId
from folkmoot.orgs.routes.answers import or_refuse

PDF = "application/pdf"
Language = Literal["en", "zh-CN"]


class Format(StrEnum):
    """What the books are written as: events, one JSON object a line, or a file of beancount."""

    EVENTS = "events"
    BEANCOUNT = "beancount"


FILES = {
    Format.EVENTS: (exported, "application/x-ndjson", "books.jsonl"),
    Format.BEANCOUNT: (as_beancount, "text/plain", "books.beancount"),
}


def paper_router(at: Billing) -> APIRouter:
    api = APIRouter(prefix="/api/billing", tags=["billing"])
    known = Depends(signed_in(at.orgs.accounts))

    @api.get(
        "/{org}/documents/{number}/pdf",
        response_class=Response,
        responses=gives(PDF),
    )
    async def document_as_pdf(
        org: str, number: Number, language: Language = "en", me: Inside = known
    ) -> Response:
        """As it was sent, in the language that is asked for. By who governs it."""
        or_refuse(await owning.look_at(at, me[0], OrgId(org)))
        return await _paper(at, number, language, org)

    return api


def operator_paper_router(at: Billing) -> APIRouter:
    api = APIRouter(prefix="/api/operator/billing", tags=["operator"])
    governing = Depends(operator(at.orgs.accounts))

    @api.get("/documents/{number}/pdf", response_class=Response, responses=gives(PDF))
    async def anybodys_document_as_pdf(
        number: Number, language: Language = "en", me: Account = governing
    ) -> Response:
        """As it was sent, in the language that is asked for."""
        return await _paper(at, number, language)

    @api.get("/books", response_class=Response, responses=gives("application/x-ndjson"))
    async def books(format: Format = Format.EVENTS, me: Account = governing) -> Response:
        """All of them: as events, one JSON object a line, or as a file of beancount."""
        written, kind, name = FILES[format]

        async def lines() -> AsyncIterator[bytes]:
            async with at.storage.reading() as connection:
                async for line in written(connection):
                    yield line

        return StreamingResponse(lines(), media_type=kind, headers=_kept_as(name))

    return api


async def _paper(at: Billing, number: str, language: Language, org: str | None = None) -> Response:
    """`org`: of this one alone."""
    one, plans = or_refuse(await _found(at, number, org))
    made = await asyncio.to_thread(_pdf, one, plans, at.orgs.accounts.settings.site, language)
    return Response(made, media_type=PDF, headers=_kept_as(f"{number}.pdf"))


def _kept_as(name: str) -> dict[str, str]:
    return {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "private, no-store",
    }


async def _found(at: Billing, number: str, org: str | None) -> tuple[Document, Plans] | Refusal:
    async with at.storage.reading() as connection:
        one = await store.document(connection, number)
        if one is None or org not in (None, one.org):
            return Refusal("billing.document_unknown")
        return one, await store.plans_of(connection)


def _pdf(one: Document, plans: Plans, seller: str, language: Language) -> bytes:
    # a server that never prints an invoice doesn't carry what sets one
    from folkmoot.billing.printed import printed
    from folkmoot.paper import written

    return written(printed(one, plans, seller, language))
