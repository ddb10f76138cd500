"""What one with authority over a room does to it and to those in it."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from folkmoot.protocol import responses
from folkmoot.protocol.tokens import RoomConfig
from folkmoot.protocol.values import Permission, Reason
from folkmoot.rooms import arriving, data_tracks, leaving, publishing, subscribing
from folkmoot.rooms.model import Now, Participant, with_sources
from folkmoot.rooms.room import Room


def configure(room: Room, config: RoomConfig, now: Now) -> None:
    room.metadata = config.metadata or room.metadata
    room.empty_timeout_s = config.empty_timeout or room.empty_timeout_s
    room.departure_timeout_s = config.departure_timeout or room.departure_timeout_s
    room.max_participants = config.max_participants or room.max_participants
    if not room.people:
        room.timers.arm(("empty", ""), now.at + room.empty_timeout_s)


def describe(room: Room, metadata: str) -> None:
    room.metadata = metadata
    room.broadcast(responses.room_update(room.info()))


def permit(room: Room, participant: Participant, permission: Permission, now: Now) -> None:
    """Takes effect at once: what is no longer allowed ends, what now is may begin."""
    before, participant.permission = participant.permission, permission
    room.count(participant)
    room.engine.set_can_publish_data(participant.peer, permission.can_publish_data)
    for track in tuple(participant.published.values()):
        if not permission.may_publish(track.info.source, track.info.kind):
            publishing.unpublish(room, participant, track, now, tell=True)
    for cid, info in tuple(participant.pending_info.items()):
        if not permission.may_publish(info.source, info.kind):
            del participant.pending[cid], participant.pending_info[cid]
    if not permission.can_publish_data:
        data_tracks.revoke(room, participant)
    if before.can_subscribe != permission.can_subscribe:
        subscribing.reconcile_subscriber(room, participant, now)
        data_tracks.reconcile_all(room, participant)
    room.changed(participant)
    arriving.refresh(room, participant, now)


def enforce(
    room: Room,
    removed: Collection[str],
    permitted: Mapping[str, Collection[str]],
    muted: Collection[tuple[str, str]],
    now: Now,
) -> None:
    """What a meeting wants to be different. Who isn't here needs no change."""
    for identity in removed:
        if (participant := room.by_identity(identity)) is not None:
            leaving.remove(room, participant, Reason.PARTICIPANT_REMOVED, now)
    for identity, words in permitted.items():
        if (participant := room.by_identity(identity)) is not None:
            permit(room, participant, with_sources(participant.permission, words), now)
    for identity, source in muted:
        if (participant := room.by_identity(identity)) is not None:
            for track in tuple(participant.published.values()):
                if track.info.source.word == source:
                    publishing.mute_by_server(room, participant, track, True, now)


def send_data(room: Room, to: list[Participant] | None, reliable: bool, packet: bytes) -> None:
    room.engine.send_data(room.handle, [p.peer for p in to] if to is not None else None, reliable, packet)
