"""`folkmoot own`: addresses of organisations' own, and who their mails are from. The server may run, and knows within a minute.

Law: what is done here is noted as what an owner does, by `the shell`, and by the same rules.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

import typer

from folkmoot import keyring
from folkmoot.app import outward_of
from folkmoot.cli.admin import SHELL, listing, or_say
from folkmoot.cli.data import database_at_hand
from folkmoot.cli.settings import ConfigFile, Data, configured
from folkmoot.kit import Refusal, SystemClock
from folkmoot.orgs import OrgId
from folkmoot.outward import Outward, hosting, naming, sending, store
from folkmoot.outward.model import Host, Sender
from folkmoot.storage import Storage

T = TypeVar("T")

own = typer.Typer(no_args_is_help=True, help="Addresses of organisations' own, and who their mails are from.")

Org = Annotated[str, typer.Argument(help="The organisation's id: folkmoot admin organisations lists them.")]
Name = Annotated[str, typer.Argument(help="Such as meet.school.example.")]


@own.command()
def hosts(data: Data = None, config: ConfigFile = None) -> None:
    """List addresses of organisations' own."""

    async def listed(at: Outward) -> list[str]:
        async with at.orgs.storage.reading() as connection:
            found = await store.every_host(connection)
            names = await store.names_of(connection, {one.org for one in found})
        return [f"{_line(at, one)}  {names.get(one.org, '')} ({one.org})" for one in found]

    listing(_with(data, config, listed), "None.")


@own.command()
def add(org: Org, host: Name, data: Data = None, config: ConfigFile = None) -> None:
    """An organisation's meetings have an address of its own, within a domain that it has proven."""

    async def added(at: Outward) -> Host | Refusal:
        if naming.is_apex(host):
            at.known.addresses = await hosting.addresses(at) or ()
        async with at.orgs.audit.acting() as act:
            made = await hosting.allow(at, act, SHELL, OrgId(org), host)
        for record in [] if isinstance(made, Refusal) else hosting.records(at, made.host):
            typer.echo(f"{record.name}  {record.type}  {record.value}")
        return made

    or_say(_with(data, config, added))


@own.command()
def check(host: Name, data: Data = None, config: ConfigFile = None) -> None:
    """Open an address, look into the DNS, and say what is in the way."""

    async def looked(at: Outward) -> str | Refusal:
        async with at.orgs.storage.reading() as connection:
            if await store.host(connection, host) is None:
                return hosting.UNKNOWN
        at.known.addresses = await hosting.addresses(at) or ()
        found = await hosting.look(at, host)
        return hosting.UNKNOWN if found is None else _line(at, found)

    typer.echo(or_say(_with(data, config, looked)))


@own.command()
def remove(host: Name, data: Data = None, config: ConfigFile = None) -> None:
    """An address is no more; whoever comes by it is sent on for ninety days."""

    async def removed(at: Outward) -> Refusal | None:
        async with at.orgs.audit.acting() as act:
            there = await store.host(act.connection, host)
            return (
                hosting.UNKNOWN if there is None else await hosting.take_out(at, act, SHELL, there.org, host)
            )

    or_say(_with(data, config, removed))


@own.command()
def sender(
    org: Org,
    name: Annotated[str | None, typer.Option("--name", help="What mails are from; empty: its own.")] = None,
    reply_to: Annotated[str, typer.Option("--reply-to", help="Who is answered.")] = "",
    address: Annotated[str, typer.Option("--from", help="An address of a domain that it has proven.")] = "",
    nothing: Annotated[bool, typer.Option("--none", help="This server's alone again.")] = False,
    data: Data = None,
    config: ConfigFile = None,
) -> None:
    """Who an organisation's mails are from: shown; with options, chosen."""

    async def chosen(at: Outward) -> Sender | Refusal | None:
        id = OrgId(org)
        if nothing or name is not None or reply_to or address:
            async with at.orgs.audit.acting() as act:
                if nothing:
                    return await sending.drop(act, SHELL, id)
                made = await sending.allow(at, act, SHELL, id, name or "", reply_to, address)
            if isinstance(made, Refusal):
                return made
        return await sending.look(at, id) or sending.NONE

    said = or_say(_with(data, config, chosen))
    if said is not None:
        of_its_own = said.address is not None and said.good_at is not None
        typer.echo(f"{said.name} <{said.address}>" if of_its_own else f"{said.name} via this server")
        typer.echo(" ".join(said.seen) or "the DNS wasn't asked", err=True)


def _line(at: Outward, one: Host) -> str:
    until = one.certificate_until
    ends = f"  certificate until {until:%Y-%m-%d}" if until else ""
    return f"{one.host}  {one.state(at.clock.now()).value}  {one.seen.value if one.seen else 'not looked at'}{ends}"


def _with(data: Data, config: ConfigFile, do: Callable[[Outward], Awaitable[T]]) -> T:
    settings = configured(config, data=data)

    async def done(url: str) -> T:
        storage = Storage(url)
        at = outward_of(settings, keyring.server_secrets(settings.data), storage, SystemClock())
        try:
            return await do(at)
        finally:
            at.orgs.accounts.passwords.close()
            await storage.close()

    return asyncio.run(done(database_at_hand(settings)))
