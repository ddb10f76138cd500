"""Taking somebody from one room to another while their connection stands.

Law: who watches sees one who left the first room and came to the second. Who is moved keeps its connection, its tracks and what it
knows of itself, gets another sid, and is told so before anything else of the new room. What is subscribed to doesn't go along.
"""

from __future__ import annotations

from dataclasses import replace

from folkmoot.kit import Refusal
from folkmoot.protocol import responses
from folkmoot.protocol.values import ParticipantKind, Reason, State
from folkmoot.rooms import arriving, data_tracks, leaving, negotiation, publishing, subscribing
from folkmoot.rooms.dynacast import NONE, reconsider, tally
from folkmoot.rooms.model import (
    Now,
    Participant,
    ParticipantJoined,
    ParticipantLeft,
    TrackPublished,
    TrackUnpublished,
)
from folkmoot.rooms.room import Room

UNDERSTANDS_SINCE = 16
"""Clients of an older protocol know no `RoomMoved`."""


class Moves:
    """Where those are who were moved: their sockets, and clients that come back by an old token, know them as they were."""

    def __init__(self) -> None:
        self._now: dict[str, tuple[str, str]] = {}
        self._before: dict[str, list[str]] = {}

    def note(self, before: str, room: str, sid: str) -> None:
        known = [*self._before.pop(before, ()), before]
        self._before[sid] = known
        self._now.update(dict.fromkeys(known, (room, sid)))

    def follow(self, room: str, sid: str) -> tuple[str, str]:
        """Room and sid that who was once known by these has now."""
        return self._now.get(sid, (room, sid))

    def forget(self, room: str, sid: str) -> None:
        """It left for good."""
        for before in self._before.get(sid, ()):
            if self._now[before] != (room, sid):
                return  # only one who stood for it
            del self._now[before]
        self._before.pop(sid, None)


def may_move(participant: Participant, to: Room | None) -> Refusal | None:
    joining, kind = participant.joining, participant.claims.kind
    if kind in (ParticipantKind.EGRESS, ParticipantKind.AGENT) or joining.client.sdk == "whip":
        return Refusal("participant.stays")
    if joining.client.protocol < UNDERSTANDS_SINCE:
        return Refusal("participant.stays")
    if not participant.active:
        return Refusal("participant.not_connected")
    return arriving.may_join(to, participant.claims) if to is not None else None


def move(room: Room, participant: Participant, to: Room, now: Now) -> None:
    _depart(room, participant, now)
    older = to.by_identity(participant.identity)
    if older is not None:
        leaving.remove(to, older, Reason.DUPLICATE_IDENTITY, now)
    if to.updates.come(participant.identity):
        to.tell_updates(now)
    _settle_in(to, participant, now)


def tell(room: Room, participant: Participant, now: Now) -> None:
    """To the one who was moved."""
    others = [p.info() for p in room if p is not participant and p.announced and not p.permission.hidden]
    token = arriving.renewed(room, participant, now)
    moved = responses.room_moved(room.info(), token, participant.info(), others)
    room.send(participant, moved, kept_as="moved")


def tell_again(room: Room, participant: Participant, now: Now) -> None:
    """It comes back as it was known before, so it hasn't heard of it: it does before anything else."""
    participant.attached = False
    tell(room, participant, now)


def _depart(room: Room, participant: Participant, now: Now) -> None:
    """Others see it leave; it hears nothing of that."""
    before = participant.info()
    leaving.end_forwards(room, participant, Reason.MIGRATION, now)
    for track in tuple(participant.published.values()):
        for subscriber in room:
            subscribing.drop(room, subscriber, track.info.sid, now)
        room.withdraw(track.info.sid)
        room.timers.cancel(("layers", participant.sid, track.info.sid))
        room.out.append(TrackUnpublished(room.name, before, track.info))
    _give_up(room, participant, now)
    for timer in leaving.TIMERS:
        room.timers.cancel((timer, participant.sid))
    room.drop(participant)
    gone = replace(participant, state=State.DISCONNECTED)
    room.ended(gone, Reason.MIGRATION, now)
    room.recount(now)
    room.out.append(ParticipantLeft(room.name, gone.info(Reason.MIGRATION), was_active=True))
    room.watch_emptiness(now)


def _give_up(room: Room, participant: Participant, now: Now) -> None:
    """All that it receives, and that others receive of its data."""
    for sid, subscription in tuple(participant.subscriptions.items()):
        room.engine.unsubscribe(subscription.handle)
        if (found := room.track(sid)) is not None:
            tally(found[1], subscription, NONE)
            reconsider(room, *found, now)
    for known in (participant.subscriptions, participant.wanted, participant.settings):
        known.clear()
    published = dict(participant.data_tracks)
    data_tracks.forget(room, participant)
    participant.data_tracks.update(published)
    participant.data_wanted.clear()


def _settle_in(room: Room, participant: Participant, now: Now) -> None:
    participant.sid = room.house.sids.participant()
    video = replace(participant.claims.video, room=room.name)
    participant.claims = replace(participant.claims, video=video)
    participant.joined_at_ms = now.ms
    participant.version += 1
    participant.level, participant.quality = 0, None
    participant.missed.clear()
    room.engine.move_peer(participant.peer, room.handle, participant.sid)
    room.add(participant)
    if not participant.is_helper:
        room.timers.cancel(("empty", ""))
    for track in participant.published.values():
        room.add_track(participant, track)
    for data in participant.data_tracks.values():
        room.data_tracks[data.sid] = (participant, data)
    tell(room, participant, now)
    room.changed(participant, tell_self=False)
    room.recount(now)
    room.out.append(ParticipantJoined(room.name, participant.info()))
    _wind_timers(room, participant, now)
    _reconcile(room, participant, now)


def _wind_timers(room: Room, participant: Participant, now: Now) -> None:
    room.timers.arm(("brief", participant.sid), now.at + arriving.BRIEF_S)
    arriving.watch(room, participant, now)
    if participant.outstanding is not None:
        room.timers.arm(("answer", participant.sid), now.at + room.limits.offer_timeout_s)
    publishing.match(room, participant, now)


def _reconcile(room: Room, participant: Participant, now: Now) -> None:
    for track in tuple(participant.published.values()):
        room.out.append(TrackPublished(room.name, participant.info(), track.info))
        subscribing.reconcile_track(room, participant, track, now)
        reconsider(room, participant, track, now)
    subscribing.reconcile_subscriber(room, participant, now)
    for data in participant.data_tracks.values():
        data_tracks.offer(room, participant, data)
    data_tracks.reconcile_all(room, participant)
    negotiation.ask(room, participant, now)
