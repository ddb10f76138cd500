"""`folkmoot billing`: plans from a file, taxes, quotes, money that came and went, usage, and the books as events. The server may run.

Law: what is done here is noted as what is done by a page, by `the shell`. A file of plans is taken whole or not at all.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import fields
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, BinaryIO, NoReturn, TypeVar

import typer
from pydantic import TypeAdapter, ValidationError
from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot import keyring
from folkmoot.app import billing_of
from folkmoot.billing import Billing, paying, selling
from folkmoot.billing.beancount import as_beancount
from folkmoot.billing.exporting import exported
from folkmoot.billing.giving_back import give_back
from folkmoot.billing.money import Money, read
from folkmoot.billing.owning import say_plans, say_rate
from folkmoot.billing.paying import LONGEST_ID, correct, pay
from folkmoot.billing.plans import Limits, Period, Plan, PlanId, as_said
from folkmoot.billing.selling import allow_reverse_charge, every_rate, offer
from folkmoot.billing.tax import TaxRate
from folkmoot.billing.terms import Quote, Terms
from folkmoot.cli.data import database_at_hand
from folkmoot.cli.settings import ConfigFile, Data, configured
from folkmoot.config import Config
from folkmoot.kit import Refusal, SystemClock
from folkmoot.kit.refusals import CATALOGUE
from folkmoot.orgs import OrgId
from folkmoot.storage import Storage
from folkmoot.usage.summing import each_of
from folkmoot.usage.tabulating import of_organisations

T = TypeVar("T")
SHELL = "the shell"
DAY = "%Y-%m-%d"
REFUSED = 1


class Through(StrEnum):
    BANK = "bank"
    PROVIDER = "provider"


class Books(StrEnum):
    EVENTS = "events"
    BEANCOUNT = "beancount"


billing = typer.Typer(no_args_is_help=True, help="Plans, payments, usage, and the books as events.")


@billing.command()
def plans(
    file: Annotated[Path, typer.Argument(help="JSON: a list of plans.", exists=True, dir_okay=False)],
    data: Data = None,
    config: ConfigFile = None,
) -> None:
    """Offer the plans of a file. Those that it doesn't name stay as they are."""
    try:
        said = TypeAdapter(list[Plan]).validate_json(file.read_bytes())
    except ValidationError as error:
        first = error.errors()[0]
        _say(f"{'.'.join(map(str, first['loc']))}: {first['msg']}.")
    named = json.loads(file.read_bytes())
    if stranger := next(_strangers(named), None):
        _say(f"{stranger}: there is no such field.")
    meant = [as_said(plan, one) for plan, one in zip(said, named, strict=True)]
    _or_say(_with(data, config, lambda at: say_plans(at, SHELL, meant)))
    typer.echo(f"{len(said)} plans.")


@billing.command()
def paid(
    number: Annotated[str, typer.Argument(help="The invoice's.")],
    amount: Annotated[str, typer.Argument(help="Such as 288.00.")],
    currency: Annotated[str, typer.Argument(help="Such as EUR.")],
    id: Annotated[str, typer.Option("--id", help="The bank's: told twice, it is booked once.")],
    data: Data = None,
    config: ConfigFile = None,
) -> None:
    """Note that money came for an invoice."""
    came = _money(amount, currency)
    _or_say(_with(data, config, lambda at: pay(at, SHELL, f"bank:{id}", number, came)))


@billing.command()
def rate(
    country: Annotated[str, typer.Argument(help="Two letters, such as DE.")],
    percent: Annotated[str, typer.Argument(help="Such as 19 or 5.5.")],
    since: Annotated[datetime, typer.Argument(help="Its first day.", formats=[DAY])],
    name: Annotated[str, typer.Option(help="As invoices call it.")] = "VAT",
    data: Data = None,
    config: ConfigFile = None,
) -> None:
    """Take a tax of customers of a country, from a day on."""
    hundredths = read(percent, "EUR")
    if hundredths is None:
        _say(f"{percent} is no percentage of at most two decimals.")
    said = TaxRate(country, since.date(), hundredths, name)
    _or_say(_with(data, config, lambda at: say_rate(at, SHELL, said)))


@billing.command()
def rates(data: Data = None, config: ConfigFile = None) -> None:
    """List taxes: country, first day, percent, name."""
    for one in _with(data, config, every_rate):
        typer.echo(f"{one.country} {one.since} {one.rate // 100}.{one.rate % 100:02} {one.name}")


@billing.command()
def quote(
    org: Annotated[str, typer.Argument(help="The organisation's id.")],
    plan: Annotated[str, typer.Argument()],
    seats: Annotated[int, typer.Argument()],
    seat: Annotated[str, typer.Argument(help="What a seat costs for a period, such as 7.00.")],
    currency: Annotated[str, typer.Argument(help="Such as EUR.")],
    starts: Annotated[datetime, typer.Option(help="Its first day.", formats=[DAY])],
    open_until: Annotated[datetime, typer.Option(help="The last day to accept it.", formats=[DAY])],
    id: Annotated[str, typer.Option("--id", help="Said twice, it is one quote.")],
    months: Annotated[int, typer.Option(help="How long the contract is.")] = 12,
    period: Annotated[Period, typer.Option(help="What is paid at a time.")] = Period.YEAR,
    data: Data = None,
    config: ConfigFile = None,
) -> None:
    """Offer an organisation a contract. An owner of it accepts."""
    terms = Terms(PlanId(plan), seats, _money(seat, currency), period, own_price=True)
    offered = Quote(id, terms, starts.date(), months, open_until.date())
    _right(_with(data, config, lambda at: offer(at, SHELL, OrgId(org), offered)))


@billing.command()
def withdraw(
    org: Annotated[str, typer.Argument(help="The organisation's id.")],
    id: Annotated[str, typer.Argument(help="The quote's.")],
    data: Data = None,
    config: ConfigFile = None,
) -> None:
    """Take a quote back; also one that was accepted and hasn't begun."""
    _right(_with(data, config, lambda at: selling.withdraw(at, SHELL, OrgId(org), id)))


@billing.command()
def refund(
    org: Annotated[str, typer.Argument(help="The organisation's id.")],
    amount: Annotated[str, typer.Argument(help="Such as 288.00.")],
    currency: Annotated[str, typer.Argument(help="Such as EUR.")],
    id: Annotated[str, typer.Option("--id", help="The bank's: told twice, it is booked once.")],
    through: Annotated[
        Through, typer.Option(help="Sent by bank, and noted; or to be sent by the provider.")
    ] = Through.BANK,
    data: Data = None,
    config: ConfigFile = None,
) -> None:
    """Note that money was sent back, of what a customer has with you, or have the provider send it."""
    sent = _money(amount, currency)
    refunds = paying.refund if through is Through.BANK else give_back
    _or_say(_with(data, config, lambda at: refunds(at, SHELL, id, OrgId(org), sent)))


@billing.command()
def credit_note(
    number: Annotated[str, typer.Argument(help="The invoice's.")],
    amount: Annotated[str, typer.Argument(help="So much less, before tax.")],
    currency: Annotated[str, typer.Argument(help="Such as EUR.")],
    note: Annotated[str, typer.Option(help="Why, for the customer.")] = "",
    id: Annotated[str, typer.Option("--id", help="Yours: asked for twice, it is written once.")] = "",
    data: Data = None,
    config: ConfigFile = None,
) -> None:
    """Correct an invoice. Writes the credit note's number."""
    less = _money(amount, currency)
    if len(id) > LONGEST_ID:
        _say(f"An id has at most {LONGEST_ID} characters.")
    made = _right(
        _with(data, config, lambda at: correct(at, SHELL, number, less.amount, note, currency, id=id))
    )
    typer.echo(made.number)


@billing.command()
def reverse_charge(
    org: Annotated[str, typer.Argument(help="The organisation's id.")],
    allowed: Annotated[bool, typer.Option("--allowed/--not-allowed")] = True,
    data: Data = None,
    config: ConfigFile = None,
) -> None:
    """Let a customer account for the tax themselves, from the next invoice on."""
    _or_say(_with(data, config, lambda at: allow_reverse_charge(at, SHELL, OrgId(org), allowed=allowed)))


@billing.command()
def export(
    format: Annotated[
        Books, typer.Option(help="Events, one JSON object a line; or a beancount file.")
    ] = Books.EVENTS,
    data: Data = None,
    config: ConfigFile = None,
) -> None:
    """Write the books to standard output."""
    said = as_beancount if format is Books.BEANCOUNT else exported
    _with(data, config, lambda at: _written(at, said, sys.stdout.buffer))


@billing.command()
def usage(
    month: Annotated[str, typer.Argument(help="Such as 2026-11; without it, the one it is now.")] = "",
    data: Data = None,
    config: ConfigFile = None,
) -> None:
    """Write what each organisation met in a month, as a table."""
    try:
        wanted = date.fromisoformat(f"{month}-01") if month else None
    except ValueError:
        _say(f"{month} is no month.")
    typer.echo(_with(data, config, lambda at: _met(at, wanted or at.today.replace(day=1))), nl=False)


async def _met(at: Billing, first: date) -> str:
    async with at.storage.reading() as connection:
        return of_organisations(await each_of(connection, first))


async def _written(
    at: Billing, said: Callable[[AsyncConnection], AsyncIterator[bytes]], out: BinaryIO
) -> None:
    async with at.storage.reading() as connection:
        async for line in said(connection):
            out.write(line)
    out.flush()


def _with(data: Data, config: ConfigFile, do: Callable[[Billing], Awaitable[T]]) -> T:
    settings = configured(config, data=data)
    return asyncio.run(_done(settings, database_at_hand(settings), do))


async def _done(settings: Config, url: str, do: Callable[[Billing], Awaitable[T]]) -> T:
    storage = Storage(url)
    at = billing_of(settings, keyring.server_secrets(settings.data), storage, SystemClock())
    try:
        return await do(at)
    finally:
        at.orgs.accounts.passwords.close()
        await storage.close()


def _money(amount: str, currency: str) -> Money:
    units = read(amount, currency)
    if units is None:
        _say(f"{amount} {currency} is no amount.")
    return Money(units, currency)


def _right(outcome: T | Refusal) -> T:
    if isinstance(outcome, Refusal):
        _say(CATALOGUE[outcome.code].sentence)
    return outcome


def _or_say(outcome: Refusal | None) -> None:
    if outcome is not None:
        _say(CATALOGUE[outcome.code].sentence)


def _say(why: str) -> NoReturn:
    typer.echo(why, err=True)
    sys.exit(REFUSED)


def _strangers(said: list[dict[str, Any]]) -> Iterator[str]:
    """A limit with a slip in its name would limit nothing, and what can't be sold would look as if it were."""
    for place, plan in enumerate(said):
        yield from (f"{place}.{name}" for name in plan.keys() - _names(Plan))
        yield from (f"{place}.limits.{name}" for name in plan.get("limits", {}).keys() - _names(Limits))


def _names(kind: type[Plan | Limits]) -> set[str]:
    return {field.name for field in fields(kind)}
