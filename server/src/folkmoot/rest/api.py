"""Putting the API together."""

from __future__ import annotations

from collections.abc import Iterable

import structlog
from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from folkmoot.kit import Problem

log = structlog.get_logger("folkmoot.rest")

MEDIA_TYPE = "application/problem+json"


def install(app: FastAPI, routers: Iterable[APIRouter], version: str) -> None:
    """`GET /api/health`, the slices' routers, and how each failure is said."""

    @app.get("/api/health", tags=["health"])
    async def health() -> dict[str, str]:
        return {"status": "ok", "version": version}

    for router in routers:
        app.include_router(router)
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(Exception, _broken)


async def _problem(_: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    headers = {}
    if error.status == 429 and "retry_after_s" in error.params:
        headers["Retry-After"] = str(error.params["retry_after_s"])
    return JSONResponse(error.body(), error.status, headers, MEDIA_TYPE)


async def _http(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return _say(error.status_code, f"http.{error.status_code}", str(error.detail))


async def _invalid(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    first = next(iter(error.errors()), {"loc": ()})
    where = ".".join(str(step) for step in first["loc"])
    return _say(422, "request.invalid", "The request can't be understood.", {"where": where[:200]})


async def _broken(request: Request, error: Exception) -> Response:
    log.error("request failed", path=request.url.path, exc_info=error)
    return _say(500, "internal", "Something went wrong here, and it was noted.")


def _say(status: int, code: str, message: str, params: dict[str, str] | None = None) -> Response:
    return JSONResponse(
        {"code": code, "message": message, "params": params or {}}, status, media_type=MEDIA_TYPE
    )
