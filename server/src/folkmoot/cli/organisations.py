"""`folkmoot admin org`: an organisation, from the shell of the machine. The server may run.

Law: what is done here is in the organisation's own audit, by `the shell`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from folkmoot import keyring
from folkmoot.accounts import Accounts
from folkmoot.app import audit_of
from folkmoot.branding import Branding, Brands, changing
from folkmoot.branding.changing import Wanted
from folkmoot.branding.colour import Light
from folkmoot.cli.admin import SHELL, or_say, with_accounts
from folkmoot.cli.settings import ConfigFile, Data, configured
from folkmoot.jobs import Jobs
from folkmoot.kit import Refusal, SystemRandomness
from folkmoot.orgs import OrgId, Orgs

T = TypeVar("T")
org = typer.Typer(no_args_is_help=True, help="An organisation, by its id: `admin organisations` lists them.")

Id = Annotated[str, typer.Argument(help="The organisation's id.")]


@org.command()
def branding(
    id: Id,
    name: Annotated[str | None, typer.Option("--name", help="What is shown. Empty: as it is called.")] = None,
    line_en: Annotated[str | None, typer.Option("--line-en", help="What who waits reads in English.")] = None,
    line_zh: Annotated[str | None, typer.Option("--line-zh", help="And in Chinese.")] = None,
    accent: Annotated[str | None, typer.Option("--accent", help="A colour, as #rrggbb.")] = None,
    accent_dark: Annotated[str | None, typer.Option("--accent-dark", help="The one of dark pages. Empty: it follows.")] = None,
    logo: Annotated[Path | None, typer.Option("--logo", help="A PNG, JPEG or WebP.", exists=True, dir_okay=False)] = None,
    no_logo: Annotated[bool, typer.Option("--no-logo", help="Show none any more.")] = False,
    put_back: Annotated[bool, typer.Option("--put-back", help="Folkmoot's own again, all of it.")] = False,
    data: Data = None,
    config: ConfigFile = None,
) -> None:  # fmt: skip
    """Say, or change, how an organisation looks to those who meet with it. What isn't named stays."""
    wanted = Wanted(name, line_en, line_zh, accent, accent_dark)

    async def done(at: Orgs) -> Branding | Refusal:
        brands, theirs = Brands(at), OrgId(id)
        if put_back and (refusal := await changing.put_back(brands, SHELL, theirs)) is not None:
            return refusal
        if no_logo and (refusal := await changing.take_logo_away(brands, SHELL, theirs)) is not None:
            return refusal
        found: Branding | Refusal = await changing.look(brands, SHELL, theirs)
        if wanted != Wanted() and not isinstance(found, Refusal):
            found = await changing.change(brands, SHELL, theirs, wanted)
        if logo is not None and not isinstance(found, Refusal):
            found = await changing.bring_logo(brands, SHELL, theirs, _read(logo))
        return found

    for line in _lines(or_say(with_orgs(data, config, done))):
        typer.echo(line)


def with_orgs(data: Data, config: ConfigFile, do: Callable[[Orgs], Awaitable[T]]) -> T:
    settings = configured(config, data=data)

    async def done(at: Accounts) -> T:
        audit = audit_of(settings, keyring.server_secrets(settings.data), at.storage, at.clock)
        return await do(Orgs(at, audit, Jobs(at.storage, at.clock, SystemRandomness())))

    return with_accounts(data, config, done)


def _lines(said: Branding) -> list[str]:
    shades, logo = said.shades, said.logo
    dark = f"{shades[Light.DARK].accent}" if shades else "Folkmoot's own"
    return [
        f"name         {said.name or 'as it is called'}",
        f"line, en     {said.line_en or 'none'}",
        f"line, zh     {said.line_zh or 'none'}",
        f"accent       {said.accent or dark}",
        f"accent, dark {dark}{' (follows)' if shades and said.accent_dark is None else ''}",
        f"logo         {f'{logo.width} x {logo.height}' if logo else 'none'}",
    ]


async def _read(file: Path) -> AsyncIterator[bytes]:
    with file.open("rb") as opened:
        while chunk := opened.read(65536):
            yield chunk
