"""`POST /twirp/livekit.<Service>/<Method>`, in protobuf or JSON, answered in kind."""

from __future__ import annotations

import json

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from folkmoot.agents import Agents
from folkmoot.meetings import Meetings
from folkmoot.protocol import api
from folkmoot.protocol.requests import Malformed
from folkmoot.protocol.tokens import Claims, Keys, TokenRefused
from folkmoot.rooms.live import Rooms
from folkmoot.roomservice import dispatches
from folkmoot.roomservice.errors import TwirpError
from folkmoot.roomservice.governed import carried_out
from folkmoot.roomservice.methods import METHODS, granted, may_administer

MAX_BODY = 1024 * 1024
JSON, PROTOBUF = "application/json", "application/protobuf"
PATH = "/twirp/livekit.{service}/{method}"
ELSEWHERE = {"Egress", "Ingress", "SIP", "Connector"}
"""What LiveKit's API has and this server has not."""
SERVICES = {"RoomService": METHODS.keys(), "AgentDispatchService": dispatches.METHODS.keys()}
CORS = {
    "Access-Control-Allow-Origin": "*",
    # a star doesn't stand for this one (Fetch §3.3.3)
    "Access-Control-Allow-Headers": "Authorization, *",
    "Access-Control-Allow-Methods": "POST, OPTIONS",
    "Access-Control-Expose-Headers": "*",
    "Access-Control-Max-Age": "86400",
}
"""Pages of other origins may ask: what they may is in their token, and no cookie speaks for them."""


def routes(rooms: Rooms, keys: Keys, meetings: Meetings, agents: Agents) -> list[BaseRoute]:
    async def serve(request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(status_code=204, headers=CORS)
        try:
            answer = await _serve(request, rooms, keys, meetings, agents)
        except TwirpError as error:
            body = json.dumps({"code": error.code, "msg": error.message})
            answer = Response(body, error.status, media_type=JSON)
        answer.headers.update(CORS)
        return answer

    return [Route(PATH, serve, methods=["POST", "OPTIONS"])]


async def _serve(request: Request, rooms: Rooms, keys: Keys, meetings: Meetings, agents: Agents) -> Response:
    service, method = request.path_params["service"], request.path_params["method"]
    if service in ELSEWHERE:
        raise TwirpError("unimplemented", f"{service}.{method} is not offered by this server")
    if method not in SERVICES.get(service, ()):
        raise TwirpError("bad_route", f"no handler for {request.url.path}")
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type not in (JSON, PROTOBUF):
        raise TwirpError("bad_route", f"unexpected Content-Type: {content_type!r}")
    claims = _claims(request, keys)
    as_json = content_type == JSON
    try:
        call = api.decode(method, await _body(request), as_json=as_json)
    except Malformed as malformed:
        raise TwirpError("malformed", str(malformed)) from malformed
    may = METHODS[method][0] if method in METHODS else may_administer
    if not may(claims, call):
        raise TwirpError("unauthenticated", "permissions denied")
    if method in dispatches.METHODS:
        answer = dispatches.METHODS[method](rooms, agents, call)
    else:
        answer = granted(await carried_out(method, call, rooms, meetings))
    return Response(api.encode(answer, as_json=as_json), media_type=content_type)


def _claims(request: Request, keys: Keys) -> Claims:
    scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
    token = bearer.strip() if scheme.lower() == "bearer" else request.query_params.get("access_token", "")
    try:
        return keys.verify(token)
    except TokenRefused as why:
        raise TwirpError("unauthenticated", str(why)) from why


async def _body(request: Request) -> bytes:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            raise TwirpError("invalid_argument", "the body is too large")
    return body
