"""`/metrics` for Prometheus: what the engine counts, what is live, and how long HTTP answers took.

Law: a label's values are few and ours: routes as they are written in the code, never paths as a stranger sent them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping

from prometheus_client import (
    CollectorRegistry,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from folkmoot.kit.network import LOOPBACK

Numbers = Callable[[], Mapping[str, float]]
LEVELS = frozenset(
    {
        *("rooms", "peers", "connections", "tracks", "subscriptions"),
        *("tcp_connections", "tcp_strangers"),
        *("sockets", "webhooks_waiting", "webhook_receivers_away"),
        *("participants", "meetings", "people_in_meetings", "waiting_to_come_in", "parts_ill"),
    }
)
"""What goes up and down; everything else only grows."""


class Registry:
    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        PlatformCollector(registry=self._registry)
        self._seconds = Histogram(
            "folkmoot_http_seconds",
            "How long an answer took.",
            ("method", "route", "status"),
            registry=self._registry,
            buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
        )

    def add(self, prefix: str, numbers: Numbers) -> None:
        self._registry.register(_Read(prefix, numbers))

    def text(self) -> bytes:
        return generate_latest(self._registry)

    def measured(self, app: ASGIApp) -> ASGIApp:
        async def measuring(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            began, status = time.perf_counter(), 500

            async def noting(message: Message) -> None:
                nonlocal status
                if message["type"] == "http.response.start":
                    status = message["status"]
                await send(message)

            try:
                await app(scope, receive, noting)
            finally:
                method = scope["method"] if scope["method"] in ("GET", "HEAD", "POST") else "other"
                took = time.perf_counter() - began
                self._seconds.labels(method, _route(scope), status).observe(took)

        return measuring


def _route(scope: Scope) -> str:
    route = scope.get("route")
    return getattr(route, "path", None) or "static"


class _Read(Collector):
    def __init__(self, prefix: str, numbers: Numbers) -> None:
        self._prefix, self._numbers = prefix, numbers

    def describe(self) -> list[Metric]:
        return []

    def collect(self) -> Iterator[Metric]:
        for name, value in self._numbers().items():
            full = f"{self._prefix}_{name}"
            if name in LEVELS:
                yield GaugeMetricFamily(full, name.replace("_", " "), value=value)
            else:
                yield CounterMetricFamily(full, name.replace("_", " "), value=value)


def routes(registry: Registry, *, public: bool) -> list[Route]:
    async def metrics(request: Request) -> Response:
        if not public and not _from_here(request):
            return PlainTextResponse("404 page not found", 404)
        return Response(registry.text(), media_type=CONTENT_TYPE_LATEST)

    return [Route("/metrics", metrics, methods=["GET"])]


def _from_here(request: Request) -> bool:
    forwarded = any(name in request.headers for name in ("x-forwarded-for", "forwarded", "via"))
    return not forwarded and request.client is not None and request.client.host in LOOPBACK
