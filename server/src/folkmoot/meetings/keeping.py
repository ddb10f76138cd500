"""What is durable of a running meeting: its entries, where it stands, who is banned, and now and then all of it at once.

Law: what a step decided is stored before anybody hears of it. If that fails the fault goes to whoever runs the meeting, who lets go
of it; a snapshot or a count that fails costs nothing but time, or a figure in a list.
"""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from folkmoot.meetings import people
from folkmoot.meetings.feature import Entry
from folkmoot.meetings.journal import Journal
from folkmoot.meetings.log import RESERVE, Log
from folkmoot.meetings.model import Meeting, Settings, Status
from folkmoot.meetings.newcomers import Newcomers

log = structlog.get_logger("folkmoot.meetings")


class Keeping:
    def __init__(
        self,
        meeting: Meeting,
        fold: Log,
        since_snapshot: int,
        journal: Journal,
        newcomers: Newcomers,
        settings: Settings,
    ) -> None:
        self.status = meeting.status
        self._meeting, self._log, self._journal = meeting, fold, journal
        self._since_snapshot = since_snapshot
        self._newcomers, self._settings = newcomers, settings

    async def store(self, entries: Sequence[Entry]) -> None:
        durable = [entry for entry in entries if entry.durable]
        after = self._log.meeting_after(durable)
        last = entries[-1]
        reserved = self._log.reserved if last.seq <= self._log.reserved else last.seq + RESERVE
        status = self._status_after(after, last)
        await self._ban(durable, after, last)
        number, occurrence = self._meeting.number, self._meeting.occurrence
        if durable:
            await self._journal.append(number, durable, status, reserved, occurrence)
        elif reserved != self._log.reserved:
            await self._journal.reserve(number, reserved)
        self.status = status
        self._log.reserved = reserved

    async def snapshot(self, entries: Sequence[Entry]) -> None:
        """Also whenever something was erased: an older one would still have it."""
        self._since_snapshot += sum(entry.durable for entry in entries)
        if self._since_snapshot < self._settings.snapshot_every and not any(e.erases for e in entries):
            return
        self._since_snapshot = 0
        number, occurrence = self._meeting.number, self._meeting.occurrence
        try:
            await self._journal.keep_snapshot(
                number, self._log.seq, self._log.shape, self._log.dump(), occurrence
            )
        except Exception:
            log.exception("no snapshot was kept", number=number)  # a restart takes longer, no more

    async def count(self) -> None:
        """How many were in it, for the list of past meetings."""
        number, occurrence = self._meeting.number, self._meeting.occurrence
        try:
            await self._journal.count_people(number, occurrence, len(self._log.meeting.known))
        except Exception:
            log.exception("people weren't counted", number=number)  # the list says less

    async def _ban(self, durable: Sequence[Entry], after: people.State, last: Entry) -> None:
        banned = self._newcomers.banned_by(durable)
        if banned:
            await self._journal.ban_networks(self._meeting.number, banned, last.at)
            self._newcomers.ban(banned)
        before = self._log.meeting.banned
        marks = sorted(after.banned.keys() - before.keys()) if self._meeting.planned else ()
        if marks:
            await self._journal.ban(self._meeting.number, marks, last.at)

    def _status_after(self, state: people.State, last: Entry) -> Status:
        before = self.status
        entered = before.entered or bool(state.people)
        empty = None if state.people or not entered else before.empty_since or last.at
        ended = (before.ended_at or last.at) if state.ended else None
        return Status(state.locked, entered, empty, ended)
