"""`POST /api/meetings` makes one; `POST /api/meetings/{number}/join` gives a ticket for its channel."""

from __future__ import annotations

from typing import Annotated, Any, NoReturn

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from folkmoot.kit import Problem, Refusal
from folkmoot.meetings.feature import Role
from folkmoot.meetings.live import Arrival, Joined, Meetings


class NewMeeting(BaseModel):
    title: str = ""
    admission: str | None = None
    """base64url of HKDF-SHA256(link secret, info "folkmoot admission"), 32 bytes. Without it the server makes the secret."""


class CreatedMeeting(BaseModel):
    number: str
    passcode: str
    host_key: str
    title: str
    created_at: str
    link_secret: str | None = None


class JoinRequest(BaseModel):
    name: str
    admission: str | None = None
    passcode: str | None = None
    host_key: str | None = None
    rejoin: str | None = None
    """From an earlier join: the same participant comes back."""
    device: str | None = None
    """base64url of 16 to 32 bytes, random, drawn by the page for this meeting: who is removed is so in this browser."""


class MeetingFacts(BaseModel):
    number: str
    title: str
    locked: bool


class JoinResult(BaseModel):
    participant: str
    role: Role
    name: str
    meeting: MeetingFacts
    channel_token: str
    rejoin: str


class ProblemBody(BaseModel):
    code: str
    message: str
    params: dict[str, Any] = Field(default_factory=dict)


REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"model": ProblemBody, "description": "Refused.", "content": {"application/problem+json": {}}}
    for status in (403, 404, 422, 429, 503)
}


def router(meetings: Meetings) -> APIRouter:
    api = APIRouter(prefix="/api/meetings", tags=["meetings"], responses=REFUSALS)

    @api.post("", status_code=201, response_model_exclude_none=True)
    async def create(wanted: NewMeeting, request: Request, response: Response) -> CreatedMeeting:
        """An instant meeting. The host key is shown once; whoever holds it is host."""
        created = await meetings.create(wanted.title, wanted.admission, _address(request))
        if isinstance(created, Refusal):
            _refuse(created)
        response.headers["Cache-Control"] = "no-store"
        return CreatedMeeting(
            number=created.meeting.number,
            passcode=created.passcode,
            host_key=created.host_key,
            title=created.meeting.title,
            created_at=created.meeting.created_at.isoformat(),
            link_secret=created.link_secret,
        )

    @api.post("/{number}/join")
    async def join(
        number: Annotated[str, "Twelve digits"], wanted: JoinRequest, request: Request, response: Response
    ) -> JoinResult:
        """By the link's admission, by passcode, as host, or again. What can't be proved gets one uniform answer."""
        arrival = Arrival(**wanted.model_dump())
        joined = await meetings.join(number, arrival, _address(request))
        if isinstance(joined, Refusal):
            _refuse(joined)
        response.headers["Cache-Control"] = "no-store"
        return _result(joined)

    return api


def _result(joined: Joined) -> JoinResult:
    meeting = joined.meeting
    return JoinResult(
        participant=joined.participant,
        role=joined.role,
        name=joined.name,
        meeting=MeetingFacts(number=meeting.number, title=meeting.title, locked=meeting.status.locked),
        channel_token=joined.channel_token,
        rejoin=joined.rejoin,
    )


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _refuse(refusal: Refusal) -> NoReturn:
    raise Problem.of(refusal)
