"""Putting the API together."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import structlog
from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from folkmoot.kit import Problem
from folkmoot.kit.problem import MEDIA_TYPE
from folkmoot.kit.refusals import CATALOGUE
from folkmoot.rest.document import describe

log = structlog.get_logger("folkmoot.rest")


def install(app: FastAPI, routers: Sequence[APIRouter], version: str) -> None:
    """`GET /api/health`, the slices' routers, and how each failure is said."""

    @app.get("/api/health", tags=["health"])
    async def health() -> dict[str, str]:
        """That the API answers, and which version."""
        return {"status": "ok", "version": version}

    for router in routers:
        # Not by `include_router`, which makes every route a second time at the first request: a slice's are whole.
        app.router.routes.extend(router.routes)
    app.openapi = partial(describe, app, routers)  # type: ignore[method-assign]
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(Exception, _broken)


async def _problem(_: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return _said(error)


async def _http(_: Request, error: Exception) -> Response:
    """The framework's own refusals: no such path, no such method."""
    assert isinstance(error, HTTPException)
    code = f"http.{error.status_code}"
    return _said(Problem(code if code in CATALOGUE else "http.400"))


async def _invalid(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    first = next(iter(error.errors()), {"loc": ()})
    where = ".".join(str(step) for step in first["loc"])
    return _said(Problem("request.invalid", {"where": where[:200]}))


async def _broken(request: Request, error: Exception) -> Response:
    log.error("request failed", route=_route(request), exc_info=error)
    return _said(Problem("internal"))


def _route(request: Request) -> str:
    """As it is written in the code: a path as it came has whatever somebody put there."""
    return str(getattr(request.scope.get("route"), "path", ""))


def _said(problem: Problem) -> Response:
    return JSONResponse(problem.body(), problem.status, problem.headers(), MEDIA_TYPE)
