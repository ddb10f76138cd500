"""`folkmoot admin now`: how many meet at this moment, as the operator's page says it. Counts, never who or what about."""

from __future__ import annotations

import re
import ssl
import urllib.request
from typing import Annotated

import typer

from folkmoot.cli.settings import ConfigFile, Data, configured
from folkmoot.config import ConfigError

COUNTED = (("meetings", "meetings"), ("people in them", "people_in_meetings"), ("rooms", "rooms"))
"""In our words, and as the server's own figures call it."""
PATIENCE_S = 5.0

Port = Annotated[
    int | None, typer.Option("--port", help="Where the server listens, if not where its settings say.")
]


def now(port: Port = None, data: Data = None, config: ConfigFile = None) -> None:
    """How many meet at this moment: asked of the server that runs on this machine."""
    http = configured(config, data=data, port=port).http
    figures = _figures("https" if http.certificate else "http", http.port)
    for ours, theirs in COUNTED:
        typer.echo(f"{ours}  {figures.get(theirs, 0)}")


def _figures(scheme: str, port: int) -> dict[str, int]:
    """What it tells this machine alone, so that its certificate need not name it."""
    address = f"{scheme}://127.0.0.1:{port}/metrics"
    trusting = ssl._create_unverified_context() if scheme == "https" else None  # noqa: S323
    try:
        with urllib.request.urlopen(address, timeout=PATIENCE_S, context=trusting) as answer:  # noqa: S310
            told = answer.read().decode()
    except (OSError, ValueError) as error:
        raise ConfigError(
            "server.not_running", f"No server answers at {address}: start it, or say --port."
        ) from error
    return {
        name: int(float(value)) for name, value in re.findall(r"^folkmoot_(\w+) (\S+)$", told, re.MULTILINE)
    }
