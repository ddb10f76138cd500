"""`folkmoot reports`: what people in meetings reported to the one who runs the server."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from typing import Annotated

import typer

from folkmoot.cli.data import database_at_hand
from folkmoot.cli.settings import ConfigFile, Data, configured
from folkmoot.kit import SystemClock
from folkmoot.meetings import StoredJournal
from folkmoot.meetings.feature import Entry
from folkmoot.storage import Storage

AsJson = Annotated[bool, typer.Option("--json", help="One object a line, for programs.")]


def reports(as_json: AsJson = False, data: Data = None, config: ConfigFile = None) -> None:
    """List what people reported: about whom, why, and what happened in the two minutes before. The server may run."""
    found = asyncio.run(_read(database_at_hand(configured(config, data=data))))
    for number, entry in found:
        typer.echo(_line(number, entry) if as_json else _words(number, entry))
    if not found and not as_json:
        typer.echo("Nobody reported anything that is still kept.")


async def _read(url: str) -> Sequence[tuple[str, Entry]]:
    storage = Storage(url)
    try:
        return await StoredJournal(storage, SystemClock()).reports()
    finally:
        await storage.close()


def _line(number: str, entry: Entry) -> str:
    return json.dumps(
        {"meeting": number, "at": entry.at.isoformat(), "by": entry.by, **entry.payload}, ensure_ascii=False
    )


def _words(number: str, entry: Entry) -> str:
    said = entry.payload
    did = said.get("did")
    acts = (
        [f"    {act['at']}  {act['what']}" for act in did if isinstance(act, dict)]
        if isinstance(did, list)
        else []
    )
    head = f"{entry.at:%Y-%m-%d %H:%M} UTC, meeting {number}: {said.get('by_name')} about {said.get('name')}"
    return "\n".join([head, f"  {said.get('what')}", *acts])
