"""`folkmoot admin`: what the operator's page does, from the shell of the machine. The server may run.

Law: what is done here is noted as what is done there, by `the shell`.
"""

from __future__ import annotations

import asyncio
import getpass
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Annotated, TypeVar

import typer

from folkmoot import keyring
from folkmoot.accounts import Account, Accounts, SignUp, administering
from folkmoot.accounts.signing_up import Wanted
from folkmoot.app import accounts_of, blobs_of, operating_of
from folkmoot.cli.data import database_at_hand
from folkmoot.cli.now import now
from folkmoot.cli.settings import ConfigFile, Data, configured
from folkmoot.cli.sizes import in_words
from folkmoot.config import Config, ConfigError
from folkmoot.files import Files
from folkmoot.jobs import Jobs
from folkmoot.kit import Refusal, SystemClock, SystemRandomness
from folkmoot.kit.refusals import CATALOGUE
from folkmoot.operating import Operating, Page
from folkmoot.operating.announcing import Announcement
from folkmoot.operating.choosing import Choices
from folkmoot.storage import Storage
from folkmoot.storage.searching import Place

T = TypeVar("T")
SHELL = "the shell"

admin = typer.Typer(
    no_args_is_help=True, help="Accounts, and all that an operator decides: the page, in the shell."
)

admin.command()(now)

Address = Annotated[str, typer.Argument(help="A mail address of the account.")]
Name = Annotated[str, typer.Option("--name", help="What others see.", prompt="Name")]
Operator = Annotated[bool, typer.Option("--operator", help="May govern this server.")]
Revoke = Annotated[bool, typer.Option("--revoke", help="Take it back.")]


@admin.command("list")
def listed(
    like: Annotated[str, typer.Argument(help="A part of a name or address.")] = "",
    data: Data = None,
    config: ConfigFile = None,
) -> None:
    """List accounts."""
    found = _governed(data, config, lambda at: _all(partial(at.people, like)))
    listing([_line(account) for account in found], "Nobody.")


@admin.command()
def create(
    address: Address, name: Name, operator: Operator = False, data: Data = None, config: ConfigFile = None
) -> None:
    """Make an account. The password is asked for, and not shown."""
    password = getpass.getpass("Password: ")
    wanted = Wanted(name, address, password)
    made = _governed(data, config, lambda at: at.create(SHELL, wanted, operator=operator))
    typer.echo(_line(or_say(made)))


@admin.command()
def suspend(address: Address, revoke: Revoke = False, data: Data = None, config: ConfigFile = None) -> None:
    """Sign somebody out everywhere, and don't let them in."""
    _to(address, data, config, lambda at, who: at.suspend(SHELL, who.id, suspended=not revoke))


@admin.command()
def operator(address: Address, revoke: Revoke = False, data: Data = None, config: ConfigFile = None) -> None:
    """Make somebody an operator."""
    _to(address, data, config, lambda at, who: at.appoint(SHELL, who.id, operator=not revoke))


@admin.command()
def reset(address: Address, data: Data = None, config: ConfigFile = None) -> None:
    """A link with which somebody chooses a new password, good once, for an hour."""
    typer.echo(_to(address, data, config, lambda at, who: at.reset(SHELL, who.id)))


@admin.command()
def key(
    address: Address,
    name: Annotated[str, typer.Option("--name", help="What will use it.")],
    scope: Annotated[list[str], typer.Option("--scope", help="What it may do; several times.")],
    days: Annotated[float | None, typer.Option("--days", help="It is good so long.")] = None,
    data: Data = None,
    config: ConfigFile = None,
) -> None:
    """An API key for an account's programs. It is printed this once."""
    typer.echo(_to(address, data, config, lambda at, who: at.make_key(SHELL, who.id, name, scope, days)))


@admin.command()
def signup(
    mode: Annotated[SignUp | None, typer.Argument(help="Who may make an account.")] = None,
    domain: Annotated[list[str] | None, typer.Option("--domain", help="With `domain`: whose addresses may; several times.")] = None,
    data: Data = None,
    config: ConfigFile = None,
) -> None:  # fmt: skip
    """Say, or choose, who may make an account. A server that runs knows within ten seconds."""
    chosen = Choices(mode, tuple(domain) if domain else None)
    if mode is not None or domain:
        or_say(_governed(data, config, lambda at: at.choose(SHELL, chosen)))
    typer.echo(_governed(data, config, _sign_up))


@admin.command()
def embed(
    origin: Annotated[list[str] | None, typer.Argument(help="Such as https://www.school.example.")] = None,
    nobody: Annotated[bool, typer.Option("--nobody", help="No page may.")] = False,
    data: Data = None,
    config: ConfigFile = None,
) -> None:
    """Say, or choose, whose pages may show a meeting in a frame. A server that runs knows within ten seconds."""
    if origin or nobody:
        or_say(_governed(data, config, lambda at: at.choose(SHELL, Choices(embed=tuple(origin or ())))))
    listing(_governed(data, config, _embedders), "Nobody's.")


@admin.command()
def limits(
    people: Annotated[int | None, typer.Option("--people", help="That a meeting holds. 0: no limit.")] = None,
    minutes: Annotated[int | None, typer.Option("--minutes", help="That a meeting lasts. 0: no limit.")] = None,
    data: Data = None,
    config: ConfigFile = None,
) -> None:  # fmt: skip
    """Say, or choose, what a meeting is limited to. Who is in one that runs is told ten minutes before its end."""
    if people is not None or minutes is not None:
        chosen = Choices(people=people, minutes=minutes)
        or_say(_governed(data, config, lambda at: at.choose(SHELL, chosen)))
    for name, most in _governed(data, config, _limits).items():
        typer.echo(f"{name}  {most or 'no limit'}")


@admin.command()
def announce(
    en: Annotated[str, typer.Option("--en", help="The sentence in English.")] = "",
    zh: Annotated[str, typer.Option("--zh", help="And in Chinese; one of the two stands for both.")] = "",
    hours: Annotated[float, typer.Option("--hours", help="It is shown so long.")] = 24.0,
    data: Data = None,
    config: ConfigFile = None,
) -> None:
    """Show a sentence to everybody. A server that runs knows within ten seconds."""
    until = datetime.now(UTC) + timedelta(hours=hours)
    made = or_say(_governed(data, config, lambda at: at.announce(SHELL, en, zh, None, until)))
    typer.echo(made.id)


@admin.command()
def announcements(data: Data = None, config: ConfigFile = None) -> None:
    """List them."""
    found = _governed(data, config, _announcements)
    lines = [f"{one.id}  until {one.ends:%Y-%m-%d %H:%M} UTC  {one.en}  {one.zh}" for one in found]
    listing(lines, "Nothing is announced.")


@admin.command()
def unannounce(id: str, data: Data = None, config: ConfigFile = None) -> None:
    """Show it no more."""
    or_say(_governed(data, config, lambda at: at.unannounce(SHELL, id)))


@admin.command("storage")
def storage_(data: Data = None, config: ConfigFile = None) -> None:
    """What files take, what is left, and the work that was given up."""
    found = _governed(data, config, lambda at: at.storing())
    for kind, (count, size) in found.files.items():
        typer.echo(f"{kind}  {count} {'file' if count == 1 else 'files'}  {in_words(size)}")
    typer.echo(f"free  {'nobody can say' if found.free is None else in_words(found.free)}")
    for work, why, since, tries in found.given_up:
        typer.echo(f"given up: {work}, since {since:%Y-%m-%d %H:%M} UTC, tried {tries} times: {why}")


@admin.command()
def organisations(
    like: Annotated[
        str, typer.Argument(help="A part of the name, of an own address or of a proven domain.")
    ] = "",
    data: Data = None,
    config: ConfigFile = None,
) -> None:
    """List organisations."""
    found = _governed(data, config, lambda at: _all(partial(at.organisations, like)))
    lines = [
        "  ".join(
            [
                one.org.id,
                one.org.name,
                f"{one.people} {'person' if one.people == 1 else 'people'}",
                *(host.host for host in one.hosts),
            ]
        )
        for one in found
    ]
    listing(lines, "None.")


@admin.command("mail-test")
def mail_test(address: Address, data: Data = None, config: ConfigFile = None) -> None:
    """Put a mail on its way to an operator's own address. The server that runs sends it."""
    typer.echo(or_say(_governed(data, config, lambda at: _tried(at, address))))


@admin.command("notes")
def notes(data: Data = None, config: ConfigFile = None) -> None:
    """What operators did, the newest first. `folkmoot audit verify` proves that all of it is there."""
    for one in _governed(data, config, lambda at: at.noted(None)):
        typer.echo(f"{one.at:%Y-%m-%d %H:%M} UTC  {one.actor}  {one.what}  {one.subject}")


async def _sign_up(at: Operating) -> str:
    return " ".join([at.accounts.sign_up.value, *at.accounts.domains])


async def _limits(at: Operating) -> dict[str, int]:
    return {"people": at.choices.people or 0, "minutes": at.choices.minutes or 0}


async def _embedders(at: Operating) -> tuple[str, ...]:
    return at.embed_origins()


async def _announcements(at: Operating) -> list[Announcement]:
    return at.every_announcement()


async def _tried(at: Operating, address: str) -> str | Refusal:
    who = await administering.named(at.accounts, address.strip())
    return who if isinstance(who, Refusal) else await at.try_mail(who)


async def _all(listed: Callable[[Place | None], Awaitable[Page[T]]]) -> list[T]:
    page = await listed(None)
    found = [*page.found]
    while page.next is not None:
        page = await listed(page.next)
        found += page.found
    return found


def _governed(data: Data, config: ConfigFile, do: Callable[[Operating], Awaitable[T]]) -> T:
    settings = configured(config, data=data)

    async def done(at: Accounts) -> T:
        operating = operating_of(settings, keyring.server_secrets(settings.data), at)
        await operating.refresh()
        return await do(operating)

    return with_accounts(data, config, done)


def _to(
    address: str, data: Data, config: ConfigFile, do: Callable[[Operating, Account], Awaitable[T | Refusal]]
) -> T:
    async def done(at: Operating) -> T | Refusal:
        who = await administering.named(at.accounts, address.strip())
        return who if isinstance(who, Refusal) else await do(at, who)

    return or_say(_governed(data, config, done))


def with_accounts(data: Data, config: ConfigFile, do: Callable[[Accounts], Awaitable[T]]) -> T:
    settings = configured(config, data=data)
    return asyncio.run(_done(settings, database_at_hand(settings), do))


async def _done(settings: Config, url: str, do: Callable[[Accounts], Awaitable[T]]) -> T:
    storage, clock = Storage(url), SystemClock()
    own = keyring.server_secrets(settings.data)
    jobs = Jobs(storage, clock, SystemRandomness())
    files = Files(storage, blobs_of(settings), jobs, clock, SystemRandomness())
    at = accounts_of(settings, own, storage, jobs, files, clock)
    try:
        return await do(at)
    finally:
        at.passwords.close()
        await storage.close()


def listing(lines: Sequence[str], nothing: str) -> None:
    """Where there is nothing it is said to who reads, and not to a program that counts lines."""
    for line in lines:
        typer.echo(line)
    if not lines:
        typer.echo(nothing, err=True)


def or_say(outcome: T | Refusal) -> T:
    if isinstance(outcome, Refusal):
        raise ConfigError(outcome.code, CATALOGUE[outcome.code].sentence)
    return outcome


def _line(account: Account) -> str:
    addresses = ", ".join(one.address + ("" if one.proven else " (not proven)") for one in account.addresses)
    marks = [account.state.value] + (["operator"] if account.operator else [])
    return f"{account.id}  {account.name}  {addresses}  {', '.join(marks)}"
