"""`folkmoot migrate`: bring the database to this version. `serve` does it by itself; this is for doing it beforehand."""

from __future__ import annotations

import typer

from folkmoot.cli.data import database_of, elsewhere, sole_owner
from folkmoot.cli.settings import ConfigFile, Data, configured
from folkmoot.storage.migrate import migrate as bring_up_to_date


def migrate(data: Data = None, config: ConfigFile = None) -> None:
    """Bring the database to this version."""
    settings = configured(config, data=data)
    with sole_owner(settings.data, elsewhere(settings)):
        bring_up_to_date(database_of(settings))
    typer.echo(f"{settings.data} is up to date.")
