"""`/api/operator/growth`: the figures of a book, for who runs the server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Annotated

import structlog
from fastapi import APIRouter, Depends, Path, Query, Response
from fastapi.responses import StreamingResponse

from folkmoot.accounts import Accounts
from folkmoot.accounts.inside import operator
from folkmoot.growth import answering, typed_routes
from folkmoot.growth.answering import Language, Question, What
from folkmoot.growth.asking import Asking
from folkmoot.growth.books import DEMO, OWN
from folkmoot.growth.made_of import Figure
from folkmoot.growth.shown import (
    BookRequest,
    EventsBehind,
    ForecastExplained,
    GrowthBooks,
    GrowthReport,
    OrganisationsBehind,
    behind_shown,
    book_shown,
    explained_shown,
    report_shown,
    told_shown,
)
from folkmoot.growth.typed_routes import refused
from folkmoot.kit import Problem

log = structlog.get_logger("folkmoot.growth")

PAGE = 50
Named = Annotated[str, Path(max_length=40)]
Picked = Annotated[
    str, Query(max_length=8, description="A month of it, such as 2026-07; 2026-07y: its fiscal year.")
]
Of = Annotated[
    str, Query(max_length=200, description="Of `reason`: which one. Of `uncounted`: the currency.")
]
Began = Annotated[
    str,
    Query(
        max_length=7,
        description="Of `contracted` and `renewals`: customers that began in that month. Of `cohort`: in the quarter from that month on.",
    ),
]
After = Annotated[int, Query(ge=0, le=10_000_000)]


@dataclass(slots=True)
class Growing:
    """What the routes work with."""

    asking: Asking
    bring_own: Callable[[], Awaitable[None]]
    site: str = ""
    _under_way: dict[str, asyncio.Task[None]] = field(default_factory=dict)

    def under_way(self) -> list[str]:
        return sorted(name for name, task in self._under_way.items() if not task.done())

    def begin(self, book: str, work: Callable[[], Awaitable[None]]) -> None:
        """One at a time of a book; whoever asks again is already served."""
        if book not in self.under_way():
            self._under_way[book] = asyncio.create_task(_logged(book, work), name=f"growth {book}")

    async def stop(self) -> None:
        tasks = list(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _logged(book: str, work: Callable[[], Awaitable[None]]) -> None:
    try:
        await work()
    except Exception as fault:  # noqa: BLE001  (nobody waits for it)
        log.warning("a book wasn't written", book=book, why=str(fault))


def router(at: Growing, accounts: Accounts) -> APIRouter:
    api = APIRouter(
        prefix="/api/operator/growth",
        tags=["growth"],
        dependencies=[Depends(operator(accounts, by_key=True))],
    )

    async def ask(what: What, book: str, quarter: str = "", **more: object) -> bytes:
        with refused():
            return await at.asking.ask(Question(what, book, quarter, **more))  # type: ignore[arg-type]

    @api.get("/books")
    async def books() -> GrowthBooks:
        """The books that there are: of this server's own events, of imported ones, of made-up ones."""
        found = answering.books(await ask("books", ""))
        return GrowthBooks(books=[book_shown(one.name, one) for one in found], under_way=at.under_way())

    @api.get("/books/{book}")
    async def report(book: Named, quarter: Picked = "") -> GrowthReport:
        """A quarter or a fiscal year; the last, where none is named."""
        found = answering.reports(await ask("report", book, quarter))
        if found is None:
            raise Problem("growth.empty")
        return report_shown(book, found)

    @api.patch("/books/{book}", status_code=204)
    async def settings(book: Named, wanted: BookRequest) -> None:
        """Currency, the fiscal year's start, and what a large customer is. All figures are made anew."""
        if book not in [one.name for one in answering.books(await ask("books", ""))]:
            raise Problem("growth.no_book")
        said = {name: value for name, value in wanted.model_dump().items() if value is not None}
        await ask("settings", book, **said)

    @api.get("/books/{book}/behind/{figure}")
    async def organisations(
        book: Named, figure: Figure, quarter: Picked = "", after: After = 0, of: Of = "", began: Began = ""
    ) -> OrganisationsBehind:
        """The organisations that a figure is made of (of profit the costs, of steps of people their domains), the largest first, 50 at a time."""
        said = {"figure": figure, "after": after, "most": PAGE, "of": of, "began": began}
        return behind_shown(
            answering.organisations(await ask("organisations", book, quarter, **said)), after, PAGE
        )

    @api.get("/books/{book}/behind/{figure}/events")
    async def events(
        book: Named,
        figure: Figure,
        organisation: Annotated[str, Query(max_length=200)] = "",
        quarter: Picked = "",
        after: After = 0,
        of: Of = "",
    ) -> EventsBehind:
        """The events behind a figure, the newest first, 50 at a time; of one organisation, where one is named. Of single people there are none."""
        said = {"figure": figure, "organisation": organisation, "after": after, "most": PAGE + 1, "of": of}
        found = answering.events(await ask("events", book, quarter, **said))
        next = after + PAGE if len(found) > PAGE else None
        return EventsBehind(events=[told_shown(one) for one in found[:PAGE]], next=next)

    @api.get("/books/{book}/forecast")
    async def forecast(book: Named, quarter: Picked = "") -> ForecastExplained:
        """What the forecast of a quarter's end is made of: by when customers began, what is contracted, at which rates they renew."""
        return explained_shown(answering.forecast(await ask("forecast", book, quarter)))

    @api.get("/books/{book}/csv/{table}", response_class=Response, responses=_FILES["text/csv"])
    async def table(
        book: Named,
        table: Annotated[str, Path(max_length=40)],
        quarter: Picked = "",
        of: Of = "",
        began: Began = "",
    ) -> Response:
        """quarters, forecasts, funnel, domains, reasons, cohorts, usage, costs, rates; a figure for who is behind it; with -events, its events."""
        parts = at.asking.table(Question("sheet", book, quarter, figure=table, of=of, began=began))
        with refused():
            first = await anext(parts, b"")
        return StreamingResponse(
            _from(first, parts), media_type="text/csv", headers=_named(f"{book}-{table}.csv")
        )

    @api.get("/books/{book}/pack", response_class=Response, responses=_FILES["application/pdf"])
    async def pack(book: Named, quarter: Picked = "", language: Language = "en") -> Response:
        """The board pack: the quarter as a PDF."""
        body = await ask("pack", book, quarter, language=language, site=at.site)
        return _file(body, "application/pdf", f"{book}-{quarter or 'last'}.pdf")

    @api.post("/demo", status_code=202)
    async def demo() -> None:
        """A company's events are made up, in a book that says so. It takes some seconds."""

        async def made() -> None:
            await at.asking.ask(Question("demo", DEMO))

        at.begin(DEMO, made)

    @api.post("/own", status_code=202)
    async def own() -> None:
        """This server's own events are brought in now, and not only at night."""
        at.begin(OWN, at.bring_own)

    typed_routes.add_to(api, at.asking)
    return api


_FILES: dict[str, dict[int | str, dict[str, object]]] = {
    kind: {200: {"content": {kind: {"schema": {"type": "string", "format": "binary"}}}}}
    for kind in ("text/csv", "application/pdf")
}


def _file(body: bytes, kind: str, name: str) -> Response:
    return Response(body, media_type=kind, headers=_named(name))


def _named(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}


async def _from(first: bytes, parts: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for part in parts:
        yield part
