"""`/api/calendar` without signing in: by a secret that somebody was sent."""

from __future__ import annotations

from fastapi import APIRouter, Response

from folkmoot.calendar import answering, feeding, shown
from folkmoot.calendar.calendar import Calendar
from folkmoot.calendar.routes import or_refuse
from folkmoot.calendar.shown import AskedShown
from folkmoot.calendar.wanted import TokenAnswerRequest, TokenRequest
from folkmoot.kit.described import gives


def router(at: Calendar) -> APIRouter:
    api = APIRouter(prefix="/api/calendar", tags=["calendar"])

    @api.post("/answers/show")
    async def show(wanted: TokenRequest, response: Response) -> AskedShown:
        """What the link in a mail is about. It answers nothing: machines open links too."""
        response.headers["Cache-Control"] = "no-store"
        return shown.asked(at, or_refuse(await answering.show(at, wanted.token)))

    @api.post("/answers")
    async def answer(wanted: TokenAnswerRequest, response: Response) -> AskedShown:
        """Yes, no or maybe, by the secret of an invitation. It needs no account."""
        response.headers["Cache-Control"] = "no-store"
        return shown.asked(at, or_refuse(await answering.answer(at, wanted.token, wanted.answer)))

    @api.get("/feed/{secret}.ics", response_class=Response, responses=gives("text/calendar"))
    async def feed(secret: str) -> Response:
        """For other programs. Who has the address may see it; it can be made anew."""
        said = or_refuse(await feeding.feed(at, secret))
        headers = {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex"}
        return Response(said, media_type="text/calendar; charset=utf-8", headers=headers)

    return api
