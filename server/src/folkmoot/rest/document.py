"""The API's own description: OpenAPI 3.1, made from the routes and completed with what all of them share.

Law: it has every address of the API. Each operation says what it does, whether somebody must be signed in, and that whatever
goes wrong is a problem of RFC 9457.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from folkmoot.accounts.inside import COOKIE
from folkmoot.kit.problem import MEDIA_TYPE
from folkmoot.rest import examples

NOT_OURS = ("HTTPValidationError", "ValidationError", "ProblemBody")
"""The framework's own, which nobody ever gets, and what meetings said before all said the same."""
PROBLEM = {
    "type": "object",
    "description": "What went wrong (RFC 9457).",
    "required": ["type", "title", "status", "detail", "code", "params"],
    "properties": {
        "type": {"type": "string", "description": "A URN that ends with the code."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "For a developer: what it means, and what to do."},
        "code": {"type": "string", "description": "Stable; docs/reference/refusals.md has all of them."},
        "params": {"type": "object", "additionalProperties": True},
    },
}
REFUSED = {
    "description": "Refused.",
    "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
KEY_OR_COOKIE: list[dict[str, list[str]]] = [{"apiKey": []}, {"session": []}]
SCHEMES = {
    "apiKey": {"type": "http", "scheme": "bearer", "description": "An API key with the scope for this."},
    "session": {"type": "apiKey", "in": "cookie", "name": COOKIE, "description": "Who is signed in, in a page of ours."},
}  # fmt: skip
METHODS = ("get", "put", "post", "delete", "patch")


def describe(app: FastAPI, routers: Sequence[APIRouter]) -> dict[str, Any]:
    if app.openapi_schema is None:
        app.openapi_schema = _completed(FastAPI.openapi(app), routers)
    return app.openapi_schema


def _completed(document: dict[str, Any], routers: Sequence[APIRouter]) -> dict[str, Any]:
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for name in NOT_OURS:
        schemas.pop(name, None)
    schemas["Problem"] = PROBLEM
    document["components"]["securitySchemes"] = SCHEMES
    document["info"]["license"] = {"name": "Apache-2.0", "identifier": "Apache-2.0"}
    inside = set(_of_people_inside(routers))
    taken = set[str]()
    for path, method, operation in _operations(document):
        kept = {status: said for status, said in operation["responses"].items() if status[0] in "123"}
        operation["responses"] = kept | {"default": REFUSED}
        operation["operationId"] = _once(operation["operationId"], path, taken)
        if (path, method) in inside:
            operation["security"] = KEY_OR_COOKIE
    examples.add(document)
    return document


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, ways in document["paths"].items():
        for method, operation in ways.items():
            if method in METHODS:
                yield path, method, operation


def _once(id: str, path: str, taken: set[str]) -> str:
    """The route's own name, which clients call their functions; where two have one, with what it is about."""
    name = id.partition("_api_")[0]
    words = [word for word in path.split("/")[2:] if not word.startswith("{")]
    found = next(one for one in (name, f"{words[0]}_{name}", f"{words[-1]}_{name}", id) if one not in taken)
    taken.add(found)
    return found


def _of_people_inside(routers: Sequence[APIRouter]) -> Iterator[tuple[str, str]]:
    for route in (route for router in routers for route in router.routes):
        if isinstance(route, APIRoute) and _wants_somebody(route.dependant):
            yield from ((route.path_format, method.lower()) for method in route.methods or ())


def _wants_somebody(dependant: Dependant) -> bool:
    return any(
        getattr(one.call, "wants_somebody", False) or _wants_somebody(one) for one in dependant.dependencies
    )
