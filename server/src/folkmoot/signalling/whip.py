"""`/whip/v1`: sound and picture of a program that speaks WHIP (RFC 9725), such as an encoder, straight into a room.

Law: who may come in is asked as at `/rtc`. A session is its token's alone: nobody without that identity and room changes or ends
it. Nothing is read past `MOST_BYTES`, and of a session its offer is kept, for an ICE restart tells only what is new in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from folkmoot.kit import Problem, Refusal
from folkmoot.protocol.joining import Client, Joining
from folkmoot.protocol.requests import Offer
from folkmoot.protocol.responses import Message
from folkmoot.protocol.tokens import Claims, Keys
from folkmoot.rooms.arriving import MEETING_PREFIX
from folkmoot.rooms.live import Rooms
from folkmoot.rooms.turnstile import Turnstile
from folkmoot.signalling.admission import Denied, vouched

PATH = "/whip/v1"
SDP, FRAGMENT = "application/sdp", "application/trickle-ice-sdpfrag"
MOST_BYTES = 64 * 1024
PATIENCE_S = 3.0
JOINING = Joining(client=Client(sdk="whip"), single=True, auto_subscribe=False)
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Headers": "Authorization, *",
    "Access-Control-Allow-Methods": "PATCH, OPTIONS, GET, POST, DELETE",
    "Access-Control-Expose-Headers": "*",
}
CREDENTIALS = re.compile(r"^a=ice-(ufrag|pwd):(\S+)\s*$", re.MULTILINE)
ICE = re.compile(r"^a=(?:ice-ufrag|ice-pwd|candidate|end-of-candidates)", re.MULTILINE)

Answer = Callable[[Request], Coroutine[Any, Any, Response]]


def routes(rooms: Rooms, keys: Keys, turnstile: Turnstile) -> list[BaseRoute]:
    door = _Door(rooms, keys, turnstile)
    one = PATH + "/{sid}"
    return [
        Route(PATH, _answered(door.create), methods=["POST"]),
        Route(PATH, _nothing, methods=["GET", "OPTIONS"]),
        Route(one, _answered(door.patch), methods=["PATCH"]),
        Route(one, _answered(door.delete), methods=["DELETE"]),
        Route(one, _nothing, methods=["GET", "OPTIONS"]),
    ]


class _No(Exception):
    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status, self.sentence = status, sentence


@dataclass(eq=False, slots=True)
class _Session:
    """Stands where others have their socket: of what is said to it only answers are read."""

    claims: Claims
    offer: str
    forget: Callable[[], None]
    answer: str = ""

    def send(self, message: Message) -> None:
        if message.name == "answer":
            self.answer = message.wire.answer.sdp

    def hang_up(self) -> None:
        self.forget()

    @property
    def tag(self) -> str:
        """Of the ICE session; it is another after a restart."""
        return _credentials(self.answer).get("ufrag", "")


class _Door:
    def __init__(self, rooms: Rooms, keys: Keys, turnstile: Turnstile) -> None:
        self._rooms, self._keys, self._turnstile = rooms, keys, turnstile
        self._sessions: dict[str, _Session] = {}

    async def create(self, request: Request) -> Response:
        _check_type(request, SDP)
        claims = self._claims(request)
        if not claims.video.permission.can_publish:
            raise _No(401, "unauthorized: permissions denied")
        offer = await _body(request)
        await self._wait(claims)
        session = _Session(claims, offer, lambda: None)
        sid = self._rooms.join(claims, JOINING, session)
        if isinstance(sid, Refusal):
            raise _refused(sid)
        session.forget = partial(self._forget, sid)
        self._sessions[sid] = session
        if not self._rooms.ingest(sid, claims.video.room, Offer(offer)):
            raise _No(400, "the body is no offer of something that may be sent")
        headers = {"Location": f"{PATH}/{sid}", "ETag": f'"{session.tag}"', **CORS}
        return Response(session.answer, 201, headers, media_type=SDP)

    async def patch(self, request: Request) -> Response:
        _check_type(request, FRAGMENT)
        wanted = request.headers.get("if-match", "")
        if not wanted:
            raise _No(428, "missing entity tag")
        sid, session = self._session(request)
        fragment = await _body(request)
        if ICE.search(fragment) is None:
            raise _No(400, "the body is no fragment about ICE")
        if wanted.strip() != "*":
            if wanted.strip().strip('"') != session.tag:
                raise _No(412, "that ICE session is over")
            return Response(
                status_code=204, headers=CORS
            )  # we are ICE-lite: its candidates come to us by themselves
        return self._restart(sid, session, fragment)

    async def delete(self, request: Request) -> Response:
        _, session = self._session(request)
        self._rooms.remove(session.claims.video.room, session.claims.identity)
        return Response(status_code=200, headers=CORS)

    def _restart(self, sid: str, session: _Session, fragment: str) -> Response:
        news = _credentials(fragment)
        if news.keys() != {"ufrag", "pwd"}:
            raise _No(400, "an ICE restart brings new credentials")
        offer = CREDENTIALS.sub(lambda m: f"a=ice-{m[1]}:{news[m[1]]}\r", session.offer)
        if not self._rooms.ingest(sid, session.claims.video.room, Offer(offer)):
            raise _No(400, "these credentials can't be")
        session.offer = offer
        ours = [line for line in session.answer.splitlines() if ICE.match(line)]
        headers = {"ETag": f'"{session.tag}"', **CORS}
        return Response("\r\n".join((*dict.fromkeys(ours), "")), 200, headers, media_type=FRAGMENT)

    def _forget(self, sid: str) -> None:
        self._sessions.pop(sid, None)

    def _claims(self, request: Request) -> Claims:
        found = vouched(request.query_params, request.headers.get("authorization", ""), self._keys)
        if isinstance(found, Denied):
            raise _No(found.status, found.sentence)
        return found

    def _session(self, request: Request) -> tuple[str, _Session]:
        claims, sid = self._claims(request), request.path_params["sid"]
        session = self._sessions.get(sid)
        if session is None or (session.claims.identity, session.claims.video.room) != (
            claims.identity,
            claims.video.room,
        ):
            raise _No(404, "there is no such session")
        return sid, session

    async def _wait(self, claims: Claims) -> None:
        """As everybody, but who comes to a meeting's room."""
        room = claims.video.room
        refusal = self._rooms.may_join(claims, JOINING)
        if refusal is None and not room.startswith(MEETING_PREFIX):
            turn = await self._turnstile.turn((room, claims.identity), within=PATIENCE_S)
            refusal = None if turn else Refusal("room.too_many_join", {"retry_after_s": 2})
        if refusal is not None:
            raise _refused(refusal)


def _answered(act: Answer) -> Answer:
    async def answer(request: Request) -> Response:
        try:
            return await act(request)
        except _No as no:
            return JSONResponse({"error": no.sentence}, no.status, CORS)

    return answer


async def _nothing(request: Request) -> Response:
    return Response(status_code=200 if request.method == "OPTIONS" else 204, headers=CORS)


def _check_type(request: Request, wanted: str) -> None:
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given != wanted:
        raise _No(400, f"unsupported content-type: {given[:80]}")


async def _body(request: Request) -> str:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            raise _No(413, f"request body exceeds {MOST_BYTES} bytes")
    return body.decode("utf-8", "replace")


def _credentials(text: str) -> Mapping[str, str]:
    """The first of each; with BUNDLE all sections have the same."""
    found: dict[str, str] = {}
    for match in CREDENTIALS.finditer(text):
        found.setdefault(match[1], match[2])
    return found


def _refused(refusal: Refusal) -> _No:
    problem = Problem.of(refusal)
    return _No(problem.status, problem.message)
