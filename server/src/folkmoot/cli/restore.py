"""`folkmoot restore`: the data folder as it was when a backup was made."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from folkmoot import keyring
from folkmoot.app import audit_of
from folkmoot.audit.anchors import Anchors
from folkmoot.audit.chain import Head
from folkmoot.cli.admin import SHELL
from folkmoot.cli.archive import DATABASE, unpack
from folkmoot.cli.backup import Force
from folkmoot.cli.data import database_of, elsewhere, sole_owner
from folkmoot.cli.settings import ConfigFile, Data, configured
from folkmoot.config import Config
from folkmoot.growth.books import Books
from folkmoot.keyring import FILE as SECRETS
from folkmoot.kit import SystemClock
from folkmoot.operating.operating import SCOPE
from folkmoot.storage import Storage, StorageError
from folkmoot.storage.migrate import newest, revision_of

From = Annotated[Path, typer.Argument(help="Made by folkmoot backup.", exists=True, dir_okay=False)]


def restore(backup: From, force: Force = False, data: Data = None, config: ConfigFile = None) -> None:
    """Put a backup in place of the data folder's content. No server may run there."""
    settings = configured(config, data=data)
    folder, url = settings.data, elsewhere(settings)
    before = Anchors(folder).all()
    with sole_owner(folder, url):
        there = [name for name in (DATABASE, SECRETS) if (folder / name).exists()]
        there += [f"book of growth ({name})" for name in Books(folder).names()]
        if url is not None and revision_of(url) is not None:
            there.insert(0, "database")
        if there and not force:
            raise StorageError(
                "restore.occupied",
                f"{folder} has a {there[0]} already. Name an empty folder with --data, or add --force: what is there is then gone.",
            )
        unpack(backup, folder, url)
        asyncio.run(_noted(settings, before))
    typer.echo(f"{folder} is as it was when {backup} was made. Start the server: folkmoot serve.")


async def _noted(settings: Config, before: Mapping[str, Head]) -> None:
    """A backup of an older version is left as it is: the server that brings it up to date finds no anchors, and begins them."""
    url = database_of(settings)
    if revision_of(url) != newest():
        return
    storage = Storage(url)
    try:
        own = keyring.server_secrets(settings.data)
        await audit_of(settings, own, storage, SystemClock()).restored(SCOPE, SHELL, before)
    finally:
        await storage.close()
