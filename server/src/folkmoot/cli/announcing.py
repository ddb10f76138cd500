"""What somebody who started the server reads: where it is, and what browsers will ask about it."""

from __future__ import annotations

import segno
import typer

from folkmoot.cli.addresses import of_this_machine
from folkmoot.cli.certificate import Certificate
from folkmoot.config import Config

USUAL_PORTS = {"http": 80, "https": 443}
WARNING = """\
  Every browser will warn once: this server's certificate is made by itself, and nobody vouches for it.
  Choose “Advanced”, then “Proceed”. Its SHA-256 fingerprint, to compare, is
  {fingerprint}
"""


SETUP = """\
  Nobody runs this server yet. To become its operator, open this link; it works until somebody has:
  {link}
"""


def announce(settings: Config, port: int, made: Certificate | None, setup: str | None = None) -> None:
    """`made`: the certificate is our own. `setup`: who has read it may become the operator."""
    scheme = "https" if settings.http.certificate else "http"
    suffix = "" if port == USUAL_PORTS[scheme] else f":{port}"

    def address(host: str) -> str:
        return f"{scheme}://[{host}]{suffix}" if ":" in host else f"{scheme}://{host}{suffix}"

    if not settings.lan:
        here = address("localhost" if settings.loopback else settings.http.host)
        typer.echo(f"\n  Folkmoot is at  {here}\n")
        if settings.dev:
            typer.echo("  LiveKit's development key is on: devkey / secret. For this machine alone.\n")
        _invite(settings.http.address or here, setup)
        return
    others = [address(host) for host in of_this_machine()]
    typer.echo(f"\n  Folkmoot is at  {address('localhost')}")
    for other in others:
        typer.echo(f"                  {other}")
    if others:
        segno.make(others[0], error="m").terminal(compact=True, border=2)
    if made is not None:
        typer.echo(WARNING.format(fingerprint=made.fingerprint))
    _invite(settings.http.address or address("localhost"), setup)


def _invite(origin: str, setup: str | None) -> None:
    if setup is not None:
        typer.echo(SETUP.format(link=f"{origin}/setup#{setup}"))
