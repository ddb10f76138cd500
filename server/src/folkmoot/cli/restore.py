"""`folkmoot restore`: the data folder as it was when a backup was made."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from folkmoot.cli.archive import DATABASE, unpack
from folkmoot.cli.backup import Force
from folkmoot.cli.data import elsewhere, sole_owner
from folkmoot.cli.settings import ConfigFile, Data, configured
from folkmoot.keyring import FILE as SECRETS
from folkmoot.storage import StorageError
from folkmoot.storage.migrate import revision_of

From = Annotated[Path, typer.Argument(help="Made by folkmoot backup.", exists=True, dir_okay=False)]


def restore(backup: From, force: Force = False, data: Data = None, config: ConfigFile = None) -> None:
    """Put a backup in place of the data folder's content. No server may run there."""
    settings = configured(config, data=data)
    folder, url = settings.data, elsewhere(settings)
    with sole_owner(folder, url):
        there = [name for name in (DATABASE, SECRETS) if (folder / name).exists()]
        if url is not None and revision_of(url) is not None:
            there.insert(0, "database")
        if there and not force:
            raise StorageError(
                "restore.occupied",
                f"{folder} has a {there[0]} already. Name an empty folder with --data, or add --force: what is there is then gone.",
            )
        unpack(backup, folder, url)
    typer.echo(f"{folder} is as it was when {backup} was made. Start the server: folkmoot serve.")
