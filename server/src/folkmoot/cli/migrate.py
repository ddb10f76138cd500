"""`folkmoot migrate`: bring the database to this version. `serve` does it by itself; this is for doing it beforehand."""

from __future__ import annotations

import typer

from folkmoot.cli.settings import ConfigFile, Data, configured


def migrate(data: Data = None, config: ConfigFile = None) -> None:
    """Bring the database to this version."""
    settings = configured(config, data=data)
    typer.echo(f"{settings.data} is up to date.")
