"""`folkmoot admin`: accounts, from the shell of the machine. The server may run."""

from __future__ import annotations

import asyncio
import getpass
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

import typer

from folkmoot import keyring
from folkmoot.accounts import Account, Accounts, administering
from folkmoot.accounts.signing_up import Wanted
from folkmoot.app import accounts_of
from folkmoot.cli.data import database_of, must_be_there
from folkmoot.cli.settings import ConfigFile, Data, configured
from folkmoot.config import Config, ConfigError
from folkmoot.jobs import Jobs
from folkmoot.kit import Refusal, SystemClock, SystemRandomness
from folkmoot.kit.refusals import CATALOGUE
from folkmoot.storage import Storage

T = TypeVar("T")
SHELL = "the shell"

admin = typer.Typer(no_args_is_help=True, help="Accounts: list, create, suspend, reset, make operator.")

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
    for account in _with(data, config, lambda at: administering.find(at, like)):
        typer.echo(_line(account))


@admin.command()
def create(
    address: Address, name: Name, operator: Operator = False, data: Data = None, config: ConfigFile = None
) -> None:
    """Make an account. The password is asked for, and not shown."""
    password = getpass.getpass("Password: ")
    wanted = Wanted(name, address, password)
    made = _with(data, config, lambda at: administering.create(at, wanted, SHELL, operator=operator))
    typer.echo(_line(_or_say(made).account))


@admin.command()
def suspend(address: Address, revoke: Revoke = False, data: Data = None, config: ConfigFile = None) -> None:
    """Sign somebody out everywhere, and don't let them in."""
    _to(address, data, config, lambda at, who: administering.suspend(at, who.id, suspended=not revoke))


@admin.command()
def operator(address: Address, revoke: Revoke = False, data: Data = None, config: ConfigFile = None) -> None:
    """Make somebody an operator."""
    _to(address, data, config, lambda at, who: administering.appoint(at, who.id, operator=not revoke))


@admin.command()
def reset(address: Address, data: Data = None, config: ConfigFile = None) -> None:
    """A link with which somebody chooses a new password, good once, for an hour."""
    typer.echo(_to(address, data, config, lambda at, who: administering.reset(at, who.id)))


def _to(
    address: str, data: Data, config: ConfigFile, do: Callable[[Accounts, Account], Awaitable[T | Refusal]]
) -> T:
    async def done(at: Accounts) -> T | Refusal:
        wanted = address.strip().lower()
        found = [one for one in await administering.find(at, wanted) if _has(one, wanted)]
        return await do(at, found[0]) if len(found) == 1 else Refusal("account.unknown")

    return _or_say(_with(data, config, done))


def _has(account: Account, address: str) -> bool:
    return account.id == address or address in [one.address for one in account.addresses]


def _with(data: Data, config: ConfigFile, do: Callable[[Accounts], Awaitable[T]]) -> T:
    settings = configured(config, data=data)
    must_be_there(settings)
    return asyncio.run(_done(settings, do))


async def _done(settings: Config, do: Callable[[Accounts], Awaitable[T]]) -> T:
    storage, clock = Storage(database_of(settings)), SystemClock()
    own = keyring.server_secrets(settings.data)
    at = accounts_of(settings, own, storage, Jobs(storage, clock, SystemRandomness()), clock)
    try:
        return await do(at)
    finally:
        at.passwords.close()
        await storage.close()


def _or_say(outcome: T | Refusal) -> T:
    if isinstance(outcome, Refusal):
        raise ConfigError(outcome.code, CATALOGUE[outcome.code].sentence)
    return outcome


def _line(account: Account) -> str:
    addresses = ", ".join(one.address + ("" if one.proven else " (not proven)") for one in account.addresses)
    marks = [account.state.value] + (["operator"] if account.operator else [])
    return f"{account.id}  {account.name}  {addresses}  {', '.join(marks)}"
