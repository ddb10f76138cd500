"""`folkmoot growth`: how whoever runs this server is growing, from events. The server may run; nothing of this is in its way."""

from __future__ import annotations

import gzip
import shutil
import sys
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Annotated, BinaryIO, cast

import typer

from folkmoot.billing.money import read as amount_of
from folkmoot.cli.settings import ConfigFile, Data, configured
from folkmoot.growth.books import DEMO, HOW, SENTENCES, Books, GrowthError, bring, describe
from folkmoot.growth.events import lines_of
from folkmoot.growth.made_up import CURRENCY, YEAR_STARTS, Company
from folkmoot.growth.months import FiscalYear, Quarter
from folkmoot.growth.report import Report, month_of, picked, report
from folkmoot.growth.sheets import Wanted, sheet
from folkmoot.growth.typed import CostTyped, RateTyped, take_back, written
from folkmoot.growth.warehouse import Warehouse
from folkmoot.kit.currency import DECIMALS, minor_units
from folkmoot.paper import Language

growth = typer.Typer(
    no_args_is_help=True, help="Revenue, customers, retention, forecasts: from events, never typed in."
)

made_up = typer.Typer(no_args_is_help=True, help="Something to look at, made up and marked so.")

Name = Annotated[str, typer.Option("--book", help="Which book of events.")]
Picked = Annotated[
    str | None, typer.Option("--quarter", help="A month of it, such as 2026-07; else the last.")
]


@growth.command("import")
def brought(
    file: Annotated[Path, typer.Argument(help="Events, one JSON object a line; .gz is read as well. `-`: standard input.")],
    book: Name = "imported",
    title: Annotated[str | None, typer.Option("--title", help="Shown over the figures.")] = None,
    currency: Annotated[str | None, typer.Option("--currency", help="That every figure is in, such as EUR.")] = None,
    year_starts: Annotated[int | None, typer.Option("--year-starts", min=1, max=12, help="Month that a fiscal year starts with.")] = None,
    large: Annotated[int | None, typer.Option("--large", min=1, help="A customer is large above so much in twelve months (whole units).")] = None,
    data: Data = None,
    config: ConfigFile = None,
) -> None:  # fmt: skip
    """Bring events into a book, all or none, and close it. The same file twice changes nothing."""
    with _opened(data, config, book, writing=True) as warehouse, _lines(file) as lines:
        kept = large and large * minor_units(currency or warehouse.book.currency)
        describe(warehouse, title=title, currency=currency, year_starts=year_starts, large=kept)
        taken = bring(warehouse, lines, _today())
    typer.echo(f"{taken.new} events taken, {taken.known} had been brought before.")


@made_up.command("growth")
@growth.command()
def demo(
    seed: Annotated[int, typer.Option("--seed", help="The same one makes the same events.")] = 2020,
    one_in: Annotated[int, typer.Option("--one-in", min=1, max=100, help="A company so many times smaller, ready sooner.")] = 1,
    write: Annotated[Path | None, typer.Option("--write", help="Write the events to a file, and nothing else.")] = None,
    data: Data = None,
    config: ConfigFile = None,
) -> None:  # fmt: skip
    """Make up the events of a company, so that one can look at the figures full. They are marked wherever they are shown."""
    lines = Company(seed, one_in).lines()
    if write is not None:
        with write.open("wb") as file:
            file.writelines(lines)
        return
    with _opened(data, config, DEMO, writing=True) as warehouse:
        describe(warehouse, title="", made_up=True, seed=seed, currency=CURRENCY, year_starts=YEAR_STARTS)
        taken = bring(warehouse, lines, _today())
    typer.echo(f"{taken.new} made-up events taken. Look: folkmoot growth show --book {DEMO}")


@growth.command()
def pack(
    to: Annotated[Path, typer.Argument(help="The PDF that is written.", dir_okay=False)],
    book: Name = "imported",
    quarter: Picked = None,
    language: Annotated[str, typer.Option("--language", help="en or zh-CN.")] = "en",
    data: Data = None,
    config: ConfigFile = None,
) -> None:  # fmt: skip
    """The board pack: a quarter as a PDF. The same figures are the same bytes."""
    from folkmoot.growth.pack import board_pack

    said: Language = "zh-CN" if language.lower().startswith("zh") else "en"
    with _opened(data, config, book) as warehouse:
        shown = report(warehouse, _quarter(warehouse.book.year_starts, quarter))
    if shown is None:
        raise GrowthError("growth.empty", f"The book {book} has no events yet.")
    to.write_bytes(board_pack(shown, said, configured(config, data=data).origin.partition("//")[2]))
    typer.echo(f"{to} is written.")


@growth.command()
def cost(
    name: Annotated[str, typer.Argument(help="What it was for, such as machines.")],
    amount: Annotated[str, typer.Argument(help="Such as 1200.00; after -- one below zero, which takes back.")],
    first: Annotated[str, typer.Option("--first", help="The first day that it is for, such as 2026-01-01.")],
    last: Annotated[str, typer.Option("--last", help="The last day that it is for.")],
    currency: Annotated[str | None, typer.Option("--currency", help="The book's, unless said otherwise.")] = None,
    book: Name = "own",
    data: Data = None,
    config: ConfigFile = None,
) -> None:  # fmt: skip
    """Say what was spent. It counts by the day."""
    with _typing(data, config, book) as warehouse:
        of = (currency or warehouse.book.currency).upper()
        minor = amount_of(amount, of)
        if minor is None:
            raise GrowthError("growth.amount", f"{amount!r} is no amount in {of}. Write one such as 1200.00.")
        _type(warehouse, written([CostTyped(name, minor, of, first, last)], [], datetime.now(UTC)))


@growth.command()
def rate(
    currency: Annotated[str, typer.Argument(help="Of which one unit …")],
    worth: Annotated[str, typer.Argument(help="… is so many of the book's, such as 0.92.")],
    since: Annotated[str, typer.Option("--since", help="The day from which on that is so.")],
    book: Name = "own",
    data: Data = None,
    config: ConfigFile = None,
) -> None:  # fmt: skip
    """Say what a currency is worth. Without a rate, money in it is named and not counted."""
    with _typing(data, config, book) as warehouse:
        said = RateTyped(currency.upper(), warehouse.book.currency, worth, since)
        _type(warehouse, written([], [said], datetime.now(UTC)))


@growth.command("take-back")
def taken_back(
    entry: Annotated[str, typer.Argument(help="Its id, from `folkmoot growth csv costs` or `rates`.")],
    book: Name = "own",
    data: Data = None,
    config: ConfigFile = None,
) -> None:
    """Take back a cost or a rate that was typed."""
    with _typing(data, config, book) as warehouse:
        if not take_back(warehouse, entry):
            raise GrowthError(
                "growth.no_entry", f"No cost or rate {entry} was typed. What a file brought stays."
            )
        bring(warehouse, (), _today())
    typer.echo(f"{entry} is taken back.")


@growth.command("list")
def listed(data: Data = None, config: ConfigFile = None) -> None:
    """Name the books there are."""
    names = Books(configured(config, data=data).data).names()
    typer.echo("\n".join(names) or f"None yet. {HOW[False]}")


@growth.command()
def show(
    book: Name = "imported", quarter: Picked = None, data: Data = None, config: ConfigFile = None
) -> None:
    """A quarter's figures."""
    with _opened(data, config, book) as warehouse:
        shown = report(warehouse, _quarter(warehouse.book.year_starts, quarter))
    if shown is None:
        raise GrowthError(
            "growth.empty", f"The book {book} has no events yet. Bring some: folkmoot growth import"
        )
    for line in _sheet(shown):
        typer.echo(line)


@growth.command("csv")
def table(
    what: Annotated[str, typer.Argument(help="quarters, forecasts, funnel, domains, reasons, cohorts, usage, costs, rates, or a figure for the organisations that it is made of, such as revenue or mrr_more; with -events at its end, its events. docs/concepts/growth.md names them all.")],
    book: Name = "imported",
    quarter: Picked = None,
    of: Annotated[str, typer.Option("--of", help="Of `reason`: which one. Of `uncounted`: the currency.")] = "",
    began: Annotated[str | None, typer.Option("--began", help="Of `contracted` and `renewals`: of customers that began in that month. Of `cohort`: in the quarter from that month on.")] = None,
    data: Data = None,
    config: ConfigFile = None,
) -> None:  # fmt: skip
    """A table of a quarter, with what is behind a figure."""
    with _opened(data, config, book) as warehouse, tempfile.TemporaryDirectory() as folder:
        month = month_of(began) if began else None
        if began and month is None:
            raise GrowthError("growth.quarter", f"{began!r} is no month. Write one such as 2026-07.")
        to = Path(folder) / "table.csv"
        sheet(warehouse, Wanted(what, _quarter(warehouse.book.year_starts, quarter), of, month), to)
        with to.open() as written:
            shutil.copyfileobj(written, sys.stdout)


@contextmanager
def _typing(data: Path | None, config: Path | None, book: str) -> Iterator[Warehouse]:
    """Into a book that is there: a slip in its name makes no new one."""
    with _opened(data, config, book):
        pass
    with _opened(data, config, book, writing=True) as warehouse:
        yield warehouse


def _type(warehouse: Warehouse, lines: Iterable[bytes]) -> None:
    """One line: what is wrong is wrong with a field of it."""
    try:
        bring(warehouse, lines, _today())
    except GrowthError as wrong:
        said = f"{wrong.field or 'That'} {SENTENCES.get(wrong.code, 'is wrong')}. Nothing was taken."
        raise GrowthError(wrong.code, said, wrong.line, wrong.field) from None
    typer.echo("Taken.")


def _sheet(shown: Report) -> Iterator[str]:
    figures, currency = shown.shown, shown.book.currency
    if shown.book.made_up:
        yield f"Made-up data, seed {shown.book.seed}"
    yield f"{shown.book.title or 'Growth'}, {figures.quarter}"
    yield f"revenue            {_money(figures.revenue, currency)}  {_change(figures.revenue_grew)}"
    yield f"profit             {_money(figures.profit, currency)}  {_percent(figures.margin)} of revenue"
    yield f"customers          {figures.customers:,}"
    yield f"  over ten seats   {figures.over_ten:,}  {_change(figures.over_ten_grew)}"
    yield f"  large            {figures.large:,}  from {figures.large_before:,}"
    yield f"MRR                {_money(figures.mrr, currency)}"
    yield f"retention          net {_percent(figures.net_retention)}, gross {_percent(figures.gross_retention)}"
    yield f"met                {shown.met.daily:,} on a day, {shown.met.monthly:,} in a month; organisations {shown.met.organisations_daily:,} and {shown.met.organisations_monthly:,}"
    yield from _forecast_lines(shown)
    for one in shown.uncounted:
        yield f"not counted        {_money(one.amount, one.currency)} since {one.since}: no rate into {currency}"


def _forecast_lines(shown: Report) -> Iterator[str]:
    for one in shown.forecasts:
        low, high = (_round(value, shown.book.currency) for value in (one.low, one.high))
        yield f"forecast of {one.made}  {low} to {high} {shown.book.currency} for the year from {one.year}"


def _round(minor: int, currency: str) -> str:
    """To 0.01 thousand million where it is so much, else to the unit."""
    whole = minor / minor_units(currency)
    return f"{whole / 1e9:.2f} thousand million" if whole >= 1e9 else f"{whole:,.0f}"


def _money(minor: int, currency: str) -> str:
    places = DECIMALS.get(currency, 2)
    return f"{minor / minor_units(currency):,.{places}f} {currency}"


def _change(part: Fraction | None) -> str:
    return f"{float(part) * 100:+.0f} %" if part is not None else ""


def _percent(part: Fraction | None) -> str:
    return f"{float(part) * 100:.1f} %" if part is not None else "–"


@contextmanager
def _opened(
    data: Path | None, config: Path | None, name: str, *, writing: bool = False
) -> Iterator[Warehouse]:
    with Books(configured(config, data=data).data).opened(name, writing=writing) as warehouse:
        yield warehouse


@contextmanager
def _lines(file: Path) -> Iterator[Iterable[bytes]]:
    if str(file) == "-":
        yield lines_of(sys.stdin.buffer)
        return
    try:
        with gzip.open(file) if file.suffix == ".gz" else file.open("rb") as opened:
            yield lines_of(cast(BinaryIO, opened))
    except gzip.BadGzipFile:
        raise GrowthError("growth.unreadable", f"{file} is called .gz and isn't packed by gzip.") from None
    except (EOFError, zlib.error):
        raise GrowthError("growth.unreadable", f"{file} ends in the middle, or is damaged.") from None
    except OSError as error:
        raise GrowthError("growth.unreadable", f"{file} can't be read: {error.strerror or error}.") from None


def _quarter(year_starts: int, written: str | None) -> Quarter | None:
    if written is None:
        return None
    quarter = picked(written, FiscalYear(year_starts))
    if quarter is None:
        raise GrowthError("growth.quarter", f"{written!r} is no month. Write one such as 2026-07.")
    return quarter


def _today() -> str:
    return datetime.now(UTC).date().isoformat()
