"""`folkmoot` on the command line: one file a command.

Law: what can go wrong at a start (a busy port, an unwritable folder, a mistyped setting) is one sentence with a code on
standard error and exit status 2, never a traceback.
"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from folkmoot import __version__
from folkmoot.cli.admin import admin
from folkmoot.cli.audit import audit
from folkmoot.cli.backup import backup
from folkmoot.cli.billing import billing
from folkmoot.cli.doctor import doctor
from folkmoot.cli.growth import growth, made_up
from folkmoot.cli.migrate import migrate
from folkmoot.cli.organisations import org
from folkmoot.cli.outward import own
from folkmoot.cli.plans import plan, plans
from folkmoot.cli.reports import reports
from folkmoot.cli.restore import restore
from folkmoot.cli.serve import serve
from folkmoot.cli.token import token
from folkmoot.config import ConfigError
from folkmoot.engine import EngineError
from folkmoot.growth.books import GrowthError
from folkmoot.storage import StorageError

app = typer.Typer(
    add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None
)
for command in (serve, token, doctor, migrate, backup, restore, reports):
    app.command()(command)
billing.command()(plans)
billing.command()(plan)
admin.add_typer(org, name="org")
app.add_typer(admin, name="admin")
app.add_typer(audit, name="audit")
app.add_typer(billing, name="billing")
app.add_typer(growth, name="growth")
app.add_typer(own, name="own")
app.add_typer(made_up, name="demo")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"folkmoot {__version__}")
        raise typer.Exit


@app.callback()
def folkmoot(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say it and end.")
    ] = False,
) -> None:
    """Meetings in one process: web client, server and media."""


def main() -> None:
    try:
        app()
    except (ConfigError, EngineError, GrowthError, StorageError) as error:
        print(f"folkmoot: {error.message} [{error.code}]", file=sys.stderr)
        sys.exit(2)
