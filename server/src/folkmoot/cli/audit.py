"""`folkmoot audit`: what was done, and whether it still stands as it was written. The server may run."""

from __future__ import annotations

import asyncio
import sys
from typing import Annotated

import typer

from folkmoot import keyring
from folkmoot.app import audit_of
from folkmoot.audit import Entry, Fault
from folkmoot.cli.data import database_of, must_be_there
from folkmoot.cli.settings import ConfigFile, Data, configured
from folkmoot.config import Config
from folkmoot.kit import SystemClock
from folkmoot.storage import Storage

BROKEN = 1

audit = typer.Typer(no_args_is_help=True, help="What was done: verify, list.")

Scope = Annotated[str | None, typer.Option("--scope", help="One organisation's id, or `server`.")]
MEANS = {
    "missing": "is missing",
    "altered": "is not as it was written",
    "head": "is not vouched for by this server",
    "older": "and those after it are missing: they were there once",
}


@audit.command()
def verify(scope: Scope = None, data: Data = None, config: ConfigFile = None) -> None:
    """Walk every entry; name the first of each scope that was changed or taken out. Exit status 1 if there is one."""
    count, faults = asyncio.run(_verify(configured(config, data=data), scope))
    for fault in faults:
        typer.echo(f"{fault.scope}: entry {fault.seq} {MEANS[fault.what]}.")
    typer.echo(f"{count} entries, {'all as they were written' if not faults else f'{len(faults)} broken'}.")
    if faults:
        sys.exit(BROKEN)


@audit.command("list")
def listed(
    scope: Annotated[str, typer.Argument(help="An organisation's id, or `server`.")],
    data: Data = None,
    config: ConfigFile = None,
) -> None:
    """The newest entries of one scope. They hold ids, never names."""
    for entry in asyncio.run(_listed(configured(config, data=data), scope)):
        detail = " ".join(f"{name}={value}" for name, value in entry.detail.items())
        who = entry.actor or "by itself"
        typer.echo(
            f"{entry.seq}  {entry.at:%Y-%m-%d %H:%M} UTC  {who}  {entry.what}  {entry.subject}  {detail}"
        )


async def _verify(settings: Config, scope: str | None) -> tuple[int, list[Fault]]:
    must_be_there(settings)
    storage = Storage(database_of(settings))
    try:
        own = keyring.server_secrets(settings.data)
        return await audit_of(settings, own, storage, SystemClock()).verify(scope)
    finally:
        await storage.close()


async def _listed(settings: Config, scope: str) -> list[Entry]:
    must_be_there(settings)
    storage = Storage(database_of(settings))
    try:
        own = keyring.server_secrets(settings.data)
        return await audit_of(settings, own, storage, SystemClock()).entries(scope, most=200)
    finally:
        await storage.close()
