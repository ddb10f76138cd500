"""`POST /api/meetings` makes one; `POST /api/meetings/{number}/join` gives a ticket for its channel. Hosts invite people by name
here, too, and owners replace the host key: what has a secret in its answer is on no channel that others hear."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Annotated, Any, NoReturn

import structlog
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from folkmoot.kit import Problem, Refusal
from folkmoot.meetings.door import Arrival, Joined, Wish
from folkmoot.meetings.feature import Role
from folkmoot.meetings.invitations import MOST_AT_ONCE
from folkmoot.meetings.live import Meetings
from folkmoot.meetings.media import room_of
from folkmoot.meetings.people.policy import WaitingRoom, written
from folkmoot.meetings.planned import Visitor
from folkmoot.meetings.tickets import Ticket

log = structlog.get_logger("folkmoot.meetings")


class NewMeeting(BaseModel):
    title: str = ""
    admission: str | None = None
    """base64url of HKDF-SHA256(link secret, info "folkmoot admission"), 32 bytes. Without it the server makes the secret."""
    preset: str = "open"
    """What people may, and who waits: one of `GET /api/presets`."""
    waiting_room: WaitingRoom | None = None
    """Otherwise than the preset has it."""


class CreatedMeeting(BaseModel):
    number: str
    passcode: str
    host_key: str
    title: str
    created_at: str
    link_secret: str | None = None


class JoinRequest(BaseModel):
    model_config = ConfigDict(extra="allow")  # and none of it is taken

    name: str = ""
    """Who is signed in is called as their account is."""
    admission: str | None = None
    passcode: str | None = None
    host_key: str | None = None
    rejoin: str | None = None
    """From an earlier join: the same participant comes back."""
    device: str | None = None
    """base64url of 16 to 32 bytes, random, drawn by the page for this meeting: who is removed is so in this browser. Without it
    the answer has a media token, for a client that asks no channel for one."""


class MeetingFacts(BaseModel):
    number: str
    title: str
    locked: bool


class MediaAtTheDoor(BaseModel):
    url: str
    token: str


class JoinResult(BaseModel):
    participant: str
    role: Role
    name: str
    meeting: MeetingFacts
    channel_token: str
    rejoin: str
    livekit: MediaAtTheDoor | None = None
    """Only for a request without `device`."""


class InvitationRequest(BaseModel):
    name: str
    admission: str
    """base64url, 32 bytes, derived as a meeting's is, of a secret that is this person's own."""


class InvitationsRequest(BaseModel):
    people: list[InvitationRequest] = Field(min_length=1, max_length=MOST_AT_ONCE)


class InvitationMade(BaseModel):
    id: str
    name: str


class InvitationShown(InvitationMade):
    used: bool
    live: bool
    revoked: bool


class HostKey(BaseModel):
    host_key: str


class Preset(BaseModel):
    name: str
    policy: dict[str, Any]


async def nobody(_: Request) -> Visitor | None:
    return None


def router(
    meetings: Meetings,
    announce: Callable[[str, str], None] = lambda *_: None,
    visitor: Callable[[Request], Awaitable[Visitor | None]] = nobody,
) -> APIRouter:
    """`announce`: to whom it is told who comes next, to which room. `visitor`: who a request is of, if they are signed in."""
    api = APIRouter(prefix="/api/meetings", tags=["meetings"])

    @api.post("", status_code=201, response_model_exclude_none=True)
    async def create(wanted: NewMeeting, request: Request, response: Response) -> CreatedMeeting:
        """An instant meeting. The host key is shown once; whoever holds it is host."""
        created = await meetings.create(Wish(**wanted.model_dump()), _address(request))
        if isinstance(created, Refusal):
            refuse(created)
        response.headers["Cache-Control"] = "no-store"
        return CreatedMeeting(
            number=created.meeting.number,
            passcode=created.passcode,
            host_key=created.host_key,
            title=created.meeting.title,
            created_at=created.meeting.created_at.isoformat(),
            link_secret=created.link_secret,
        )

    @api.post("/{number}/join", response_model_exclude_none=True)
    async def join(
        number: Annotated[str, "Twelve digits"], wanted: JoinRequest, request: Request, response: Response
    ) -> JoinResult:
        """By the link's admission, by passcode, as host, or again. What can't be proved gets one uniform answer."""
        arrival = Arrival(**_asked(wanted))
        joined = await meetings.join(number, arrival, _address(request), await visitor(request))
        if isinstance(joined, Refusal):
            refuse(joined)
        announce(room_of(joined.meeting.number), joined.participant)
        response.headers["Cache-Control"] = "no-store"
        return _result(joined, str(request.base_url))

    @api.post("/{number}/invitations", status_code=201)
    async def invite(number: str, wanted: InvitationsRequest, request: Request) -> list[InvitationMade]:
        """A link of their own for each: bound to the name, revocable alone. By a host, with the channel token."""
        people = [(one.name, one.admission) for one in wanted.people]
        made = await meetings.invite(bearer(meetings, number, request), people)
        if isinstance(made, Refusal):
            refuse(made)
        return [InvitationMade(id=one.id, name=one.name) for one in made]

    @api.get("/{number}/invitations")
    async def invited(number: str, request: Request) -> list[InvitationShown]:
        """All of this meeting, in the order they were made. By a host."""
        found = await meetings.invited(bearer(meetings, number, request))
        if isinstance(found, Refusal):
            refuse(found)
        return [InvitationShown(**asdict(one)) for one in found]

    @api.delete("/{number}/invitations/{invitation}", status_code=204)
    async def revoke(number: str, invitation: str, request: Request) -> None:
        """That link lets nobody in any more. Who came by it stays. By a host."""
        if (refusal := await meetings.revoke(bearer(meetings, number, request), invitation)) is not None:
            refuse(refusal)

    @api.post("/{number}/host-key")
    async def replace_host_key(number: str, request: Request, response: Response) -> HostKey:
        """A new host key; the old one proves nothing from now on. By an owner."""
        key = await meetings.replace_host_key(bearer(meetings, number, request))
        if isinstance(key, Refusal):
            refuse(key)
        response.headers["Cache-Control"] = "no-store"
        return HostKey(host_key=key)

    return api


def presets_router(meetings: Meetings) -> APIRouter:
    api = APIRouter(prefix="/api/presets", tags=["meetings"])

    @api.get("")
    async def presets() -> list[Preset]:
        """What a meeting may be made like."""
        return [Preset(name=name, policy=written(policy)) for name, policy in meetings.presets.items()]

    return api


def _asked(wanted: BaseModel) -> dict[str, Any]:
    """Its own fields. Who calls themselves what they aren't is noted by the words alone."""
    unknown = sorted(word for word in wanted.model_extra or {} if word.isidentifier() and len(word) <= 32)
    if unknown:
        log.info("unknown fields", fields=", ".join(unknown[:10]))
    return wanted.model_dump(include=set(type(wanted).model_fields))


def _result(joined: Joined, base_url: str) -> JoinResult:
    meeting = joined.meeting
    return JoinResult(
        participant=joined.participant,
        role=joined.role,
        name=joined.name,
        meeting=MeetingFacts(number=meeting.number, title=meeting.title, locked=meeting.status.locked),
        channel_token=joined.channel_token,
        rejoin=joined.rejoin,
        livekit=_media(joined, base_url),
    )


def _media(joined: Joined, base_url: str) -> MediaAtTheDoor | None:
    if joined.media_token is None:
        return None
    return MediaAtTheDoor(url=base_url.rstrip("/").replace("http", "ws", 1), token=joined.media_token)


def bearer(meetings: Meetings, number: str, request: Request) -> Ticket:
    """Whose channel token it is."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    ticket = meetings.read_ticket(number, token.strip()) if scheme.lower() == "bearer" else None
    if ticket is None:
        refuse(Refusal("channel.bad_token"))
    return ticket


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def refuse(refusal: Refusal) -> NoReturn:
    raise Problem.of(refusal)
