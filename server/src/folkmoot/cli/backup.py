"""`folkmoot backup`: one file with all that a data folder has, while the server goes on."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from folkmoot import __version__
from folkmoot.cli.archive import pack
from folkmoot.cli.data import elsewhere, must_be_there
from folkmoot.cli.settings import ConfigFile, Data, configured
from folkmoot.storage import StorageError

To = Annotated[Path | None, typer.Argument(help="folkmoot-DATE-TIME.tar here, unless said otherwise.", dir_okay=False)]  # fmt: skip
Force = Annotated[bool, typer.Option("--force", help="Overwrite what is there.")]


def backup(to: To = None, force: Force = False, data: Data = None, config: ConfigFile = None) -> None:
    """Copy database, secrets and certificate into one file, and check it. The server may run."""
    settings = configured(config, data=data)
    archive = to or Path(f"folkmoot-{datetime.now():%Y%m%d-%H%M%S}.tar")  # noqa: DTZ005  for somebody's eyes
    must_be_there(settings)
    if archive.exists() and not force:
        raise StorageError("backup.exists", f"{archive} is there. Choose another name, or add --force.")
    try:
        pack(settings.data, archive, __version__, elsewhere(settings))
    except OSError as error:
        raise StorageError("backup.unwritable", f"{archive} can't be written: {error.strerror}.") from None
    database = " and of its database" if elsewhere(settings) else ""
    typer.echo(
        f"{archive} has everything of {settings.data}{database}, checked. Who has this file can act as this server."
    )
    typer.echo("The configuration file, and a certificate given by it, are not in it.")
