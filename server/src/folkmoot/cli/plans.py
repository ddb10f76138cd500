"""`folkmoot billing plans` and `plan`: what can be subscribed to, from a file or word by word.

Law: a file of plans is taken whole or not at all, and what is wrong is named by plan and field. What `plan` doesn't name stays.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import TypeAdapter, ValidationError

from folkmoot.billing import Billing, store
from folkmoot.billing.owning import say_plans
from folkmoot.billing.plans import FREE, Limits, Period, Plan, PlanId, Price, Service, Support, as_said, wrong
from folkmoot.cli.billing import SHELL, money_of, or_say, say, sentence_of, with_billing
from folkmoot.cli.settings import ConfigFile, Data

FILE = TypeAdapter(list[Plan])
PRICE = re.compile(r"(?P<amount>\S+) (?P<currency>[A-Za-z]{3}) (?P<period>month|year)")
NONE = "none"


def plans(
    file: Annotated[
        Path | None, typer.Argument(help="JSON: a list of plans. Without it, those there are.", exists=True, dir_okay=False)
    ] = None,
    as_file: Annotated[bool, typer.Option("--json", help="List them as such a file.")] = False,
    data: Data = None,
    config: ConfigFile = None,
) -> None:  # fmt: skip
    """List the plans, or offer those of a file: those that it doesn't name stay as they are."""
    if file is None:
        there = with_billing(data, config, _there)
        typer.echo(FILE.dump_json(there, indent=2).decode() if as_file else "\n".join(map(_line, there)))
        return
    meant = _read(file)
    or_say(with_billing(data, config, lambda at: say_plans(at, SHELL, meant)))
    typer.echo(f"{len(meant)} plans." if len(meant) > 1 else "1 plan.")


def plan(
    id: Annotated[str, typer.Argument(help="Such as team. A new one needs a name.")],
    name: Annotated[str | None, typer.Option("--name", help="As people read it.")] = None,
    price: Annotated[list[str] | None, typer.Option("--price", help="Of a seat, such as \"6.00 EUR month\"; may be said several times. The others go. none: it costs nothing.")] = None,
    people: Annotated[str | None, typer.Option("--people", help="In a meeting at most; none: any number.")] = None,
    minutes: Annotated[str | None, typer.Option("--minutes", help="That a meeting lasts at most; or none.")] = None,
    at_once: Annotated[str | None, typer.Option("--at-once", help="Meetings at once at most; or none.")] = None,
    service: Annotated[list[str] | None, typer.Option("--service", help="api, directory_sync or branding; may be said several times. The others go. none: it holds none.")] = None,
    support: Annotated[Support | None, typer.Option("--support")] = None,
    fewest_seats: Annotated[int | None, typer.Option("--fewest-seats")] = None,
    most_seats: Annotated[int | None, typer.Option("--most-seats")] = None,
    trial_days: Annotated[int | None, typer.Option("--trial-days", help="0: no trial.")] = None,
    offered: Annotated[bool | None, typer.Option("--offered/--not-offered", help="Not offered: who has it keeps it, nobody new gets it.")] = None,
    data: Data = None,
    config: ConfigFile = None,
) -> None:  # fmt: skip
    """Make a plan, or change what is named of one. A new price is paid from the next period on."""
    limits = {"people": people, "minutes": minutes, "at_once": at_once}
    changed = {name: _limit(name, said) for name, said in limits.items() if said is not None}
    named: dict[str, Any] = {
        "name": name,
        "prices": None if price is None else tuple(_price(one) for one in price if one != NONE),
        "services": None if service is None else frozenset(_service(one) for one in service if one != NONE),
        "support": support,
        "fewest_seats": fewest_seats,
        "most_seats": most_seats,
        "trial_days": trial_days,
        "offered": offered,
    }
    said = {name: value for name, value in named.items() if value is not None}
    there = {one.id: one for one in with_billing(data, config, _there)}
    if (known := there.get(PlanId(id))) is None and name is None:
        say(f"There is no plan {id} yet. Give it a name: --name.")
    before = known or Plan(PlanId(id), "")
    now = replace(before, limits=replace(before.limits, **changed), **said)
    if (refusal := wrong(now)) is not None:
        say(sentence_of(refusal))
    or_say(with_billing(data, config, lambda at: say_plans(at, SHELL, [now])))
    typer.echo(_line(now))


async def _there(at: Billing) -> list[Plan]:
    """The free one first."""
    async with at.storage.reading() as connection:
        found = await store.plans_of(connection)
    return sorted(found.values(), key=lambda one: (one.id != FREE, one.id))


def _read(file: Path) -> list[Plan]:
    try:
        said = FILE.validate_json(file.read_bytes())
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        say(f"{where}: {first['msg']}." if where else f"{file} is no list of plans in JSON: {first['msg']}.")
    named = json.loads(file.read_bytes())
    if stranger := next(_strangers(named), None):
        say(f"{stranger}: there is no such field.")
    meant = [as_said(plan, one) for plan, one in zip(said, named, strict=True)]
    for place, one in enumerate(meant):
        if (refusal := wrong(one)) is not None:
            say(f"{place} ({one.id}): {sentence_of(refusal)}")
    return meant


def _price(said: str) -> Price:
    if (match := PRICE.fullmatch(said)) is None:
        say(f'{said} is no price. Write one such as "6.00 EUR month".')
    currency = match["currency"].upper()
    return Price(Period(match["period"]), money_of(match["amount"], currency))


def _limit(name: str, said: str) -> int | None:
    if said == NONE:
        return None
    if not said.isdecimal():
        say(f"--{name.replace('_', '-')}: {said} is no number. Write one, or none.")
    return int(said)


def _service(said: str) -> Service:
    if said not in [*Service]:
        say(f"{said} is no service. There are: {', '.join(Service)}.")
    return Service(said)


def _line(one: Plan) -> str:
    limits = [f"{name} {value}" for name, value in _limits(one.limits) if value is not None]
    prices = [f"{price.seat} a seat and {price.period}" for price in one.prices]
    said = [
        ", ".join(prices) or "free",
        ", ".join(limits) or "no limits",
        ", ".join(sorted(one.services)) or "no services",
        f"support {one.support}",
        *([f"{one.trial_days} days to try"] if one.trial_days else []),
        *([] if one.offered else ["not offered any more"]),
    ]
    return f"{one.id}  {one.name}: {'; '.join(said)}"


def _limits(of: Limits) -> Iterator[tuple[str, int | None]]:
    yield from ((field.name, getattr(of, field.name)) for field in fields(Limits))


def _strangers(said: list[dict[str, Any]]) -> Iterator[str]:
    """A limit with a slip in its name would limit nothing, and what can't be sold would look as if it were."""
    for place, plan in enumerate(said):
        yield from (f"{place}.{name}" for name in plan.keys() - _names(Plan))
        yield from (f"{place}.limits.{name}" for name in plan.get("limits", {}).keys() - _names(Limits))


def _names(kind: type[Plan | Limits]) -> set[str]:
    return {field.name for field in fields(kind)}
