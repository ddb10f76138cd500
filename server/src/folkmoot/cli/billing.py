"""`folkmoot billing`: taxes, quotes, money that came and went, usage, and the books as events. The server may run. Plans: `plans.py`.

Law: what is done here is noted as what is done by a page, by `the shell`.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, BinaryIO, NoReturn, TypeVar

import typer
from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot import keyring
from folkmoot.app import billing_of
from folkmoot.billing import Billing, paying, selling
from folkmoot.billing.beancount import as_beancount
from folkmoot.billing.exporting import exported
from folkmoot.billing.giving_back import give_back
from folkmoot.billing.money import Money, read
from folkmoot.billing.owning import say_rate
from folkmoot.billing.paying import LONGEST_ID, correct, pay
from folkmoot.billing.plans import Period, PlanId
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
def paid(
    number: Annotated[str, typer.Argument(help="The invoice's.")],
    amount: Annotated[str, typer.Argument(help="Such as 288.00.")],
    currency: Annotated[str, typer.Argument(help="Such as EUR.")],
    id: Annotated[str, typer.Option("--id", help="The bank's: told twice, it is booked once.")],
    data: Data = None,
    config: ConfigFile = None,
) -> None:
    """Note that money came for an invoice."""
    came = money_of(amount, currency)
    or_say(with_billing(data, config, lambda at: pay(at, SHELL, f"bank:{id}", number, came)), currency)


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
        say(f"{percent} is no percentage of at most two decimals.")
    said = TaxRate(country, since.date(), hundredths, name)
    or_say(with_billing(data, config, lambda at: say_rate(at, SHELL, said)))


@billing.command()
def rates(data: Data = None, config: ConfigFile = None) -> None:
    """List taxes: country, first day, percent, name."""
    for one in with_billing(data, config, every_rate):
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
    terms = Terms(PlanId(plan), seats, money_of(seat, currency), period, own_price=True)
    offered = Quote(id, terms, starts.date(), months, open_until.date())
    or_end(with_billing(data, config, lambda at: offer(at, SHELL, OrgId(org), offered)))


@billing.command()
def withdraw(
    org: Annotated[str, typer.Argument(help="The organisation's id.")],
    id: Annotated[str, typer.Argument(help="The quote's.")],
    data: Data = None,
    config: ConfigFile = None,
) -> None:
    """Take a quote back; also one that was accepted and hasn't begun."""
    or_end(with_billing(data, config, lambda at: selling.withdraw(at, SHELL, OrgId(org), id)))


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
    sent = money_of(amount, currency)
    refunds = paying.refund if through is Through.BANK else give_back
    or_say(with_billing(data, config, lambda at: refunds(at, SHELL, id, OrgId(org), sent)), currency)


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
    less = money_of(amount, currency)
    if len(id) > LONGEST_ID:
        say(f"An id has at most {LONGEST_ID} characters.")
    made = or_end(
        with_billing(data, config, lambda at: correct(at, SHELL, number, less.amount, note, currency, id=id)),
        currency,
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
    or_say(
        with_billing(data, config, lambda at: allow_reverse_charge(at, SHELL, OrgId(org), allowed=allowed))
    )


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
    with_billing(data, config, lambda at: _written(at, said, sys.stdout.buffer))


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
        say(f"{month} is no month.")
    typer.echo(with_billing(data, config, lambda at: _met(at, wanted or at.today.replace(day=1))), nl=False)


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


def with_billing(data: Data, config: ConfigFile, do: Callable[[Billing], Awaitable[T]]) -> T:
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


def money_of(amount: str, currency: str) -> Money:
    units = read(amount, currency)
    if units is None:
        say(f"{amount} {currency} is no amount.")
    return Money(units, currency)


def or_end(outcome: T | Refusal, currency: str = "") -> T:
    if isinstance(outcome, Refusal):
        say(sentence_of(outcome, currency))
    return outcome


def or_say(outcome: Refusal | None, currency: str = "") -> None:
    if outcome is not None:
        say(sentence_of(outcome, currency))


def sentence_of(refusal: Refusal, currency: str = "") -> str:
    """With what it carries in it; an amount as it is typed here, where its currency is known."""
    if refusal.code == "org.unknown":
        return "There is no such organisation. List them: folkmoot admin organisations."
    most = refusal.params.get("most")
    if refusal.code == "billing.amount" and currency and isinstance(most, int):
        return f"That amount can't be: at most {Money(most, currency)}, and more than nothing."
    said = CATALOGUE[refusal.code].sentence
    for name, value in refusal.params.items():
        said = said.replace(f"`{name}`", str(value))
    return said


def say(why: str) -> NoReturn:
    typer.echo(why, err=True)
    sys.exit(REFUSED)
