"""All live rooms of this process, as doors and meetings see them.

Law: whoever is outside asks by names (a room's, an identity, a sid) and is answered with values or a refusal; nobody gets
hold of a room to change it. What follows is carried out by the shell before a call returns.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType
from typing import Any

import structlog

from folkmoot.engine import Engine
from folkmoot.kit import Clock, Randomness, Refusal, Sids, SystemRandomness
from folkmoot.protocol import requests as wire
from folkmoot.protocol import rpc, values
from folkmoot.protocol.joining import Joining
from folkmoot.protocol.responses import Server
from folkmoot.protocol.tokens import Claims, Keys, RoomConfig, VideoGrant
from folkmoot.protocol.values import Permission, Reason, Source
from folkmoot.rooms import (
    administering,
    arriving,
    forwarding,
    ingesting,
    leaving,
    media,
    moving,
    publishing,
    requests,
    subscribing,
)
from folkmoot.rooms.finding import NO_ROOM, NO_TRACK, Finding
from folkmoot.rooms.model import ANY_TERMS, Event, Limits, Terms
from folkmoot.rooms.revoked import Revoked
from folkmoot.rooms.room import House, Room
from folkmoot.rooms.shell import AS_ROOMS_ARE, Shell, Sink

log = structlog.get_logger("folkmoot.rooms")

REVOKED = Refusal("participant.removed")
TOO_LARGE = Refusal("participant.too_large")


class Rooms:
    def __init__(
        self,
        engine: Engine,
        keys: Keys,
        clock: Clock,
        *,
        randomness: Randomness | None = None,
        server: Server | None = None,
        limits: Limits | None = None,
    ) -> None:
        randomness = randomness or SystemRandomness()
        self._house = House(engine, Sids(randomness), keys, server or Server(), limits or Limits())
        self._shell = Shell(self._house, clock, randomness)
        self._finding = Finding(self._house, self._shell)
        self._revoked = Revoked()
        self.guard: Callable[[str, str], bool] = lambda room, identity: True
        """Whether somebody of that identity may be in that room at this moment, whatever their token says."""
        self.terms: Callable[[str, str], Terms] = lambda room, identity: ANY_TERMS
        """On which they come in."""

    def listen(self, listener: Callable[[Event], None]) -> Callable[[], None]:
        """Calls it with all that happens in any room; the answer ends that."""
        return self._shell.listen(listener)

    @property
    def limits(self) -> Limits:
        return self._house.limits

    # --- for meetings -------------------------------------------------------------------------------------------------

    def token(
        self,
        room: str,
        identity: str,
        *,
        name: str = "",
        metadata: str = "",
        attributes: dict[str, str] | None = None,
        can_publish: bool = True,
        can_subscribe: bool = True,
        can_publish_data: bool = True,
        can_publish_sources: Iterable[str] = (),
        ttl: timedelta = timedelta(minutes=10),
    ) -> str:
        permission = Permission(
            can_subscribe=can_subscribe,
            can_publish=can_publish,
            can_publish_data=can_publish_data,
            can_publish_sources=frozenset(Source[s.upper()] for s in can_publish_sources),
        )
        claims = Claims(
            key="",
            identity=identity,
            name=name,
            metadata=metadata,
            attributes=attributes or {},
            video=VideoGrant(room=room, room_join=True, permission=permission),
        )
        return self._house.keys.mint(claims, ttl)

    def enforce(
        self,
        room: str,
        *,
        remove: Collection[str] = (),
        permit: Mapping[str, Collection[str]] = MappingProxyType({}),
        mute: Collection[tuple[str, str]] = (),
    ) -> None:
        """Makes a room so as its meeting wants it, all in one go."""
        inside = self._shell.room(room)
        if inside is not None:
            with self._shell.changing(inside) as now:
                administering.enforce(inside, remove, permit, mute, now)

    def inside(self, room: str) -> list[str]:
        """Identities, also of those whose media doesn't stand yet."""
        inside = self._shell.room(room)
        return [p.identity for p in inside] if inside else []

    def mute(self, room: str, identity: str, source: str, muted: bool = True) -> bool:
        """Mutes that person's tracks of a source; false when there is nothing of the kind."""
        found = self._finding.find(room, identity)
        if isinstance(found, Refusal):
            return False
        inside, participant = found
        tracks = [p for p in participant.published.values() if p.info.source.word == source]
        with self._shell.changing(inside) as now:
            for track in tracks:
                publishing.mute_by_server(inside, participant, track, muted, now)
        return bool(tracks)

    def remove(
        self,
        room: str,
        identity: str,
        reason: Reason = Reason.PARTICIPANT_REMOVED,
        *,
        revoked_before: int = 0,
    ) -> bool:
        """`revoked_before`: tokens of that identity from before then (Unix time) don't open this room again."""
        if revoked_before:
            self._revoked.add(room, identity, revoked_before)
        found = self._finding.find(room, identity)
        if isinstance(found, Refusal):
            return False
        with self._shell.changing(found[0]) as now:
            leaving.remove(*found, reason, now)
        return True

    def close(self, room: str, reason: Reason = Reason.ROOM_DELETED) -> bool:
        inside = self._shell.room(room)
        if inside is None:
            return False
        with self._shell.changing(inside) as now:
            leaving.close(inside, reason, now)
        return True

    def send_away(self, reason: Reason = Reason.SERVER_SHUTDOWN) -> None:
        """Everybody, with the wish that they come back at once; the rooms wait for them."""
        self._shell.send_away(reason)

    def close_all(self, reason: Reason = Reason.SERVER_SHUTDOWN) -> None:
        for room in self._shell.all():
            self.close(room.name, reason)
        self._shell.stop()

    def identities(self, room: str) -> list[str]:
        inside = self._shell.room(room)
        return [p.identity for p in inside if p.active] if inside else []

    # --- to look at, not to change ------------------------------------------------------------------------------------

    def room(self, name: str) -> Room | None:
        return self._shell.room(name)

    def all(self) -> list[Room]:
        return self._shell.all()

    def open(self, name: str) -> Room:
        return self._shell.open(name)

    # --- for who has authority over rooms -------------------------------------------------------------------------------

    def create(self, name: str, config: RoomConfig = AS_ROOMS_ARE) -> values.Room | Refusal:
        """As wished; one that is open already stays as it is."""
        return self._finding.no_room_for(name) or self._shell.open(name, config).info()

    def describe(self, name: str, metadata: str) -> values.Room | Refusal:
        room = self._shell.room(name)
        if room is None:
            return NO_ROOM
        with self._shell.changing(room):
            administering.describe(room, metadata)
        return room.info()

    def participant(self, room: str, identity: str) -> values.Participant | Refusal:
        found = self._finding.find(room, identity)
        return found if isinstance(found, Refusal) else found[1].info()

    def track(self, room: str, identity: str, sid: str) -> values.Track | Refusal:
        found = self._finding.find(room, identity)
        if isinstance(found, Refusal):
            return found
        track = found[1].published.get(sid)
        return NO_TRACK if track is None else track.info

    def mute_track(self, room: str, identity: str, sid: str, muted: bool) -> values.Track | Refusal:
        """Whoever muted itself isn't made to speak."""
        found = self._finding.find_own(room, identity)
        if isinstance(found, Refusal):
            return found
        inside, participant = found
        track = participant.published.get(sid)
        if track is None:
            return NO_TRACK
        if track.info.muted and not muted:
            return Refusal("track.unmute_not_offered")
        with self._shell.changing(inside) as now:
            publishing.mute_by_server(inside, participant, track, muted, now)
        return track.info

    def update(
        self,
        room: str,
        identity: str,
        *,
        name: str,
        metadata: str,
        attributes: Mapping[str, str],
        permission: Permission | None,
    ) -> values.Participant | Refusal:
        found = self._finding.find_own(room, identity)
        if isinstance(found, Refusal):
            return found
        inside, participant = found
        if not self.limits.allow(name, metadata, {**participant.attributes, **attributes}):
            return TOO_LARGE
        with self._shell.changing(inside) as now:
            if metadata or name or attributes:
                requests.set_metadata(inside, participant, name, metadata, dict(attributes))
            if permission is not None:
                administering.permit(inside, participant, permission, now)
        return participant.info()

    def subscribe(
        self, room: str, identity: str, track_sids: tuple[str, ...], subscribe: bool
    ) -> Refusal | None:
        found = self._finding.find_own(room, identity)
        if isinstance(found, Refusal):
            return found
        with self._shell.changing(found[0]) as now:
            subscribing.asked(*found, wire.Subscribe(track_sids, subscribe), now)
        return None

    def send_data(
        self, name: str, identities: Sequence[str], sids: Sequence[str], reliable: bool, packet: bytes
    ) -> Refusal | None:
        """To those on either list; to everybody when both are empty."""
        room = self._shell.room(name)
        if room is None:
            return NO_ROOM
        to = [p for p in room if p.identity in identities or p.sid in sids] if identities or sids else None
        with self._shell.changing(room):
            administering.send_data(room, to, reliable, packet)
        return None

    def move(self, name: str, identity: str, destination: str) -> Refusal | None:
        """To another room, opened where there is none; its connection stands."""
        found = self._finding.elsewhere(name, identity, destination, moving.may_move)
        if isinstance(found, Refusal):
            return found
        room, participant, to = found
        before = participant.sid
        with self._shell.changing(room) as now, self._shell.changing(to):
            moving.move(room, participant, to, now)
            self._shell.follow(before, to, participant.sid)
        log.info("moved", room=room.name, participant=before, to=to.name, as_participant=participant.sid)
        return None

    def forward(self, name: str, identity: str, destination: str) -> Refusal | None:
        """It is heard and seen in another room, too, until it leaves or is removed from there."""
        found = self._finding.elsewhere(name, identity, destination, forwarding.may_forward)
        if isinstance(found, Refusal):
            return found
        with self._shell.changing(found[0]) as now:
            forwarding.begin(*found, now)
        return None

    async def call(
        self, name: str, identity: str, method: str, payload: str, timeout_ms: int
    ) -> str | rpc.Failed | Refusal:
        """What a participant answers to a call of its method, or why it doesn't."""
        found = self._finding.find_own(name, identity)
        if isinstance(found, Refusal):
            return found
        call_id = self._house.sids.call()
        return await self._shell.calls.call(*found, call_id, method, payload, timeout_ms)

    # --- for signalling -----------------------------------------------------------------------------------------------

    def may_join(self, claims: Claims, joining: Joining) -> Refusal | None:
        if self._revoked.covers(claims) or not self.guard(claims.video.room, claims.identity):
            return REVOKED
        if joining.reconnect:
            return None
        if not arriving.fits(claims, joining, self.limits):
            return TOO_LARGE
        room = self._shell.room(claims.video.room)
        if room is None:
            return self._finding.no_room_for(claims.video.room) or self._finding.no_place()
        return arriving.may_join(room, claims) or (
            None if room.by_identity(claims.identity) else self._finding.no_place()
        )

    def join(self, claims: Claims, joining: Joining, sink: Sink) -> str | Refusal:
        """The participant's sid. The sink first gets the join response, or `reconnect`, or leave."""
        refusal = self.may_join(claims, joining)
        if refusal is not None:
            return refusal  # it might have, when it was asked before; others were quicker
        room = self._shell.open(claims.video.room, claims.room_config)
        with self._shell.changing(room) as now:
            terms = self.terms(room.name, claims.identity)
            participant = arriving.join(room, claims, joining, now, terms)
            self._shell.attach(participant.sid, sink)
        log.info(
            "joined",
            room=room.name,
            participant=participant.sid,
            identity=participant.identity,
            sdk=joining.client.sdk,
            version=joining.client.version,
            single=joining.single,
        )
        return participant.sid

    def ingest(self, sid: str, room_name: str, offer: wire.Offer) -> bool:
        """False: nothing can come of that offer, and who made it is out."""
        found = self._finding.by_sid(room_name, sid)
        if found is None:
            return False
        with self._shell.changing(found[0]) as now:
            if ingesting.offered(*found, offer, now):
                return True
            leaving.remove(*found, Reason.JOIN_FAILURE, now)
        return False

    def resume(self, claims: Claims, joining: Joining, sink: Sink) -> str | None:
        """None: that session is no more, and the client must begin anew."""
        name, sid = self._shell.moves.follow(claims.video.room, joining.participant_sid)
        room = self._shell.room(name)
        participant = arriving.may_resume(room, claims, joining, sid) if room else None
        if room is None or participant is None:
            return None
        self._shell.attach(participant.sid, sink)
        log.info("resumed", room=room.name, participant=participant.sid)
        with self._shell.changing(room) as now:
            if joining.participant_sid != sid:
                moving.tell_again(room, participant, now)
            arriving.resume(room, participant, joining, now)
        return participant.sid

    def handle(self, sid: str, room_name: str, request: wire.Request) -> None:
        found = self._finding.by_sid(room_name, sid)
        if found is not None:
            with self._shell.changing(found[0]) as now:
                requests.handle(*found, request, now)

    def signal_lost(self, sid: str, room_name: str, sink: Sink) -> None:
        """No effect when another socket carries that participant's signal by now."""
        found = self._finding.by_sid(room_name, sid)
        sid = found[1].sid if found is not None else sid
        if self._shell.detach(sid, sink) and found is not None:
            with self._shell.changing(found[0]) as now:
                media.signal_lost(*found, now)

    # --- from the engine and the clock --------------------------------------------------------------------------------

    def engine_events(self, raw: list[tuple[Any, ...]]) -> None:
        self._shell.engine_events(raw)

    def tick(self) -> None:
        self._shell.tick()

    def ailment(self) -> str | None:
        return self._shell.ailment()

    @property
    def engine_died(self) -> int:
        """So often; it replaces its thread itself."""
        return self._shell.died
