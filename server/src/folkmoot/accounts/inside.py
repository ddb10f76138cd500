"""Who a request is of: for every door of people who are signed in.

Law: who is signed in is told by a cookie that no script reads, and only requests of our own pages are done by it. No answer with
somebody's facts is kept by a cache.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from fastapi import Request, Response

from folkmoot.accounts.accounts import Accounts
from folkmoot.accounts.model import Account, Session
from folkmoot.kit import Problem

COOKIE = "__Host-folkmoot"
Inside = tuple[Account, Session]


def signed_in(at: Accounts) -> Callable[[Request, Response], Awaitable[Inside]]:
    """As a dependency of routes."""

    async def inside(request: Request, response: Response) -> Inside:
        response.headers["Cache-Control"] = "no-store"
        of_our_pages(request)
        found = await at.who(request.cookies.get(COOKIE, ""))
        if found is None:
            raise Problem("account.signed_out")
        return found

    return inside


async def perhaps(request: Request, at: Accounts) -> Account | None:
    """Of one who needn't be signed in. Who has no cookie costs nothing."""
    token = request.cookies.get(COOKIE)
    if token is None or not is_of_our_pages(request):
        return None
    found = await at.who(token)
    return None if found is None else found[0]


def of_our_pages(request: Request) -> None:
    if not is_of_our_pages(request):
        raise Problem("request.other_site")


def is_of_our_pages(request: Request) -> bool:
    """A cookie comes along with whatever page makes a browser ask. Programs, which send neither header, carry no cookie."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if request.method in ("GET", "HEAD"):
        return True
    if site is not None:
        return site in ("same-origin", "none")
    if origin is None:
        return not request.cookies.get(COOKIE)
    return urlsplit(origin).netloc == request.headers.get("host", "")
