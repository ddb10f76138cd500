"""The journal in a database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot.kit import Clock
from folkmoot.meetings.commits import Commits, Step
from folkmoot.meetings.feature import Entry, ParticipantId
from folkmoot.meetings.invitations import Invitation
from folkmoot.meetings.journal import Beginning, Belongings, Kept, Several, belongs_to
from folkmoot.meetings.model import Meeting, Status
from folkmoot.meetings.tables import (
    bans,
    events,
    invitations,
    meetings,
    network_bans,
    network_keys,
    occurrences,
    snapshots,
)
from folkmoot.storage import Storage

AT_ONCE = 100
"""Meetings that are forgotten in one transaction: SQL knows a limit, and others wait meanwhile."""
ONCE = 1
"""An instant meeting takes place once."""


LAST = sa.select(meetings.c.reserved, meetings.c.occurrence)


class StoredJournal:
    def __init__(self, storage: Storage, clock: Clock | None = None) -> None:
        self._storage = storage
        self._commits = Commits(storage, clock)
        self.ailment = self._commits.ailment
        self._erased = False
        """Something was, and may still be in the write-ahead log."""

    def owns(self, *belongings: Belongings) -> None:
        """What people brought goes with what they said."""
        self._commits.belongings = Several(belongings)

    async def create(self, meeting: Meeting, first: Entry) -> bool:
        row = {
            "number": meeting.number,
            "occurrence": meeting.occurrence,
            "title": meeting.title,
            "created_at": meeting.created_at,
            "admission_hash": meeting.admission_hash,
            "passcode_hash": meeting.passcode_hash,
            "host_key_hash": meeting.host_key_hash,
            "reserved": first.seq,
            **_status(meeting.status),
        }
        try:
            async with self._storage.writing() as connection:
                await connection.execute(meetings.insert().values(row))
                await connection.execute(events.insert().values(_row(meeting.number, first, ONCE)))
        except IntegrityError:
            return False
        return True

    async def find(self, number: str) -> Meeting | None:
        row = await self._one(meetings.select().where(meetings.c.number == number))
        if row is None:
            return None
        return Meeting(
            number=row.number,
            title=row.title,
            created_at=row.created_at,
            admission_hash=row.admission_hash,
            passcode_hash=row.passcode_hash,
            host_key_hash=row.host_key_hash,
            status=Status(row.locked, row.entered, row.empty_since, row.ended_at),
            occurrence=row.occurrence,
            planned=row.planned,
        )

    async def begin(self, beginning: Beginning, first: Entry) -> None:
        number, n = beginning.number, beginning.occurrence
        row = {"number": number, "occurrence": n, "planned_for": beginning.planned_for}
        row |= {"title": beginning.title, "began_at": first.at, "people": 0}
        mine = meetings.update().where(meetings.c.number == number)
        fresh = {"occurrence": n, "created_at": first.at, "title": beginning.title, "reserved": first.seq}
        fresh |= {"keeps_until": beginning.keeps_until, **_status(Status())}
        async with self._storage.writing() as connection:
            await connection.execute(mine.values(fresh))
            await connection.execute(occurrences.insert().values(row))
            await connection.execute(events.insert().values(_row(number, first, n)))

    async def append(
        self, number: str, entries: Sequence[Entry], status: Status, reserved: int, occurrence: int = ONCE
    ) -> None:
        erased = [seq for entry in entries for seq in entry.erases]
        dropped = [id for entry in entries for id in entry.drops]
        rows = [_row(number, entry, occurrence) for entry in entries]
        await self._commits.append(
            Step(number, occurrence, rows, erased, dropped, {"reserved": reserved, **_status(status)})
        )
        self._erased = self._erased or bool(erased)

    async def reserve(self, number: str, reserved: int) -> None:
        async with self._storage.writing() as connection:
            await connection.execute(
                meetings.update().where(meetings.c.number == number).values(reserved=reserved)
            )

    async def keep_snapshot(
        self, number: str, seq: int, shape: str, state: str, occurrence: int = ONCE
    ) -> None:
        mine = (snapshots.c.number == number, snapshots.c.occurrence == occurrence)
        async with self._storage.writing() as connection:
            await connection.execute(snapshots.delete().where(*mine))
            await connection.execute(
                snapshots.insert().values(
                    number=number, occurrence=occurrence, seq=seq, shape=shape, state=state
                )
            )

    async def load(self, number: str, shape: str, tail: int) -> Kept:
        async with self._storage.reading() as connection:
            last = (await connection.execute(LAST.where(meetings.c.number == number))).first()
            reserved, n = (last.reserved, last.occurrence) if last else (0, ONCE)
            mine = events.select().where(events.c.number == number, events.c.occurrence == n)
            c = snapshots.c
            kept = snapshots.select().where(c.number == number, c.occurrence == n, c.shape == shape)
            snapshot = (await connection.execute(kept)).first()
            since = snapshot.seq if snapshot else 0
            after = (await connection.execute(mine.where(events.c.seq > since).order_by(events.c.seq))).all()
            before = (
                await connection.execute(
                    mine.where(events.c.seq <= since)
                    .order_by(events.c.seq.desc())
                    .limit(max(0, tail - len(after)))
                )
            ).all()
        return Kept(
            (snapshot.seq, snapshot.state) if snapshot else None,
            [_entry(row) for row in reversed(before)],
            [_entry(row) for row in after],
            reserved,
        )

    async def replace_host_key(self, number: str, hashed: bytes) -> None:
        mine = meetings.update().where(meetings.c.number == number)
        async with self._storage.writing() as connection:
            await connection.execute(mine.values(host_key_hash=hashed))

    async def invite(self, number: str, made: Sequence[Invitation]) -> bool:
        rows = [
            {
                "number": number,
                "id": one.id,
                "place": place,
                "name": one.name,
                "admission_hash": one.admission_hash,
                "made_at": one.made_at,
                "revoked": one.revoked,
            }
            for place, one in enumerate(made, len(await self.invitations(number)))
        ]
        try:
            async with self._storage.writing() as connection:
                await connection.execute(invitations.insert(), rows)
        except IntegrityError:
            return False
        return True

    async def invitations(self, number: str) -> Sequence[Invitation]:
        mine = invitations.select().where(invitations.c.number == number).order_by(invitations.c.place)
        async with self._storage.reading() as connection:
            return [_invitation(row) for row in await connection.execute(mine)]

    async def invited(self, number: str, admission_hash: bytes) -> Invitation | None:
        mine = invitations.select().where(
            invitations.c.number == number, invitations.c.admission_hash == admission_hash
        )
        row = await self._one(mine)
        return None if row is None else _invitation(row)

    async def revoke_invitation(self, number: str, id: str) -> bool:
        mine = invitations.update().where(invitations.c.number == number, invitations.c.id == id)
        async with self._storage.writing() as connection:
            return bool((await connection.execute(mine.values(revoked=True))).rowcount)

    async def network_keys(self, drawn: Mapping[str, bytes]) -> Mapping[str, bytes]:
        async with self._storage.writing() as connection:
            old = network_keys.c.day.not_in(list(drawn))
            gone = await connection.execute(network_keys.delete().where(old))
            rows = await connection.execute(network_keys.select())
            kept = {row.day: row.key for row in rows}
            new = [{"day": day, "key": key} for day, key in drawn.items() if day not in kept]
            if new:
                await connection.execute(network_keys.insert(), new)
        self._erased = self._erased or bool(gone.rowcount)
        return {**drawn, **kept}

    async def ban_networks(self, number: str, names: Sequence[str], at: datetime) -> None:
        mine = network_bans.c.number == number
        async with self._storage.writing() as connection:
            await connection.execute(network_bans.delete().where(mine, network_bans.c.name.in_(names)))
            rows = [{"number": number, "name": name, "at": at} for name in names]
            await connection.execute(network_bans.insert(), rows)

    async def banned_networks(self, number: str) -> Sequence[tuple[str, datetime]]:
        mine = network_bans.select().where(network_bans.c.number == number)
        async with self._storage.reading() as connection:
            return [(row.name, row.at) for row in await connection.execute(mine)]

    async def forget_networks(self, banned_by: datetime) -> None:
        old = network_bans.delete().where(network_bans.c.at <= banned_by)
        async with self._storage.writing() as connection:
            gone = await connection.execute(old)
        self._erased = self._erased or bool(gone.rowcount)

    async def ban(self, number: str, marks: Sequence[str], at: datetime) -> None:
        mine = bans.c.number == number
        async with self._storage.writing() as connection:
            await connection.execute(bans.delete().where(mine, bans.c.mark.in_(marks)))
            rows = [{"number": number, "mark": mark, "at": at} for mark in marks]
            await connection.execute(bans.insert(), rows)

    async def banned(self, number: str) -> Mapping[str, datetime]:
        async with self._storage.reading() as connection:
            rows = await connection.execute(bans.select().where(bans.c.number == number))
            return {row.mark: row.at for row in rows}

    async def count_people(self, number: str, occurrence: int, people: int) -> None:
        c = occurrences.c
        mine = occurrences.update().where(c.number == number, c.occurrence == occurrence)
        async with self._storage.writing() as connection:
            await connection.execute(mine.values(people=people))

    async def occupied(self) -> Sequence[str]:
        c = meetings.c
        return await self._numbers(c.entered, c.ended_at.is_(None), c.empty_since.is_(None))

    async def deserted(self, empty_since: datetime, unentered_since: datetime) -> Sequence[str]:
        c = meetings.c
        return await self._numbers(
            c.ended_at.is_(None),
            sa.or_(c.keeps_until.is_(None), c.keeps_until <= empty_since),
            sa.or_(
                sa.and_(c.entered, c.empty_since <= empty_since),
                sa.and_(~c.entered, c.created_at <= unentered_since),
            ),
        )

    async def forget(self, ended_by: datetime) -> Sequence[str]:
        numbers = await self._numbers(meetings.c.ended_at <= ended_by, ~meetings.c.planned)
        await self._forget_occurrences(ended_by)
        for some in (numbers[n : n + AT_ONCE] for n in range(0, len(numbers), AT_ONCE)):
            async with self._storage.writing() as connection:
                mine = sa.select(events.c.number, events.c.occurrence).where(events.c.number.in_(some))
                await self._drop_of(connection, await connection.execute(mine.distinct()))
                for table in (events, snapshots, invitations, network_bans, bans, occurrences, meetings):
                    await connection.execute(table.delete().where(table.c.number.in_(some)))
            self._erased = True
        if self._erased:
            self._erased = not await self._storage.forget_deleted()
        return numbers

    async def _forget_occurrences(self, ended_by: datetime) -> None:
        """Of what is planned, the meeting itself stays."""
        async with self._storage.reading() as connection:
            old = occurrences.select().where(occurrences.c.ended_at <= ended_by).limit(AT_ONCE)
            gone = [(row.number, row.occurrence) for row in await connection.execute(old)]
        if not gone:
            return
        async with self._storage.writing() as connection:
            await self._drop_of(connection, gone)
            for table in (events, snapshots, occurrences):
                mine = sa.tuple_(table.c.number, table.c.occurrence).in_(gone)
                await connection.execute(table.delete().where(mine))
        self._erased = True

    async def reports(self) -> Sequence[tuple[str, Entry]]:
        """What people reported to the one who runs the server, with the meeting's number; the oldest first."""
        kept = events.select().where(events.c.feature == "meeting", events.c.type == "reported")
        async with self._storage.reading() as connection:
            rows = (await connection.execute(kept.order_by(events.c.at))).all()
        return [(row.number, _entry(row)) for row in rows]

    # --- inside -----------------------------------------------------------------------------------------------------

    async def _drop_of(self, connection: AsyncConnection, gone: Iterable[Any]) -> None:
        """`gone`: numbers with occurrences."""
        if (belongings := self._commits.belongings) is not None:
            await belongings.forget_all_of(connection, [belongs_to(*one) for one in gone])

    async def _one(self, query: sa.Select[Any]) -> Any:
        async with self._storage.reading() as connection:
            return (await connection.execute(query)).first()

    async def _numbers(self, *conditions: sa.ColumnElement[bool]) -> list[str]:
        async with self._storage.reading() as connection:
            return list(await connection.scalars(sa.select(meetings.c.number).where(*conditions)))


def _status(status: Status) -> dict[str, Any]:
    return {
        "locked": status.locked,
        "entered": status.entered,
        "empty_since": status.empty_since,
        "ended_at": status.ended_at,
    }


def _row(number: str, entry: Entry, occurrence: int) -> dict[str, Any]:
    return {
        "number": number,
        "occurrence": occurrence,
        "seq": entry.seq,
        "at": entry.at,
        "feature": entry.feature,
        "type": entry.type,
        "by": entry.by,
        "payload": dict(entry.payload),
        "audience": None if entry.to is None else list(entry.to),
        "command": entry.command,
    }


def _invitation(row: Any) -> Invitation:
    return Invitation(row.id, row.name, row.admission_hash, row.made_at, row.revoked)


def _entry(row: Any) -> Entry:
    return Entry(
        seq=row.seq,
        at=row.at,
        feature=row.feature,
        type=row.type,
        by=row.by,
        payload=row.payload,
        to=None if row.audience is None else tuple(ParticipantId(one) for one in row.audience),
        command=row.command,
    )
