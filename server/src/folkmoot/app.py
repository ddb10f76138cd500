"""The only place where all parts meet: configuration and adapters in, one ASGI application out.

How it dies: the server stops listening, then `Farewell` tells every client to come back later and waits a moment for
their sockets to close, then the lifespan ends: the engine's events are no longer read, storage is closed. Killed instead,
it loses nothing that was acknowledged: what must survive is in storage by then.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from fastapi import FastAPI, Request
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.exceptions import HTTPException
from starlette.routing import Mount
from starlette.types import ASGIApp, Receive, Scope, Send

from folkmoot import __version__, channel, health, metrics, rest, roomservice, signalling, static
from folkmoot.accounts import AccountDeleted, Accounts, SignUp, begin_setup
from folkmoot.accounts import router as accounts_router
from folkmoot.accounts.accounts import Settings as AccountSettings
from folkmoot.accounts.administering import Setup
from folkmoot.accounts.inside import perhaps
from folkmoot.accounts.key_routes import router as keys_router
from folkmoot.accounts.passwords import Passwords
from folkmoot.accounts.picture_routes import PATH as PICTURE
from folkmoot.accounts.picture_routes import pictures_router
from folkmoot.accounts.provider import Directory, Provider
from folkmoot.accounts.provider_routes import identities_router, providers_router
from folkmoot.accounts.sealing import Sealing
from folkmoot.agents import Agents
from folkmoot.audit import Audit
from folkmoot.audit.anchors import Anchors
from folkmoot.billing import (
    Billing,
    Closing,
    Collecting,
    Giving,
    Hearing,
    Limiting,
    Taken,
    hearing_router,
    narrower,
    paying_router,
    running_router,
    wider_router,
)
from folkmoot.billing import operator_paper_router as selling_paper_router
from folkmoot.billing import operator_router as selling_router
from folkmoot.billing import paper_router as billing_paper_router
from folkmoot.billing import router as billing_router
from folkmoot.billing.declined import say as say_declined
from folkmoot.billing.provider import ByHand
from folkmoot.billing.provider import Provider as PaymentProvider
from folkmoot.billing.words import say as say_open
from folkmoot.branding import UPLOAD as LOGO
from folkmoot.branding import Brands
from folkmoot.branding import Shown as Branded
from folkmoot.branding import open_router as open_branding_router
from folkmoot.branding import router as branding_router
from folkmoot.branding.changing import LARGEST_LOGO
from folkmoot.branding.heading import logo_of
from folkmoot.bus import Bus, MemoryBus
from folkmoot.calendar import Bell, Calendar, Coming, Leaving, Links, Picturing, bring, visitor
from folkmoot.calendar import exported as exported_calendar
from folkmoot.calendar import open_router as open_calendar_router
from folkmoot.calendar import own_router as own_calendar_router
from folkmoot.calendar import router as calendar_router
from folkmoot.calendar.model import Series
from folkmoot.calendar.store import first_planned
from folkmoot.calendar.store import of_number as planned_by_number
from folkmoot.capabilities import FEATURES
from folkmoot.capabilities.chat.routes import UPLOAD
from folkmoot.capabilities.chat.routes import router as files_router
from folkmoot.capabilities.chat.sharing import Sharing
from folkmoot.config import Config
from folkmoot.engine.native import Pump
from folkmoot.engine.port import Engine
from folkmoot.files import Blobs, Bounds, Files, Folder, pictures
from folkmoot.growth.asking import Asking
from folkmoot.growth.own import Own
from folkmoot.growth.routes import Growing
from folkmoot.growth.routes import router as growth_router
from folkmoot.hooks import Egress, Hooks, Poster, Telling
from folkmoot.hooks import router as hooks_router
from folkmoot.hooks.opening import Opening
from folkmoot.jobs import Jobs
from folkmoot.keyring import ServerSecrets
from folkmoot.kit import Clock, Recurring, SystemRandomness
from folkmoot.kit.network import endpoint
from folkmoot.mail import Post, Smtp, SmtpSettings
from folkmoot.meetings import Meetings, StoredJournal, people, presets_router
from folkmoot.meetings import router as meetings_router
from folkmoot.meetings.media import number_of
from folkmoot.meetings.model import Settings
from folkmoot.meetings.people.policy import configured
from folkmoot.meetings.places import Allowance
from folkmoot.meetings.planned import Visitor
from folkmoot.meetings.tickets import TokenSigner
from folkmoot.noise import Noise
from folkmoot.operating import Finding, Operating, Parts, found
from folkmoot.operating import open_router as open_operating_router
from folkmoot.operating import router as operating_router
from folkmoot.operating.checks import ending
from folkmoot.orgs import Following, Orgs, resolving
from folkmoot.orgs import router as orgs_router
from folkmoot.orgs.belonging import Belonging
from folkmoot.orgs.model import ORG
from folkmoot.orgs.scim import door as scim_door
from folkmoot.outward import Door, Known, Outward, Rounds, Site, asking_router
from folkmoot.outward import operator_router as hosts_router
from folkmoot.outward import router as outward_router
from folkmoot.outward.model import Seen, State
from folkmoot.outward.routes import every_host
from folkmoot.outward.sending import appearing
from folkmoot.protocol.tokens import Keys
from folkmoot.rooms.live import Rooms
from folkmoot.rooms.model import Limits
from folkmoot.rooms.turnstile import Turnstile
from folkmoot.storage import Storage
from folkmoot.usage import Reading
from folkmoot.usage import operator_router as usage_of_all_router
from folkmoot.usage import router as usage_router
from folkmoot.usage import told as how_much_met

FORGET_S = 3600.0
GROWTH_S = 600.0
LARGEST_BODY = 256 * 1024
LARGER = {PICTURE: pictures.LARGEST}


def create_app(
    config: Config,
    own: ServerSecrets,
    storage: Storage,
    bus: Bus,
    engine: Engine,
    clock: Clock,
    checks: Callable[[], Iterable[Finding]] = tuple,
    certified: Callable[[str], datetime | None] = lambda host: None,
) -> FastAPI:
    """`config` carries all its API keys: `keyring.equipped`. `checks`: what the shell's doctor can look at meanwhile. `certified`: until
    when this process itself has a certificate for a name."""
    keys = Keys({key: secret.get_secret_value() for key, secret in config.keys.items()}, clock)
    limits = Limits(rooms=config.rooms.most, participants=config.rooms.most_participants)
    rooms = Rooms(engine, keys, clock, limits=limits)
    rooms.listen(bus.publish)
    journal = StoredJournal(storage, clock)
    meetings = Meetings(
        *(journal, FEATURES, rooms, bus, clock, SystemRandomness(), own.seal.encode(), _settings(config)),
        presets=configured({name: one.model_dump() for name, one in config.presets.items()}),
    )
    rooms.guard, rooms.terms = meetings.may_be_inside, meetings.terms
    jobs = Jobs(storage, clock, SystemRandomness())
    files = Files(storage, blobs_of(config), jobs, clock, SystemRandomness())
    sharing = Sharing(meetings, files, storage.writing, chat_bounds(config))
    accounts = accounts_of(config, own, storage, jobs, files, clock, bus)
    directories = directories_of(config, clock)
    audit = audit_of(config, own, storage, clock)
    dns = [endpoint(one, 53) for one in config.dns.servers]
    orgs = Orgs(accounts, audit, jobs, resolving.resolver(dns), bus)
    following, belonging, brands = Following(orgs), Belonging(orgs), Brands(orgs)
    egress, known = Egress(config.webhooks.allowed_networks), Known()
    opening = Opening(egress, lambda: known.addresses)
    outward = Outward(orgs, site_of(config, own), known, resolving.asking(dns), opening, certified)
    rounds = Rounds(outward)
    calendar = calendar_of(config, own, accounts, meetings.presets, belonging, brands, outward)
    plans = meetings.plans = Coming(calendar)
    leaving, picturing = Leaving(calendar), Picturing(calendar, meetings.has_picture)
    orgs.along.append(partial(bring, calendar))
    abandoned = Recurring("looking for meetings nobody owns", leaving.look, FORGET_S, clock)
    accounts.also_exported["calendar"] = partial(exported_calendar, calendar)
    belonging.then.append(partial(meetings.has_floor, partial(_floor_of, plans, belonging)))
    setup = Setup(None)
    tidying = Recurring("forgetting old sessions", accounts.forget_old, FORGET_S, clock)
    webhooks = roomservice.Webhooks(
        config.webhooks.urls, config.webhooks.key, keys, rooms, clock, SystemRandomness()
    )
    poster = Poster(egress)
    hooks = Hooks(accounts, jobs, egress, poster)
    telling = Telling(hooks, owners_of(storage))
    bus.subscribe(AccountDeleted, telling.gone)
    webhooks.also(lambda hook: telling.heard(hook.room.name, hook.event, hook.body))
    rooms.listen(signalling.trial.apart(webhooks.happened))
    agents = Agents(rooms, keys, clock, SystemRandomness())
    rooms.listen(signalling.trial.apart(agents.happened))
    turnstile = Turnstile()
    rooms.listen(turnstile.happened)
    pump = Pump(engine, rooms.engine_events)
    noise = Noise(engine.stats, clock)
    well = health.Health(clock)
    parts = Parts(
        lambda: _live(rooms) | meetings.counts(), well.ill, lambda: [*checks(), *_of_hosts(outward)], __version__,
        config.http.certificate, not config.certified, config.embed.origins,
    )  # fmt: skip
    operating = Operating(accounts, orgs, files, jobs, audit, parts)
    billing = Billing(orgs, seller=config.billing.seller, provider=payments_by(config, own))
    closing = Closing(billing, partial(say_open, orgs))
    collecting = Collecting(billing, partial(say_declined, orgs))
    hearing = Hearing(billing, collecting)
    Giving(billing)
    usage = Reading(storage, clock, partial(_organisation_of, belonging))
    journal.owns(files, usage)
    limiting = Limiting(billing.known, plans.owner_of, belonging.of, clock)
    meetings.limits_of = partial(_limits_of, limiting, operating)
    accounts.held.holds = partial(_holds, billing, belonging)
    meetings.placing.owner_of = plans.owner_of
    meetings.placing.allowed = partial(_places_of, billing, belonging)
    asking = Asking(config.data)
    own_events = Own(storage, clock, own.seal.encode(), asking, first_planned, how_much_met)
    growing = Growing(asking, own_events.bring, config.origin.partition("//")[2])
    nightly = Recurring("bringing in this server's own events", own_events.nightly(growing), GROWTH_S, clock)
    for part, ailment in {
        "media": pump.ailment,
        "rooms": rooms.ailment,
        "meetings": meetings.ailment,
        "storage": lambda: storage.ailment() or journal.ailment(),
        "jobs": jobs.ailment,
        "files": files.ailment,
        "accounts": tidying.ailment,
        "calendar": abandoned.ailment,
        "organisations": lambda: following.ailment() or belonging.ailment(),
        "billing": lambda: closing.ailment() or collecting.ailment(),
        "usage": usage.ailment,
        "turnstile": turnstile.ailment,
        "webhooks": webhooks.ailment,
        "noise": noise.ailment,
        "operating": operating.ailment,
        "growth": nightly.ailment,
        "own addresses": rounds.ailment,
    }.items():
        well.add(part, ailment)
    # who is told that the server stops is told to come back: mostly it starts again
    bell = Bell(clock)
    farewell = Farewell(
        well.stops, bell.stop, agents.hang_up, rooms.send_away, rooms.close_all, meetings.let_all_go
    )
    registry = metrics.Registry()
    registry.add("folkmoot_engine", engine.stats)
    registry.add("folkmoot", lambda: _live(rooms) | meetings.counts())
    registry.add("folkmoot", lambda: webhooks.counts() | turnstile.counts() | well.counts() | agents.counts())

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        pump.start()
        well.start()
        noise.start()
        try:
            await meetings.start()
            webhooks.start()
            jobs.start()
            await files.start()
            await telling.start()
            await operating.start()
            tidying.start()
            abandoned.start()
            following.start()
            await belonging.start()
            await closing.start()
            collecting.start()
            nightly.start()
            await usage.start()
            await rounds.start()
            setup.token = (await begin_setup(accounts)).token
            yield
        finally:
            await noise.stop()
            await well.stop()
            await meetings.stop()
            await webhooks.stop()
            await tidying.stop()
            await abandoned.stop()
            await leaving.stop()
            await picturing.stop()
            await telling.stop()
            await operating.stop()
            await following.stop()
            await belonging.stop()
            await closing.stop()
            await collecting.stop()
            await nightly.stop()
            await growing.stop()
            await usage.stop()
            await rounds.stop()
            await limiting.settled()
            await files.stop()
            await jobs.stop()
            accounts.passwords.close()
            for directory in directories.values():
                await directory.close()
            pump.stop()
            await poster.close()
            await billing.provider.close()
            await storage.close()

    app = FastAPI(
        title="Folkmoot",
        version=__version__,
        lifespan=life,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
    )
    app.state.farewell = farewell
    app.state.registry = registry
    app.state.setup = setup
    routers = [
        meetings_router(meetings, turnstile.announce, partial(visiting, accounts)),
        presets_router(meetings),
        files_router(meetings, sharing, files),
        accounts_router(accounts, setup),
        providers_router(accounts, directories),
        identities_router(accounts, directories),
        calendar_router(calendar, meetings),
        open_calendar_router(calendar),
        own_calendar_router(calendar, bell),
        keys_router(accounts),
        pictures_router(accounts),
        orgs_router(orgs),
        outward_router(outward, rounds),
        hosts_router(outward),
        asking_router(outward, config.http.trusted_proxies),
        branding_router(brands),
        open_branding_router(brands, partial(_shows, meetings), partial(_whose, storage, belonging)),
        billing_router(billing),
        selling_router(billing),
        selling_paper_router(billing),
        billing_paper_router(billing),
        paying_router(billing),
        hearing_router(hearing),
        wider_router(billing, plans.owner_of, meetings.limits_of, partial(_most_of, operating)),
        running_router(billing, partial(_taken_by, meetings)),
        hooks_router(hooks, telling, orgs),
        operating_router(operating),
        usage_router(orgs),
        usage_of_all_router(orgs),
        open_operating_router(operating),
        growth_router(growing, accounts),
        signalling.trial.router(keys, clock, accounts.randomness),
    ]
    rest.install(app, routers, __version__)
    client = static.WebClient()
    door = Door(
        *(outward.site, known, clock.now, client.paths, config.http.names), certified=config.certified
    )
    app.router.routes += [
        *well.routes(),
        *metrics.routes(registry, public=config.metrics.public),
        *signalling.routes(rooms, keys, clock, turnstile),
        *signalling.workers.routes(agents, keys, clock),
        *signalling.whip.routes(rooms, keys, turnstile),
        *roomservice.routes(rooms, keys, meetings, agents),
        *channel.routes(meetings, turnstile, config.http.origins),
        Mount("/scim", scim_door(orgs)),
        *client.routes(),
    ]
    for layer in (
        rest.Limited(clock).by_key,
        bounded,
        door.guarded,
        signalling.collapse_slashes,
        partial(static.fenced, certified=config.certified, embedders=operating.embed_origins),
        registry.measured,
        farewell.counted,
    ):
        app.add_middleware(layer)
    return app


def _of_hosts(outward: Outward) -> Iterator[Finding]:
    """Own addresses of organisations, as the operator's page tells of them."""
    for one in every_host(outward):
        said = {"host": one.host, "organisation": one.organisation}
        if one.state == State.LEAVING.value:
            yield found("host.leaving", **said)
        elif one.seen != Seen.OK.value:
            yield found(f"host.{one.seen or 'unseen'}", **said)
        elif one.certificate_until is None or one.days_left is None:
            yield found("host.ok", **said)
        else:
            ends = ending(one.days_left)
            said |= {"until": one.certificate_until.date().isoformat(), "days": str(one.days_left)}
            yield found(f"host.{ends}", **said)


async def _organisation_of(belonging: Belonging, connection: AsyncConnection, number: str) -> str:
    """Of a meeting's number."""
    series = await planned_by_number(connection, number)
    return "" if series is None else _org_of(belonging, series)


def _org_of(belonging: Belonging, series: Series) -> str:
    """A meeting's own, or the one that its owner has been in the longest; empty: none."""
    return series.org or next(iter(belonging.of(series.owner)), "")


async def _branded(
    brands: Brands, belonging: Belonging, connection: AsyncConnection, series: Series
) -> Branded | None:
    return await brands.shown(connection, _org_of(belonging, series))


async def _whose(storage: Storage, belonging: Belonging, number: str) -> str:
    async with storage.reading() as connection:
        return await _organisation_of(belonging, connection, number)


async def _shows(meetings: Meetings, number: str, admission: str, token: str) -> bool:
    """A link of that meeting, or the ticket of somebody who proved already that they may come."""
    there = bool(token) and meetings.read_ticket(number, token) is not None
    return there or await meetings.linked(number, admission)


class Farewell:
    """Counts open sockets, says goodbye through them, and waits until they are gone."""

    def __init__(self, *goodbyes: Callable[[], Any]) -> None:
        self._goodbyes = goodbyes
        self._open = 0
        self._none_open = asyncio.Event()
        self._none_open.set()

    def counted(self, app: ASGIApp) -> ASGIApp:
        async def counting(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "websocket":
                await app(scope, receive, send)
                return
            self._open += 1
            self._none_open.clear()
            try:
                await app(scope, receive, send)
            finally:
                self._open -= 1
                if not self._open:
                    self._none_open.set()

        return counting

    async def say(self, within: float = 2.0, most: float = 20.0) -> None:
        """Waits while sockets go on closing: a thousand goodbyes take longer than one. Who doesn't close keeps nobody."""
        for goodbye in self._goodbyes:
            goodbye()
        until = asyncio.get_running_loop().time() + most
        left = self._open + 1
        while self._open < left and asyncio.get_running_loop().time() < until:
            left = self._open
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._none_open.wait(), within)
                return


def bounded(app: ASGIApp) -> ASGIApp:
    """No body of the product's API is larger than it needs to be, whatever its header says."""

    async def bounding(scope: Scope, receive: Receive, send: Send) -> None:
        is_ours = scope["type"] == "http" and scope["path"].startswith(("/api/", "/scim/"))
        if not is_ours or UPLOAD.fullmatch(scope["path"]):
            await app(scope, receive, send)
            return
        seen, most = (
            0,
            LARGEST_LOGO if LOGO.fullmatch(scope["path"]) else LARGER.get(scope["path"], LARGEST_BODY),
        )

        async def counted() -> Any:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > most:
                raise HTTPException(413, "The request is too large.")
            return message

        await app(scope, counted, send)

    return bounding


def accounts_of(
    config: Config,
    own: ServerSecrets,
    storage: Storage,
    jobs: Jobs,
    files: Files,
    clock: Clock,
    bus: Bus | None = None,
) -> Accounts:
    """Also for the shell, whose mails the server sends, and whom nobody hears."""
    said = config.accounts
    settings = AccountSettings(config.origin, SignUp(said.sign_up), said.domains)
    post = _post(config, jobs, clock, files)
    return Accounts(
        storage,
        clock,
        SystemRandomness(),
        Passwords(),
        Sealing(own.seal.encode()),
        post,
        settings,
        files,
        bus=bus or MemoryBus(),
    )


def directories_of(config: Config, clock: Clock) -> dict[str, Directory]:
    """The sign-ins of organisations."""
    made = {}
    for id, said in config.accounts.providers.items():
        secret = said.client_secret.get_secret_value()
        provider = Provider(id, said.name, said.issuer, said.client_id, secret, said.domains)
        made[id] = Directory(provider, clock)
    return made


async def visiting(accounts: Accounts, request: Request) -> Visitor | None:
    """Who comes to a meeting, if they are signed in."""
    account = await perhaps(request, accounts)
    return None if account is None else visitor(account)


def _limits_of(limiting: Limiting, operating: Operating, number: str) -> people.Limits:
    """What the operator chose for all is never exceeded by a plan."""
    plan, most = limiting.of(number), _most_of(operating)
    return people.Limits(narrower(plan.people, most.people), narrower(plan.minutes, most.minutes))


def _most_of(operating: Operating) -> people.Limits:
    return people.Limits(operating.choices.people or None, operating.choices.minutes or None)


def _holds(billing: Billing, belonging: Belonging, owner: str, service: str) -> bool:
    orgs = [owner] if owner.startswith(ORG) else belonging.of(owner)
    return service in billing.known.services(orgs)


def _places_of(billing: Billing, belonging: Belonging, owner: str) -> list[Allowance]:
    return [Allowance(holder, most) for holder, most in billing.known.places(owner, belonging.of(owner))]


async def _taken_by(meetings: Meetings, owner: str) -> Taken:
    placing = meetings.placing
    allowed = [one.most for one in placing.allowed(owner)]
    there = [(n, meetings.title_of(n), await placing.owner_of(n)) for n in await placing.taken(owner)]
    return Taken(max(allowed, default=None), there)


async def _floor_of(plans: Coming, belonging: Belonging, number: str) -> Mapping[str, tuple[str, str]] | None:
    owner = await plans.owner_of(number)
    return None if owner is None else await belonging.floor(owner)


def calendar_of(
    config: Config,
    own: ServerSecrets,
    accounts: Accounts,
    presets: Collection[str],
    belonging: Belonging,
    brands: Brands,
    outward: Outward,
) -> Calendar:
    secret = own.seal.encode()

    def origin_of(series: Series) -> str:
        host = outward.known.link_host(_org_of(belonging, series), outward.clock.now())
        return config.origin if host is None else outward.site.origin_of(host)

    links = Links(secret, config.origin)
    links.origin_of = origin_of
    return Calendar(
        *(accounts.storage, accounts.clock, accounts.randomness, accounts),
        *(links, TokenSigner(secret), accounts.post),
        *(presets, config.meetings.most_people, timedelta(days=config.meetings.keep_days)),
        orgs=belonging.of,
        floors=belonging.floor,
        appearing=lambda series, message: appearing(outward, _org_of(belonging, series)).on(message),
        branded=partial(_branded, brands, belonging),
    )


def site_of(config: Config, own: ServerSecrets) -> Site:
    """What this server is called, and what its mails are from."""
    mail = config.mail
    said = (own.seal.encode(), mail.sender, mail.sender_name, mail.spf, mail.dkim)
    return Site(config.origin, config.http.address != "", *said)


def audit_of(config: Config, own: ServerSecrets, storage: Storage, clock: Clock) -> Audit:
    return Audit(storage, own.seal.encode(), Anchors(config.data), clock)


def operating_of(config: Config, own: ServerSecrets, accounts: Accounts) -> Operating:
    """For the shell, beside a server that may run: its counts are that server's own."""
    storage, clock = accounts.storage, accounts.clock
    audit = audit_of(config, own, storage, clock)
    jobs = Jobs(storage, clock, SystemRandomness())
    files = Files(storage, blobs_of(config), jobs, clock, SystemRandomness())
    parts = Parts(dict, dict, tuple, __version__, embed=config.embed.origins)
    return Operating(accounts, Orgs(accounts, audit, jobs), files, jobs, audit, parts)


def billing_of(config: Config, own: ServerSecrets, storage: Storage, clock: Clock) -> Billing:
    """For the shell, beside a server that may run and reads it within minutes."""
    jobs = Jobs(storage, clock, SystemRandomness())
    files = Files(storage, blobs_of(config), jobs, clock, SystemRandomness())
    accounts = accounts_of(config, own, storage, jobs, files, clock)
    orgs = Orgs(accounts, audit_of(config, own, storage, clock), jobs)
    return Billing(orgs, seller=config.billing.seller, provider=payments_by(config, own))


def outward_of(config: Config, own: ServerSecrets, storage: Storage, clock: Clock) -> Outward:
    """For the shell, beside a server that may run and reads it within a minute."""
    orgs = billing_of(config, own, storage, clock).orgs
    dns = resolving.asking([endpoint(one, 53) for one in config.dns.servers])
    known = Known()
    opening = Opening(Egress(config.webhooks.allowed_networks), lambda: known.addresses)
    return Outward(orgs, site_of(config, own), known, dns, opening)


def payments_by(config: Config, own: ServerSecrets) -> PaymentProvider:
    if config.billing.provider == "manual":
        return ByHand()
    # who is paid by hand never loads what speaks to Stripe
    from folkmoot.billing.by_stripe.asking import ByStripe, StripeSettings

    said = config.billing.stripe
    secrets = [one.get_secret_value() for one in said.webhook_secrets]
    return ByStripe(StripeSettings(said.key.get_secret_value(), secrets, payments_site(own), said.address))


def payments_site(own: ServerSecrets) -> str:
    """What a provider's payments of this server are marked with: others may use the same account."""
    return hmac.new(own.seal.encode(), b"payments", hashlib.sha256).hexdigest()[:24]


def owners_of(storage: Storage) -> Callable[[str], Awaitable[list[str]]]:
    """Whose the meeting in a room is: an account, and the organisation that it belongs to. One that nobody planned or began signed in is nobody's."""

    async def owners(room: str) -> list[str]:
        number = number_of(room)
        if number is None:
            return []
        async with storage.reading() as connection:
            series = await planned_by_number(connection, number)
        return [] if series is None else [one for one in (series.owner, series.org) if one is not None]

    return owners


def blobs_of(config: Config) -> Blobs:
    said = config.files
    if not said.bucket:
        return Folder(config.data / "files", said.keep_free_mb * 1024 * 1024)
    from folkmoot.files.s3 import S3, S3Settings  # who keeps files in a folder needn't load what speaks S3

    secret = said.secret.get_secret_value()
    return S3(S3Settings(said.bucket, said.endpoint, said.region, said.access_key, secret, said.prefix))


def chat_bounds(config: Config) -> Bounds:
    said, mb = config.files, 1024 * 1024
    return Bounds(said.chat_most_mb * mb, said.chat_meeting_mb * mb, said.chat_person_mb * mb)


def _post(config: Config, jobs: Jobs, clock: Clock, files: Files) -> Post | None:
    said = config.mail
    if not said.host:
        return None
    password = said.password.get_secret_value()
    smtp = Smtp(SmtpSettings(said.host, said.port, said.security, said.user, password))
    return Post(
        jobs, smtp.send, said.sender, said.sender_name, clock, SystemRandomness(), partial(logo_of, files)
    )


def _settings(config: Config) -> Settings:
    said = config.meetings
    return Settings(
        most_people=said.most_people,
        most_running=said.most_running,
        empty_life=timedelta(minutes=said.empty_minutes),
        retention=timedelta(days=said.keep_days),
    )


def _live(rooms: Rooms) -> dict[str, float]:
    live = [room for room in rooms.all() if not signalling.trial.is_trial(room.name)]
    participants = sum(len(list(room)) for room in live)
    return {"rooms": len(live), "participants": participants, "media_died": rooms.engine_died}
