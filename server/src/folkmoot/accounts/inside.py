"""Who a request is of: for every door of people who are signed in.

Law: who is signed in is told by a cookie that no script reads, and only requests of our own pages are done by it; or by an API key in
`Authorization`, which no browser sends by itself. A request has one or the other: where there is a key, no cookie is looked at. No
answer with somebody's facts is kept by a cache.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from urllib.parse import urlsplit

from fastapi import Depends, Request, Response

from folkmoot.accounts import keys, store
from folkmoot.accounts.accounts import Accounts, must_be_fresh
from folkmoot.accounts.holding import API
from folkmoot.accounts.keys import ApiKey
from folkmoot.accounts.model import Account, AccountId, Session, State
from folkmoot.kit import Problem, Refusal

COOKIE = "__Host-folkmoot"
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
Inside = tuple[Account, Session]


def signed_in(at: Accounts) -> Callable[[Request, Response], Awaitable[Inside]]:
    """As a dependency of routes."""

    async def inside(request: Request, response: Response) -> Inside:
        response.headers["Cache-Control"] = "no-store"
        if (key := await by_key(at, request)) is not None:
            return await _owner(at, key)
        of_our_pages(request)
        found = await at.who(request.cookies.get(COOKIE, ""))
        if found is None:
            raise Problem("account.signed_out")
        return found

    inside.wants_somebody = True  # type: ignore[attr-defined]  # read by whoever describes the API
    return inside


def operator(at: Accounts, *, by_key: bool = False) -> Callable[..., Awaitable[Account]]:
    """As a dependency: who runs the server, having proved that it is them. `by_key`: a key's scope is as good as a proof."""
    known = Depends(signed_in(at))

    async def operator(request: Request, me: Inside = known) -> Account:
        if not me[0].operator:
            raise Problem("operator.not_you")
        if not (by_key and key_of(request.headers)) and (refusal := must_be_fresh(me[1], at)) is not None:
            raise Problem.of(refusal)
        return me[0]

    return operator


async def by_key(at: Accounts, request: Request) -> ApiKey | None:
    """None: the request has no API key. A key that may not do this is refused."""
    secret = key_of(request.headers)
    if secret is None:
        return None
    key = await keys.whose(at, secret)
    if isinstance(key, Refusal):
        raise Problem.of(key)
    if (refusal := key.may(request.method, request.url.path)) is not None:
        raise Problem.of(refusal)
    return key


def key_of(headers: Mapping[str, str]) -> str | None:
    scheme, _, secret = headers.get("authorization", "").partition(" ")
    secret = secret.strip()
    return secret if scheme.lower() == "bearer" and secret.startswith(keys.BEGINS) else None


async def _owner(at: Accounts, key: ApiKey) -> Inside:
    """An account by its key was never there itself: nothing that wants a fresh proof is done."""
    async with at.storage.reading() as connection:
        account = await store.account_of(connection, AccountId(key.owner))
    if account is None:
        raise Problem("key.not_of_an_account")
    if account.state is not State.ACTIVE:
        raise Problem("account.suspended")
    if not account.operator and (refusal := at.held.lacks(account.id, API)) is not None:
        raise Problem.of(refusal)  # who runs the server isn't kept from it by what they sell
    return account, Session(b"", account.id, key.made_at, at.clock.now(), NEVER, key.name)


async def perhaps(request: Request, at: Accounts) -> Account | None:
    """Of one who needn't be signed in. Who has neither key nor cookie costs nothing."""
    if (key := await by_key(at, request)) is not None:
        return (await _owner(at, key))[0]
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
    return request.method in ("GET", "HEAD") or _is_asked_here(
        request, unsaid=not request.cookies.get(COOKIE)
    )


def leaves_something(request: Request) -> None:
    """As a dependency of a GET that makes or notes something: a link of another page asks by GET as well, and the cookie goes along."""
    if key_of(request.headers) is None and not _is_asked_here(request, unsaid=True):
        raise Problem("request.other_site")


def _is_asked_here(request: Request, *, unsaid: bool) -> bool:
    """`unsaid`: the browser doesn't tell from where it asks. An old one says nothing of a GET."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None:
        return site in ("same-origin", "none")
    if origin is None:
        return unsaid
    return urlsplit(origin).netloc == request.headers.get("host", "")
